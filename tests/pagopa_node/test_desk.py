"""The Node's desk: what happened, and a button for each thing that may go wrong; the BackOffice; the fence."""

import os
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integrations.pagopa.simulator import paying
from integrations.pagopa.simulator.addresses import our_station
from integrations.pagopa.simulator.arming import armed
from integrations.pagopa.simulator.delivering import queue
from integrations.pagopa.simulator.faults import CALL_WORDS, FLOW_WORDS, WORDS, CallFault, Fault, FlowFault
from integrations.pagopa.simulator.happened import forget_old
from integrations.pagopa.simulator.institutions import register
from integrations.pagopa.simulator.models import Delivery, Flow, Happening, Payment
from integrations.pagopa.simulator.tasks import make_flows_of_yesterday, send_due_receipts
from sportello.config.schedule import SIMULATED_NODE_SCHEDULE
from sportello.kernel import clock
from tests.architecture.source import ROOT
from tests.pagopa_node.fake_station import BARI, NAV, URL, FakeStation
from tests.pagopa_node.official import faults_of_json, needs_official

BROKER = "/backoffice/brokers/12345678903"


def pay(station: FakeStation, *faults: Fault) -> paying.Paid:
    return paying.pay(NAV, BARI, station_url=URL, wire=station.wire, faults=faults)


def test_every_fault_has_words() -> None:
    assert (set(WORDS), set(CALL_WORDS), set(FLOW_WORDS)) == (set(Fault), set(CallFault), set(FlowFault))


def test_what_happened_is_listed_with_its_messages(node: Any, station: FakeStation) -> None:
    pay(station)
    words = node.get("/").content.decode()
    assert words.index("paSendRTV2") < words.index("paGetPaymentV2") < words.index("paVerifyPaymentNotice")
    held = Happening.objects.get(what="paGetPaymentV2")
    words = node.get(f"/accaduto/{held.pk}/").content.decode()
    assert "&lt;paymentAmount&gt;45.50&lt;/paymentAmount&gt;" in words
    assert node.get("/accaduto/0/").status_code == 404


def test_the_list_costs_the_same(node: Any, station: FakeStation) -> None:
    costs = []
    for rows in (1, 2):
        for _time in range(rows):
            pay(station, Fault.LOST_ANSWER)
        node.get("/")
        with CaptureQueriesContext(connection) as asked:
            assert node.get("/").status_code == 200
        costs.append(len(asked))
    assert costs[0] == costs[1]


@pytest.mark.parametrize("fault", list(Fault))
def test_each_switch_is_on_and_off(node: Any, fault: Fault) -> None:
    assert node.post(f"/guasti/{fault}/").status_code == 302
    assert armed() == (fault,)
    assert "innescato" in node.get("/").content.decode()
    node.post(f"/guasti/{fault}/")
    assert armed() == ()


def test_there_is_no_switch_for_anything_else(node: Any) -> None:
    assert node.post("/guasti/incendio/").status_code == 404


def test_the_last_receipt_goes_out_again(node: Any, station_of_the_pages: FakeStation) -> None:
    paid = pay(station_of_the_pages)
    node.post("/ricevute/di-nuovo/")
    assert [one.findtext("receiptId") for one in station_of_the_pages.receipts] == [paid.receipt_id] * 2


def test_a_receipt_of_somebody_else_goes_out(node: Any, station_of_the_pages: FakeStation) -> None:
    node.post("/ricevute/sconosciuta/", {"stray-creditor": BARI})
    assert [one.findtext("noticeNumber")[:3] for one in station_of_the_pages.receipts] == ["399"]
    node.post("/ricevute/sconosciuta/", {"stray-creditor": "00000000000"})
    assert len(station_of_the_pages.receipts) == 1


def test_the_queue_runs_and_restarts(node: Any, station_of_the_pages: FakeStation) -> None:
    pay(station_of_the_pages, Fault.LOST_ANSWER)
    Delivery.objects.update(station_url=our_station())
    node.post("/coda/")
    assert Delivery.objects.get().state == "delivered"
    Delivery.objects.update(state="given_up")
    assert "ferma" in node.get("/").content.decode()
    node.post("/coda/riparti/")
    assert Delivery.objects.get().state == "delivered"


def test_the_flows_of_today_are_made_at_once(node: Any, machine: Any, station: FakeStation) -> None:
    paid = pay(station)
    pay(station)
    node.post("/flussi/", {"day": clock.today().isoformat(), "faults": ["missing_line", "no_rpt"]})
    assert [(line["iur"], line["state"]) for line in Flow.objects.get().lines] == [(paid.receipt_id, "NO_RPT")]
    assert machine.get(f"/fdr/organizations/{BARI}/fdrs").json()["count"] == 1
    assert "pagamenti del" in node.get("/").content.decode()
    node.post("/flussi/", {"day": "1999-01-01"})
    assert Flow.objects.count() == 1


