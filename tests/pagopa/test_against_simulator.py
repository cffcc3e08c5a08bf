"""The connector against the simulated Node itself: two programs that share no code must understand each other."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from integrations.pagopa import rest, simulated
from integrations.pagopa.codes import keep_codes
from integrations.pagopa.drift_check import check_drift
from integrations.pagopa.errors import PositionClosed, PositionUnknown, Refused
from integrations.pagopa.faults import fault_of
from integrations.pagopa.gpd import PATHS, Positions
from integrations.pagopa.models import Drift
from integrations.pagopa.numbers import notice_number
from integrations.pagopa.platform_gateway import GpdGateway, Services
from integrations.pagopa.positions import Creditor, PositionStatus
from integrations.pagopa.rest import Reply, Service
from integrations.pagopa.settings import PlatformSettings, SimulatorSettings
from integrations.pagopa.simulated import SimulatedGateway, node_host
from integrations.pagopa.soap.errors import BadMessage
from integrations.pagopa.soap.reading import read_request
from integrations.pagopa.soap.writing import CONTENT_TYPE, payment_answer, receipt_answer, refusal, verify_answer
from integrations.pagopa.types import Fault, FaultCode, Payment, PaymentRequest, ReceiptMessage
from sportello.kernel import clock
from tenants.current import in_schema
from tenants.models import Municipality
from tests.pagopa.messages import EC, NAV, NOTICE, PAYMENT
from tests.pagopa.test_codes import FACTS
from tests.pagopa.test_rest import CART, POSITION, WHOLE

pytest.importorskip("integrations.pagopa.simulator.urls", reason="the simulated Node is not part of this checkout")
BARI = Creditor(EC, "Comune di Bari")


@pytest.fixture(autouse=True)
def node(bari: Municipality, monkeypatch: pytest.MonkeyPatch) -> None:
    """The Node answers in this process, on its own host; Bari is registered with it."""
    keep_codes(municipality=bari, facts=FACTS, confirmed=False, actor=None, now=clock.now())

    def sent(method: str, url: str, body: bytes | None, headers: Mapping[str, str], seconds: int) -> Reply:
        place = urlsplit(url)
        with in_schema("public"):
            answer: Any = Client(headers={**headers, "host": node_host()}).generic(
                method,
                f"{place.path}?{place.query}",
                body or b"",
                content_type=headers.get("Content-Type", "application/octet-stream"),
            )
        return Reply(answer.status_code, answer.headers.get("Location", ""), answer.content)

    monkeypatch.setattr(rest, "_sent", sent)


def there() -> SimulatedGateway:
    return SimulatedGateway(SimulatorSettings(), lambda: "")


def at_gpd() -> GpdGateway:
    """The simulated GPD: what a Comune without a station of its own speaks with."""
    known = there()._there
    service = Service(f"{simulated.node_origin()}/{PATHS['gpd']}", lambda: "k", seconds=5, trusted=True)
    services = Services(Positions(service), known.flows, known.receipts, known.checkout)
    return GpdGateway(PlatformSettings(), lambda: "k", services=services)


def position(**fields: Any) -> Any:
    return replace(POSITION, valid_from=None, **fields)


@pytest.mark.parametrize("way", [there, at_gpd])
def test_a_position_lives_and_dies(way: Any) -> None:
    gateway = way()
    gateway.probe()
    assert gateway.quote(BARI, position(), NAV) is None
    gateway.publish(BARI, position(), today=clock.today())
    quote = gateway.quote(BARI, position(), NAV)
    assert (quote.amount_cents, quote.is_payable, quote.is_paid) == (4550, True, False)
    dearer = replace(WHOLE, amount_cents=5000, transfers=(replace(WHOLE.transfers[0], amount_cents=5000),))
    gateway.publish(BARI, position(options=(dearer,)), today=clock.today())
    assert gateway.quote(BARI, position(), NAV).amount_cents == 5000
    gateway.annul(BARI, position())
    gateway.annul(BARI, position())
    quote = gateway.quote(BARI, position(), NAV)
    assert (quote.is_payable, quote.is_paid) == (False, False)


@pytest.mark.parametrize("way", [there, at_gpd])
def test_paid_elsewhere_is_paid(way: Any) -> None:
    gateway = way()
    with pytest.raises(PositionUnknown):
        gateway.mark_paid(BARI, position(), NAV, at=clock.now())
    gateway.publish(BARI, position(), today=clock.today())
    gateway.mark_paid(BARI, position(), NAV, at=clock.now())
    quote = gateway.quote(BARI, position(), NAV)
    assert (quote.is_payable, quote.is_paid) == (False, True)
    with pytest.raises(PositionClosed):
        gateway.publish(BARI, position(), today=clock.today())
    with pytest.raises(PositionClosed):
        gateway.annul(BARI, position())


def test_a_number_is_not_used_twice() -> None:
    gateway = there()
    gateway.publish(BARI, position(), today=clock.today())
    with pytest.raises(Refused):
        gateway.publish(BARI, position(position_id="pos-2"), today=clock.today())


def test_instalments_exclude_the_whole() -> None:
    """P10, as GPD tells it: after one instalment is paid the single payment is payable no more."""
    halves = tuple(
        replace(
            WHOLE,
            notice_number=notice_number("03", 70 + n),
            amount_cents=2275,
            is_instalment=True,
            transfers=(replace(WHOLE.transfers[0], amount_cents=2275),),
        )
        for n in range(2)
    )
    plan = position(options=(WHOLE, *halves))
    gateway = at_gpd()
    gateway.publish(BARI, plan, today=clock.today())
    gateway.mark_paid(BARI, plan, halves[0].notice_number, at=clock.now())
    told = gateway._there.positions.read(BARI, plan.position_id)
    assert told is not None
    assert told.status == PositionStatus.PARTIALLY_PAID
    payable = [gateway.quote(BARI, plan, one.notice_number).is_payable for one in plan.options]  # type: ignore[union-attr]
    assert payable == [False, False, True]


def test_what_was_paid_is_polled() -> None:
    gateway = at_gpd()
    gateway.publish(BARI, position(), today=clock.today())
    gateway.mark_paid(BARI, position(), NAV, at=clock.now())
    [told] = gateway._there.positions.paid_since(BARI, clock.now() - timedelta(hours=1))
    assert (told.position_id, told.status) == ("pos-1", PositionStatus.PAID)
    assert list(gateway.receipts_since(BARI, clock.now() + timedelta(days=1), awaited=[])) == []


class OurSide:
    """The station without a ledger: our reader and writer on a wire of the Node's."""

    def __init__(self, due: Payment | Fault = PAYMENT) -> None:
        self.due = due
        self.read: list[Any] = []

    def __call__(self, _address: str, body: bytes, headers: Mapping[str, str], _seconds: float = 0) -> Any:
        from integrations.pagopa.simulator.wire import Reply as Came

        try:
            asked = read_request(body, headers["SOAPAction"])
        except BadMessage as wrong:
            self.read.append(wrong)
            return Came(200, CONTENT_TYPE, refusal(wrong))
        self.read.append(asked)
        return Came(200, CONTENT_TYPE, self._answer(asked))

    def _answer(self, asked: Any) -> bytes:
        if isinstance(asked, ReceiptMessage):
            return receipt_answer(None, asked.version)
        if isinstance(asked, PaymentRequest):
            return payment_answer(self.due, asked.version)
        if isinstance(self.due, Fault):
            return verify_answer(self.due)
        return verify_answer(NOTICE)


