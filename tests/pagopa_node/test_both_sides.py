"""Connector and Node, written apart, understand each other: positions, carts, payments, receipts, flows, codes."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from lxml import etree

pytest.importorskip("integrations.pagopa.soap", reason="the connector of pagoPA is not on this branch yet")

from integrations.pagopa import numbers, rest, simulated
from integrations.pagopa.carts import Cart, CartNotice, ReturnAddresses
from integrations.pagopa.flows import FlowOutcome
from integrations.pagopa.gpd import PATHS, Positions
from integrations.pagopa.gpd_receipts import PATH, GpdReceipts
from integrations.pagopa.models import CreditorInstitution
from integrations.pagopa.positions import Creditor, Position, PositionOption, PositionStatus
from integrations.pagopa.settings import SimulatorSettings
from integrations.pagopa.simulator import paying
from integrations.pagopa.simulator.faults import Fault
from integrations.pagopa.simulator.flows import make_flow
from integrations.pagopa.simulator.institutions import register
from integrations.pagopa.simulator.wire import Reply
from integrations.pagopa.soap.errors import BadMessage
from integrations.pagopa.soap.reading import read_request
from integrations.pagopa.soap.writing import payment_answer, receipt_answer, refusal, verify_answer
from integrations.pagopa.types import (
    Debtor,
    Notice,
    Payment,
    PaymentRequest,
    ReceiptMessage,
    TransferLine,
    VerifyRequest,
)
from sportello.kernel import clock
from tenants.models import Municipality
from tests.pagopa_node.fake_station import BARI, IBAN, URL
from tests.pagopa_node.official import faults_of_message, needs_official

NAV = numbers.notice_number("03", 42)
DEBTOR = Debtor(
    "F", "RSSMRA80A41A662E", "Rossi Maria", "Via Sparano", "1", "70121", "Bari", "BA", "IT", "m@example.org"
)
LINES = (
    TransferLine(1, 4000, BARI, "Comune di Bari", IBAN, "/RFB/x/40.00", "9/0107101TS/", (("anno", "2026"),)),
    TransferLine(2, 550, BARI, "Comune di Bari", IBAN, "/RFB/x/5.50", "9/0103100TS/"),
)
CREDITOR = Creditor(BARI, "Comune di Bari", "Scuola", "12345678903", "12345678903_01")


class OurStation:
    """The connector's reader and writer with a debt behind them; no ledger."""

    def __init__(self) -> None:
        self.receipts: list[ReceiptMessage] = []

    def wire(self, _address: str, body: bytes, headers: Mapping[str, str], _seconds: float) -> Reply:
        """Reads a question of the Node's and answers it."""
        return Reply(200, "text/xml; charset=utf-8", self._answer(body, headers["SOAPAction"]))

    def _answer(self, body: bytes, action: str) -> bytes:
        try:
            asked = read_request(body, action)
        except BadMessage as error:
            return refusal(error)
        if isinstance(asked, VerifyRequest):
            return verify_answer(Notice(4550, date(2026, 12, 31), "Mensa", BARI, "Comune di Bari", "Scuola"))
        if isinstance(asked, PaymentRequest):
            payment = Payment(
                NAV[1:], 4550, date(2026, 12, 31), "Mensa", "Comune di Bari", "Scuola", DEBTOR, LINES, (("a", "b"),)
            )
            return payment_answer(payment, asked.version)
        self.receipts.append(asked)
        return receipt_answer(None, asked.version)


@pytest.fixture
def both(machine: Any, monkeypatch: pytest.MonkeyPatch) -> simulated.SimulatedGateway:
    """The connector's simulator adapter, its requests going straight into the Node's host."""

    def sent(method: str, url: str, body: bytes | None, headers: Mapping[str, str], _seconds: int) -> rest.Reply:
        place = urlsplit(url)
        assert place.hostname == settings.NODE_HOST
        told = {name: words for name, words in headers.items() if name != "Content-Type"}
        answer = machine.generic(
            method, f"{place.path}?{place.query}", body or b"", content_type="application/json", headers=told
        )
        return rest.Reply(answer.status_code, answer.get("Location", ""), answer.content)

    monkeypatch.setattr(rest, "_sent", sent)
    register(fiscal_code=BARI, company_name="Comune di Bari", segregation_code="03", ibans=[IBAN])
    return simulated.SimulatedGateway(SimulatorSettings(), lambda: "key")


def _position(*options: PositionOption) -> Position:
    whole = PositionOption(NAV, 4550, "Mensa", date(2026, 12, 31), is_instalment=False, transfers=LINES)
    return Position("bari-1", DEBTOR, options or (whole,), switch_to_expired=True)


@pytest.mark.django_db
@pytest.mark.parametrize("version", [1, 2])
def test_the_node_pays_at_our_station(version: int) -> None:
    station = OurStation()
    faults = (Fault.FIRST_VERSION,) if version == 1 else ()
    paid = paying.pay(NAV, BARI, station_url=URL, wire=station.wire, faults=faults, note="carrello-1")
    assert paid.said == ("OK",)
    receipt = station.receipts[0]
    assert (receipt.version, receipt.receipt_id, receipt.amount_cents) == (version, paid.receipt_id, 4550)
    assert (receipt.debtor, receipt.payer) == (DEBTOR, DEBTOR)
    assert [line.amount_cents for line in receipt.transfers] == [4000, 550]
    assert receipt.note == ("carrello-1" if version == 2 else "")


@pytest.mark.django_db
def test_a_broken_receipt_is_refused_in_the_right_way() -> None:
    station = OurStation()
    paid = paying.pay(NAV, BARI, station_url=URL, wire=station.wire, faults=(Fault.BROKEN_RECEIPT,))
    assert paid.said[0].startswith("PAA_SINTASSI_XSD")
    assert station.receipts == []


