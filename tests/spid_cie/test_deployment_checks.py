"""A real desk has real providers and https: the checks of a deployment refuse the rest."""

from typing import Any

import pytest
from django.core import checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from integrations.spid_cie.desks import entity_of, usable_providers
from integrations.spid_cie.models import Environment, IdentityProvider


@pytest.fixture
def production(settings: Any, db: None) -> Any:
    settings.DEPLOY_ENV, settings.BEHIND_TLS = "production", True
    told = {"ipa_code": "cmba", "vat_number": "IT1", "fiscal_code": "1", "email": "a@cm.example", "phone": "+39080"}
    settings.SAML_AGGREGATOR = {**settings.SAML_AGGREGATOR, **told}
    return settings


def found() -> list[str | None]:
    """The errors of this connector, those that read the database too."""
    said = checks.run_checks(databases=["default"])
    return sorted(message.id for message in said if (message.id or "").startswith("spid_cie."))


def test_unreal_providers_are_refused_one_by_one(production: Any) -> None:
    assert found() == ["spid_cie.E002", "spid_cie.E002"]  # the demonstration's SPID and CIE
    IdentityProvider.objects.filter(scheme="cie").update(enabled=False)
    IdentityProvider.objects.filter(scheme="spid").update(environment=Environment.VALIDATION)
    assert found() == ["spid_cie.E002"]
    IdentityProvider.objects.update(environment=Environment.PRODUCTION)
    assert found() == []


def test_an_invented_aggregator_is_refused_fact_by_fact(production: Any) -> None:
    IdentityProvider.objects.update(environment=Environment.PRODUCTION)
    invented = production.INVENTED_AGGREGATOR
    production.SAML_AGGREGATOR = {**production.SAML_AGGREGATOR, "phone": invented["phone"], "email": invented["email"]}
    (told,) = [message for message in checks.run_checks() if message.id == "spid_cie.E003"]
    assert told.msg == "The aggregator is invented: SAML_AGGREGATOR_EMAIL, SAML_AGGREGATOR_PHONE."


def test_an_http_entity_is_refused(production: Any) -> None:
    IdentityProvider.objects.update(environment=Environment.PRODUCTION)
    production.BEHIND_TLS = False
    assert found() == ["spid_cie.E001"]


def test_outside_production_nothing_is_refused(db: None, settings: Any) -> None:
    settings.DEPLOY_ENV = "staging"
    assert found() == []


def test_even_unchecked_nobody_enters_through_them(production: Any) -> None:
    entity = entity_of("c_a662", "spid")
    assert entity is not None
    assert usable_providers(entity) == []


def test_a_deployment_stops_at_them(production: Any) -> None:
    with pytest.raises(SystemCheckError, match=r"spid_cie\.E002"):
        call_command("check", databases=["default"])