def paid(side: OurSide, *faults: str) -> Any:
    from integrations.pagopa.simulator.paying import pay

    return pay(NAV, EC, station_url="http://pagamenti.localhost/stazione/", faults=faults, wire=side, note="cart-1")


@pytest.mark.parametrize("faults", [(), ("first_version",), ("other_payer",), ("stand_in",), ("no_payer",)])
def test_two_implementations_of_the_station_understand_each_other(faults: tuple[str, ...]) -> None:
    side = OurSide()
    done = paid(side, *faults)
    assert (done.is_paid, done.amount_cents, done.said) == (True, 4550, ("OK",))
    verify, get, receipt = side.read
    version = 1 if "first_version" in faults else 2
    assert (verify.notice_number, get.notice_number, get.version, get.amount_cents) == (NAV, NAV, version, 4550)
    assert (receipt.version, receipt.receipt_id, receipt.notice_number) == (version, done.receipt_id, NAV)
    assert (receipt.amount_cents, receipt.transfers[0].iban, receipt.standin) == (
        4550,
        FACTS.iban,
        "stand_in" in faults,
    )
    assert (receipt.payer is None) == ("no_payer" in faults)
    if "other_payer" in faults:
        assert receipt.payer != receipt.debtor
    if version == 2:
        assert (get.note, receipt.note) == ("cart-1", "cart-1")