def test_positions_are_kept_changed_paid_and_annulled(both: simulated.SimulatedGateway) -> None:
    position = _position()
    for _time in range(2):
        both.publish(CREDITOR, position, today=clock.today())
    quote = both.quote(CREDITOR, position, NAV)
    assert quote is not None
    assert (quote.amount_cents, quote.is_payable, quote.is_paid) == (4550, True, False)
    both.mark_paid(CREDITOR, position, NAV, at=clock.now())
    quote = both.quote(CREDITOR, position, NAV)
    assert quote is not None
    assert (quote.is_payable, quote.is_paid) == (False, True)
    other = numbers.notice_number("03", 43)
    option = PositionOption(other, 4550, "Mensa", date(2026, 12, 31), is_instalment=False, transfers=LINES)
    annulled = Position("bari-2", DEBTOR, (option,), switch_to_expired=True)
    both.publish(CREDITOR, annulled, today=clock.today())
    for _time in range(2):
        both.annul(CREDITOR, annulled)


def test_a_cart_is_opened_on_the_nodes_host(both: simulated.SimulatedGateway) -> None:
    notice = CartNotice(NAV, BARI, 4550, "Comune di Bari", "Mensa")
    back = ReturnAddresses(*(f"http://bari.localhost/{word}" for word in ("ok", "no", "ko", "attesa")))
    address = both.open_cart(Cart((notice,), back, "carrello-1", "m@example.org"))
    assert urlsplit(address).hostname == settings.NODE_HOST


def test_flows_and_receipts_are_read(both: simulated.SimulatedGateway) -> None:
    station = OurStation()
    since = clock.now() - timedelta(minutes=1)
    paid = paying.pay(NAV, BARI, station_url=URL, wire=station.wire, faults=(Fault.SILENT, Fault.OTHER_PAYER))
    make_flow(BARI, clock.today(), ("revision",))
    made = make_flow(BARI, clock.today(), ("revision",))
    flows = list(both.flows_since(CREDITOR, since))
    assert [(one.name.fdr, one.name.revision, one.declared_cents) for one in flows] == [(made.fdr, 2, 4550)]
    lines = flows[0].payments
    assert [(one.iur, one.transfer_number, one.amount_cents, one.outcome) for one in lines] == [
        (paid.receipt_id, 1, 4000, FlowOutcome.NO_RPT),
        (paid.receipt_id, 2, 550, FlowOutcome.NO_RPT),
    ]
    fetched = both.receipt(CREDITOR, paid.receipt_id)
    assert fetched is not None
    assert (fetched.message.notice_number, fetched.message.amount_cents) == (NAV, 4550)
    assert fetched.message.payer is not None
    assert (fetched.message.debtor, fetched.message.payer.full_name) == (DEBTOR, "Bianchi Luca")


def test_a_payment_at_gpd_is_polled(both: simulated.SimulatedGateway) -> None:
    def service(path: str) -> rest.Service:
        return rest.Service(f"{simulated.node_origin()}/{path}", lambda: "key", seconds=1, trusted=True)

    positions, archive = Positions(service(PATHS["gpd"])), GpdReceipts(service(PATH))
    positions.upsert(CREDITOR, _position(), today=clock.today())
    since = clock.now() - timedelta(seconds=1)
    paid = paying.pay(NAV, BARI, station_url=URL, wire=OurStation().wire)
    told = list(positions.paid_since(CREDITOR, since))
    assert [(one.status, one.options[0].receipt_id) for one in told] == [(PositionStatus.PAID, paid.receipt_id)]
    assert list(archive.references(BARI, since=clock.today(), until=clock.today())) == [NAV[1:]]
    fetched = archive.receipt(BARI, NAV[1:])
    assert fetched is not None
    assert fetched.message.receipt_id == paid.receipt_id


def test_the_codes_on_record_are_read(both: simulated.SimulatedGateway) -> None:
    office = simulated.simulated_backoffice()
    assert [(one.fiscal_code, one.segregation_code) for one in office.institutions("12345678903")] == [(BARI, "03")]
    assert [(one.fiscal_code, one.iban) for one in office.ibans("12345678903")] == [(BARI, IBAN)]


def test_our_creditors_are_registered_once_and_drift_from_then_on(bari: Municipality, machine: Any) -> None:
    ours = CreditorInstitution.objects.create(
        municipality=bari,
        fiscal_code="80001160722",
        company_name="Comune di prova",
        broker_code="12345678903",
        station_code="12345678903_01",
        segregation_code="07",
        iban=IBAN,
    )
    path = "/backoffice/brokers/12345678903/creditor_institutions"
    for code in ("07", "08"):
        ours.segregation_code = code
        ours.save()
        told = machine.get(path).json()["creditorInstitutions"]
        assert [(one["taxCode"], one["segregationCode"]) for one in told] == [("80001160722", "07")]
    machine.post("/backoffice/", {"action": "agree"})
    assert machine.get(path).json()["creditorInstitutions"][0]["segregationCode"] == "08"


@needs_official
@pytest.mark.django_db
def test_neither_side_leaves_the_official_contract() -> None:
    said: list[list[str]] = []

    def overheard(address: str, body: bytes, headers: Mapping[str, str], seconds: float) -> Reply:
        reply = OurStation().wire(address, body, headers, seconds)
        said.extend(faults_of_message(etree.fromstring(one)[-1][0]) for one in (body, reply.body))
        return reply

    for faults in ((), (Fault.FIRST_VERSION,)):
        paying.pay(NAV, BARI, station_url=URL, wire=overheard, faults=faults)
    assert said == [[]] * 12
