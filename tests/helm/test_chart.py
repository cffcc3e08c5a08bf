"""The chart is linted and rendered by the real Helm engine, and its pods are closed as they should be."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import helm_python as helm
import pytest
import yaml
from django.conf import settings
from django.core.management import load_command_class

CHART = str(Path(settings.BASE_DIR) / "helm" / "sportello-scuola")
EXTERNAL = {
    "postgresql": {"cloudNativePG": {"enabled": False}},
    "valkey": {"embedded": {"enabled": False}},
    "media": {"existingClaim": "shared"},
    "web": {"autoscaling": {"enabled": True}},
    "serviceMonitor": {"enabled": True},
    "ingress": {"hosts": ["servizi.comune.bari.it"]},
}
Manifest = dict[str, Any]


@pytest.fixture
def chart() -> Iterator[helm.Chart]:
    with helm.Chart.load(CHART) as loaded:
        yield loaded


def manifests(chart: helm.Chart, values: dict[str, Any]) -> list[Manifest]:
    rendered = chart.render(values, name="desk", namespace="prod")
    return [document for text in rendered.values() for document in yaml.safe_load_all(text) if document]


def pods(found: list[Manifest]) -> list[Manifest]:
    return [one["spec"]["template"]["spec"] for one in found if one["kind"] in {"Deployment", "StatefulSet", "Job"}]


def test_lint_finds_no_error() -> None:
    assert helm.lint(CHART)["errors"] == []


@pytest.mark.parametrize("values", [{}, EXTERNAL], ids=["operator", "external"])
def test_every_pod_is_unprivileged_and_read_only(chart: helm.Chart, values: dict[str, Any]) -> None:
    for pod in pods(manifests(chart, values)):
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["automountServiceAccountToken"] is False
        for container in pod["containers"]:
            assert container["securityContext"]["readOnlyRootFilesystem"] is True
            assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
            assert container["resources"]["limits"]["memory"]


def test_web_has_probes_that_test_what_they_say(chart: helm.Chart) -> None:
    web = next(one for one in manifests(chart, {}) if one["metadata"]["name"] == "desk-web")
    container = web["spec"]["template"]["spec"]["containers"][0]
    assert container["livenessProbe"]["httpGet"]["path"] == "/healthz"
    assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"


def kinds(found: list[Manifest]) -> set[str]:
    return {one["kind"] for one in found}


def test_the_database_comes_from_the_operator_or_from_outside(chart: helm.Chart) -> None:
    assert "Cluster" in kinds(manifests(chart, {}))
    outside = manifests(chart, EXTERNAL)
    assert not kinds(outside) & {"Cluster", "StatefulSet", "PersistentVolumeClaim"}
    assert {"HorizontalPodAutoscaler", "ServiceMonitor"} <= kinds(outside)


def test_the_migration_runs_before_the_new_pods(chart: helm.Chart) -> None:
    job = next(one for one in manifests(chart, {}) if one["kind"] == "Job")
    assert job["metadata"]["annotations"]["helm.sh/hook"] == "post-install,pre-upgrade"
    assert job["spec"]["template"]["spec"]["containers"][0]["args"] == ["deploy", "--workers", "2"]


def test_network_is_closed_by_default(chart: helm.Chart) -> None:
    policies = [one for one in manifests(chart, {}) if one["kind"] == "NetworkPolicy"]
    closed = next(one for one in policies if one["metadata"]["name"] == "desk-default-deny")
    assert closed["spec"]["policyTypes"] == ["Ingress", "Egress"]
    assert "ingress" not in closed["spec"]
    assert "egress" not in closed["spec"]


def settings_of(found: list[Manifest]) -> dict[str, str]:
    data: dict[str, str] = next(one for one in found if one["kind"] == "ConfigMap")["data"]
    return data


def test_the_access_host_is_served_and_only_real_identities_enter(chart: helm.Chart) -> None:
    found = manifests(chart, {"accessHost": "accesso.scuola.example.org", "aggregator": {"ipaCode": "cmba"}})
    data = settings_of(found)
    assert (data["ACCESS_HOST"], data["DEPLOY_ENV"]) == ("accesso.scuola.example.org", "production")
    assert {name: value for name, value in data.items() if name.startswith("SAML_")} == {
        "SAML_AGGREGATOR_IPA_CODE": "cmba"
    }
    ingress = next(one for one in found if one["kind"] == "Ingress")
    assert "accesso.scuola.example.org" in [rule["host"] for rule in ingress["spec"]["rules"]]


def test_the_lists_of_providers_need_a_certificate_and_are_fetched_by_the_worker_alone(chart: helm.Chart) -> None:
    without = manifests(chart, {})
    assert "SPID_REGISTRY_CERTIFICATE" not in settings_of(without)
    assert "desk-worker-registries" not in {one["metadata"]["name"] for one in without}
    found = manifests(chart, {"registries": {"certificatesSecret": "federations", "spid": True}})
    assert settings_of(found)["SPID_REGISTRY_CERTIFICATE"] == "/etc/sportello/registries/spid.pem"
    assert "CIE_REGISTRY_CERTIFICATE" not in settings_of(found)
    policy = next(one for one in found if one["metadata"]["name"] == "desk-worker-registries")
    assert policy["spec"]["podSelector"]["matchLabels"]["app.kubernetes.io/component"] == "worker"
    assert policy["spec"]["egress"] == [{"ports": [{"port": 443}]}]
    for pod in (pod for pod in pods(found) if "volumes" in pod and pod["containers"][0].get("envFrom")):
        assert {"name": "registries", "secret": {"secretName": "federations"}} in pod["volumes"]
        assert pod["containers"][0]["volumeMounts"][-1]["readOnly"] is True


def test_connectors_find_their_secrets_files_and_hosts(chart: helm.Chart) -> None:
    without = manifests(chart, {})
    assert not {name for name in settings_of(without) if name.startswith("CONNECTOR_")}
    assert "desk-connectors" not in {one["metadata"]["name"] for one in without}
    chosen = {"secretsSecret": "of-connectors", "filesClaim": "taxes", "hosts": ["tributi.example", "b.example"]}
    found = manifests(chart, {"connectors": chosen})
    assert {name: value for name, value in settings_of(found).items() if name.startswith("CONNECTOR_")} == {
        "CONNECTOR_SECRETS_DIR": "/etc/sportello/connectors",
        "CONNECTOR_FILES_DIR": "/data/connectors",
        "CONNECTOR_HOSTS": "tributi.example,b.example",
    }
    policy = next(one for one in found if one["metadata"]["name"] == "desk-connectors")
    assert policy["spec"]["egress"] == [{"ports": [{"port": 443}]}]
    for pod in (pod for pod in pods(found) if pod["containers"][0].get("envFrom")):
        assert {"name": "connector-secrets", "secret": {"secretName": "of-connectors", "defaultMode": 0o440}} in (
            pod["volumes"]
        )
        mounted = {one["name"]: one for one in pod["containers"][0]["volumeMounts"]}
        for name, path in (("connector-secrets", "/etc/sportello/connectors"), ("connector-files", "/data/connectors")):
            assert (mounted[name]["mountPath"], mounted[name]["readOnly"]) == (path, True)


@pytest.mark.parametrize(
    "values",
    [
        {"connectors": {"hosts": ["not a host"]}},
        {"deployEnv": "real"},
        {"accessHost": ""},
        {"web": {"replicas": 0}},
        {"webb": {}},
        {"baseHost": "not a host"},
        {"existingSecret": ""},
    ],
)
def test_wrong_values_are_refused(chart: helm.Chart, values: dict[str, Any]) -> None:
    with pytest.raises(helm.HelmError):
        chart.validate_schema(values)


def test_the_migration_job_speaks_the_command_as_it_is(chart: helm.Chart) -> None:
    job = next(one for one in manifests(chart, {}) if one["kind"] == "Job")
    name, *arguments = job["spec"]["template"]["spec"]["containers"][0]["args"]
    parser = load_command_class("tenants", name).create_parser("manage.py", name)
    assert parser.parse_args(arguments).workers == 2