@pytest.mark.django_db
class TestClock:
    """What beat starts, where the Node is played."""

    def test_it_is_on_the_schedule(self) -> None:
        assert set(SIMULATED_NODE_SCHEDULE) <= set(settings.CELERY_BEAT_SCHEDULE)

    def test_receipts_that_are_due_go_out(self, node: Any, station_of_the_pages: FakeStation, station: Any) -> None:
        paid = pay(station, Fault.SILENT)
        held = Payment.objects.get(receipt_id=paid.receipt_id)
        queue(held, station_url=our_station(), due_at=clock.now())
        send_due_receipts()
        assert len(station_of_the_pages.receipts) == 1

    def test_only_the_newest_happenings_are_kept(self, station: FakeStation, monkeypatch: pytest.MonkeyPatch) -> None:
        pay(station)
        monkeypatch.setattr("integrations.pagopa.simulator.happened.KEPT", 2)
        assert (forget_old(), forget_old()) == (1, 0)
        assert list(Happening.objects.values_list("what", flat=True)) == ["paSendRTV2", "paGetPaymentV2"]

    def test_flows_of_yesterday_are_made(self, node: Any, station: FakeStation) -> None:
        paying.pay(NAV, BARI, station_url=URL, wire=station.wire, now=clock.now() - timedelta(days=1))
        make_flows_of_yesterday()
        make_flows_of_yesterday()
        assert Flow.objects.count() == 1


class TestBackOffice:
    """The codes as PagoPA has them: a copy of its own (P4)."""

    def test_the_creditors_of_a_broker(self, node: Any, machine: Any) -> None:
        register(fiscal_code="00123456789", company_name="Altro", broker_code="99999999999")
        told = machine.get(f"{BROKER}/creditor_institutions", {"page": 0}).json()
        assert [(one["taxCode"], one["segregationCode"], one["auxDigit"]) for one in told["creditorInstitutions"]] == [
            (BARI, "03", "3")
        ]
        assert told["pageInfo"] == {"page": 0, "limit": 50, "totalElements": 1, "totalPages": 1}

    def test_a_code_drifts_and_agrees_again(self, node: Any, machine: Any) -> None:
        node.post("/backoffice/", {"code-creditor": BARI})
        told = machine.get(f"{BROKER}/creditor_institutions").json()["creditorInstitutions"]
        assert [one["segregationCode"] for one in told] == ["04"]
        node.post("/backoffice/", {"action": "agree"})
        assert "04" not in str(machine.get(f"{BROKER}/creditor_institutions").json()["creditorInstitutions"])

    @needs_official
    def test_the_answers_keep_the_official_contract(self, node: Any, machine: Any) -> None:
        register(fiscal_code=BARI, company_name="Comune di Bari", cbill_code="A1B2C", ibans=["IT60X"])
        name = "openapi_backoffice_external_ec.json"
        told = machine.get(f"{BROKER}/creditor_institutions").json()
        assert faults_of_json(told, name, "BrokerInstitutionsResponse") == []
        told = machine.get(f"{BROKER}/ibans").json()
        assert ([one["iban"] for one in told["ibans"]], faults_of_json(told, name, "CIIbansResponse")) == (
            ["IT60X"],
            [],
        )


def test_production_cannot_load_it() -> None:
    environment = {
        **os.environ,
        "DEPLOY_ENV": "production",
        "TESTING": "",
        "SECRET_KEY": "x" * 60,
        "SEALING_KEYS": "y" * 60,
        "DJANGO_SETTINGS_MODULE": "sportello.config.settings",
        "PYTHONPATH": f"{ROOT / 'platform'}:{ROOT}",
    }
    program = """
import django, importlib
django.setup()
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
assert not apps.is_installed("integrations.pagopa.simulator")
assert not any(host.startswith("nodo.") for host in settings.PUBLIC_HOSTS)
assert not any(name.startswith("nodo-") for name in settings.CELERY_BEAT_SCHEDULE)
for name in ("apps", "models", "urls", "paying", "flows", "station", "tasks"):
    try:
        importlib.import_module(f"integrations.pagopa.simulator.{name}")
    except Exception as error:
        print(name, type(error).__name__)
"""
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    refused = "ImproperlyConfigured"
    assert done.stdout.split() == [
        word for name in ("apps", "models", "urls", "paying", "flows", "station", "tasks") for word in (name, refused)
    ]