@pytest.mark.parametrize("code", [code for code in FaultCode if code != FaultCode.PAA_RECEIPT_DUPLICATA])
def test_every_fault_is_understood(code: FaultCode) -> None:
    done = paid(OurSide(fault_of(code, EC)))
    assert (done.is_paid, done.fault_code) == (False, code.value)


def test_a_broken_receipt_is_refused_by_name() -> None:
    side = OurSide()
    done = paid(side, "broken_receipt")
    wrong = side.read[-1]
    assert isinstance(wrong, BadMessage)
    assert wrong.fault_code == FaultCode.PAA_SINTASSI_XSD
    assert "PAA_SINTASSI_XSD" in done.said[0]


def test_a_cart_gets_its_page() -> None:
    url = there().open_cart(CART)
    assert urlsplit(url).hostname == node_host()
    assert Client(headers={"host": node_host()}).get(urlsplit(url).path).status_code == 200


def test_flows_and_receipts_of_a_payment_are_read() -> None:
    from integrations.pagopa.simulator.flows import make_flow
    from integrations.pagopa.simulator.models import Payment as Made

    now = clock.now()
    receipt = _receipt(now)
    Made.objects.create(**_payment(Made, receipt, now))
    made = make_flow(EC, now.date(), now=now)
    assert (made.count, made.cents) == (1, 4550)
    [flow] = there().flows_since(BARI, now - timedelta(days=1))
    assert (flow.adds_up, flow.counted_cents, flow.payments[0].iur) == (True, 4550, "sim-receipt-1")
    fetched = there().receipt(BARI, flow.payments[0].iur)
    assert fetched is not None
    assert (fetched.message.notice_number, fetched.message.amount_cents) == (NAV, 4550)
    assert there().receipt(BARI, "nobody") is None


def _receipt(now: datetime) -> dict[str, Any]:
    person = {
        "uniqueIdentifier": {"entityUniqueIdentifierType": "F", "entityUniqueIdentifierValue": "RSSMRA80A41A662E"},
        "fullName": "Rossi Maria",
    }
    return {
        "receiptId": "sim-receipt-1",
        "noticeNumber": NAV,
        "fiscalCode": EC,
        "outcome": "OK",
        "creditorReferenceId": NAV[1:],
        "paymentAmount": "45.50",
        "description": "Mensa",
        "companyName": "Comune di Bari",
        "debtor": person,
        "transferList": {
            "transfer": [
                {
                    "idTransfer": 1,
                    "transferAmount": "45.50",
                    "fiscalCodePA": EC,
                    "IBAN": FACTS.iban,
                    "remittanceInformation": "x",
                    "transferCategory": "9/0107101TS/",
                }
            ]
        },
        "idPSP": "SIMPSP01",
        "PSPCompanyName": "PSP",
        "idChannel": "1_01",
        "channelDescription": "WISP",
        "fee": "1.50",
        "paymentDateTime": f"{now:%Y-%m-%dT%H:%M:%S}",
        "applicationDate": f"{now:%Y-%m-%d}",
        "transferDate": f"{now + timedelta(days=1):%Y-%m-%d}",
    }


def _payment(model: Any, receipt: dict[str, Any], now: datetime) -> dict[str, Any]:
    from integrations.pagopa.simulator.providers import CARD

    told = {
        "receipt_id": receipt["receiptId"],
        "nav": NAV,
        "iuv": NAV[1:],
        "fiscal_code": EC,
        "amount_cents": 4550,
        "psp_id": CARD.psp_id,
        "receipt": receipt,
        "paid_at": now,
        "version": 2,
    }
    known = {field.name for field in model._meta.fields}
    return {name: value for name, value in told.items() if name in known}


def test_the_record_differs_where_it_was_spoilt() -> None:
    from integrations.pagopa.simulator.institutions import spoil_segregation

    [first] = check_drift(now=clock.now())
    assert (first.error_code, first.differences) == ("", 0)
    wrong = spoil_segregation(fiscal_code=EC).segregation_code
    [second] = check_drift(now=clock.now() + timedelta(days=1))
    assert second.differences == 1
    [drift] = Drift.objects.all()
    assert (drift.what, drift.ours, drift.theirs) == ("segregation", "03", wrong)
