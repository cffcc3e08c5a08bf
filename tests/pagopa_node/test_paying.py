"""A notice is paid through the Node: what our station is asked, what it may answer, and what goes wrong on the way."""

from datetime import timedelta
from typing import Any

import pytest

from integrations.pagopa.simulator import paying
from integrations.pagopa.simulator.contracts import BadAnswer
from integrations.pagopa.simulator.delivering import PAUSES, attempt, restart, send_due
from integrations.pagopa.simulator.faults import Fault
from integrations.pagopa.simulator.models import Delivery, DeliveryState, Happening, Payment
from integrations.pagopa.simulator.wire import NoAnswer
from sportello.kernel import clock
from tests.pagopa_node.fake_station import BARI, NAV, URL, Debt, FakeStation, envelope, served

pytestmark = pytest.mark.django_db


def pay(station: FakeStation, *faults: Fault, **more: Any) -> paying.Paid:
    return paying.pay(NAV, BARI, station_url=URL, wire=station.wire, faults=faults, **more)


def test_a_notice_is_verified_activated_and_receipted(station: FakeStation) -> None:
    paid = pay(station, note="cart-7")
    assert station.actions == ["paVerifyPaymentNotice", "paGetPaymentV2", "paSendRTV2"]
    assert (paid.is_paid, paid.amount_cents, paid.said) == (True, 4550, ("OK",))
    asked = station.messages[1]
    assert (asked.findtext("amount"), asked.findtext("paymentNote")) == ("45.50", "cart-7")
    receipt = station.receipts[0]
    told = {name: receipt.findtext(name) for name in ("receiptId", "noticeNumber", "paymentAmount", "paymentNote")}
    assert told == {
        "receiptId": paid.receipt_id,
        "noticeNumber": NAV,
        "paymentAmount": "45.50",
        "paymentNote": "cart-7",
    }
    assert receipt.findtext("payer/fullName") == "Rossi Maria"
    assert Payment.objects.get().amount_cents == 4550
    assert list(Happening.objects.values_list("what", "outcome").order_by("id")) == [
        ("paVerifyPaymentNotice", "OK"),
        ("paGetPaymentV2", "OK"),
        ("paSendRTV2", "OK"),
    ]


def test_it_speaks_real_http(station: FakeStation) -> None:
    with served(station) as address:
        paid = paying.pay(NAV, BARI, station_url=address)
    assert paid.said == ("OK",)
    assert [one.findtext("receiptId") for one in station.receipts] == [paid.receipt_id]


def test_a_refusal_is_told_and_nothing_is_paid(station: FakeStation) -> None:
    paid = paying.pay("303000000000009952", BARI, station_url=URL, wire=station.wire)
    assert (paid.is_paid, paid.fault_code) == (False, "PAA_PAGAMENTO_SCONOSCIUTO")
    assert not Payment.objects.exists()


@pytest.mark.parametrize(
    ("operation", "old", "new", "told"),
    [
        ("paVerifyPaymentNotice", "<amount>45.50", "<amount>45.5", "amount"),
        ("paVerifyPaymentNotice", "<options>EQ", "<options>GT", "options is not EQ"),
        ("paVerifyPaymentNotice", BARI, "80001160722", "not of"),
        ("paVerifyPaymentNotice", "<outcome>", '<outcome xmlns="urn:x">', "outcome"),
        ("paVerifyPaymentNotice", "<companyName>Comune di Bari</companyName>", "", "companyName"),
        ("paGetPaymentV2", "<transferAmount>45.50", "<transferAmount>45.49", "P14"),
        ("paGetPaymentV2", "<companyName>Comune di Bari</companyName>", "", "companyName"),
        ("paGetPaymentV2", NAV[1:], "03000000000004273", "P6"),
        ("paGetPaymentV2", "IT60X", "IT61X", "no IBAN"),
        ("paSendRTV2", "<outcome>OK</outcome>", "<outcome>FORSE</outcome>", "FORSE"),
        ("paSendRTV2", "paSendRTV2Response", "paSendRTRes", "the body holds"),
        ("paSendRTV2", "</soapenv:Envelope>", "", "not XML"),
    ],
)
def test_an_answer_that_breaks_the_contract_is_told_aloud(
    station: FakeStation, operation: str, old: str, new: str, told: str
) -> None:
    station.spoil = lambda named, body: body.replace(old, new) if named == operation else body
    with pytest.raises(BadAnswer, match=told):
        pay(station)
    assert not Happening.objects.first().good  # type: ignore[union-attr]  # there is one


@pytest.mark.parametrize("code", ["PAA_BOH", "", "PPT_SINTASSI_XSD"])
def test_a_fault_outside_the_table_is_a_broken_contract(station: FakeStation, code: str) -> None:
    station.spoil = lambda operation, _body: FakeStation.ko(operation, code)
    with pytest.raises(BadAnswer, match="table of faults"):
        pay(station)


def test_a_soap_fault_is_a_broken_contract(station: FakeStation) -> None:
    station.spoil = lambda _operation, _body: envelope("paSendRT", "").replace("pafn:paSendRTRes", "soapenv:Fault")
    with pytest.raises(BadAnswer, match="the body holds"):
        pay(station)


def test_a_fallen_station_is_no_answer(station: FakeStation) -> None:
    station.status = "500 Internal Server Error"
    with pytest.raises(NoAnswer, match="HTTP 500"):
        pay(station)


class TestQueue:
    """The receipt is sent until it is taken, with the same number (P19)."""

    def test_a_refused_receipt_comes_again(self, station: FakeStation) -> None:
        station.refusals = ["PAA_SYSTEM_ERROR", "PAA_SYSTEM_ERROR"]
        paid = pay(station)
        assert paid.said == ("PAA_SYSTEM_ERROR: no",)
        now = clock.now()
        assert send_due(now=now, wire=station.wire) == 0, "it is not due yet"
        for pause in PAUSES[:2]:
            now += pause + timedelta(seconds=1)
            assert send_due(now=now, wire=station.wire) == 1
        assert [one.findtext("receiptId") for one in station.receipts] == [paid.receipt_id]
        assert Delivery.objects.get().state == DeliveryState.DELIVERED

    def test_a_lost_answer_sends_the_same_receipt_again(self, station: FakeStation) -> None:
        paid = pay(station, Fault.LOST_ANSWER)
        assert paid.said == ("NoAnswer: the answer was lost on the way",)
        send_due(now=clock.now() + PAUSES[0], wire=station.wire)
        assert [one.findtext("receiptId") for one in station.receipts] == [paid.receipt_id] * 2
        held = Delivery.objects.get()
        assert (held.state, held.said) == (DeliveryState.DELIVERED, "PAA_RECEIPT_DUPLICATA: no")

    def test_it_stops_after_the_last_attempt_until_somebody_asks(self, station: FakeStation) -> None:
        pay(station, send_in=timedelta(seconds=1))
        station.absent = 100
        now = clock.now() + timedelta(seconds=2)
        for pause in (*PAUSES, timedelta()):
            assert send_due(now=now, wire=station.wire) == 1
            now += pause
        assert Delivery.objects.get().state == DeliveryState.GIVEN_UP
        assert send_due(now=now + timedelta(days=9), wire=station.wire) == 0
        station.absent = 0
        assert restart(now=now) == 1
        assert send_due(now=now, wire=station.wire) == 1
        assert Delivery.objects.get().state == DeliveryState.DELIVERED

    def test_two_who_look_at_the_list_at_once_send_once(self, station: FakeStation) -> None:
        pay(station, send_in=timedelta(seconds=1))
        now = clock.now() + timedelta(seconds=2)
        first, second = Delivery.objects.get(), Delivery.objects.get()
        assert [attempt(first, now=now, wire=station.wire), attempt(second, now=now, wire=station.wire)] == ["OK", ""]
        assert len(station.receipts) == 1

    def test_a_broken_receipt_is_right_the_second_time(self, station: FakeStation) -> None:
        paid = pay(station, Fault.BROKEN_RECEIPT)
        assert paid.said == ("PAA_SINTASSI_XSD: no",)
        send_due(now=clock.now() + PAUSES[0], wire=station.wire)
        assert Delivery.objects.get().said == "OK"


class TestFaults:
    """Each switch does what its button says."""

    def test_the_amount_asked_is_not_the_one_verified(self, station: FakeStation) -> None:
        assert pay(station, Fault.AMOUNT_CHANGED).amount_cents == 4550
        assert station.messages[1].findtext("amount") == "46.50"

    @pytest.mark.parametrize(
        ("fault", "amounts"),
        [(Fault.RECEIPT_HIGHER, ["46.50", "41.00", "5.50"]), (Fault.RECEIPT_LOWER, ["45.49", "39.99", "5.50"])],
    )
    def test_too_much_or_too_little_is_in_the_first_line(
        self, station: FakeStation, fault: Fault, amounts: list[str]
    ) -> None:
        station.debts[NAV] = Debt(parts=("40.00", "5.50"))
        pay(station, fault)
        receipt = station.receipts[0]
        lines = [one.text for one in receipt.iter("transferAmount")]
        assert [receipt.findtext("paymentAmount"), *lines] == amounts

    def test_an_activation_that_is_lost_is_asked_again(self, station: FakeStation) -> None:
        assert pay(station, Fault.LOST_ACTIVATION).said == ("OK",)
        assert station.actions == ["paVerifyPaymentNotice", "paGetPaymentV2", "paGetPaymentV2", "paSendRTV2"]

    def test_a_receipt_comes_twice(self, station: FakeStation) -> None:
        paid = pay(station, Fault.DUPLICATE_RECEIPT)
        assert [one.findtext("receiptId") for one in station.receipts] == [paid.receipt_id] * 2
        assert Payment.objects.count() == 1

    def test_a_notice_is_paid_twice(self, station: FakeStation) -> None:
        paid = pay(station, Fault.DOUBLE_PAYMENT)
        sent = [one.findtext("receiptId") for one in station.receipts]
        assert (sent, len(set(sent))) == (list(paid.receipt_ids), 2)

    def test_a_receipt_of_somebody_elses_notice_comes_too(self, station: FakeStation) -> None:
        pay(station, Fault.UNKNOWN_NOTICE)
        navs = [one.findtext("noticeNumber") for one in station.receipts]
        assert navs[0] == NAV
        assert navs[1].startswith("399")
        assert list(Payment.objects.values_list("stray", flat=True).order_by("id")) == [False, True]

    def test_no_receipt_at_all(self, station: FakeStation) -> None:
        assert pay(station, Fault.SILENT).is_paid
        assert (station.receipts, Delivery.objects.count()) == ([], 0)

    def test_who_pays_is_not_who_owes(self, station: FakeStation) -> None:
        pay(station, Fault.OTHER_PAYER)
        assert station.receipts[0].findtext("payer/fullName") == "Bianchi Luca"
        assert station.receipts[0].findtext("debtor/fullName") == "Rossi Maria"

    def test_nobody_says_who_paid(self, station: FakeStation) -> None:
        pay(station, Fault.NO_PAYER)
        assert station.receipts[0].find("payer") is None

    def test_the_receipt_comes_from_the_future(self, station: FakeStation) -> None:
        now = clock.now()
        pay(station, Fault.CLOCK_SKEW, now=now)
        ahead = (now + timedelta(hours=2)).replace(microsecond=0, tzinfo=None)
        assert station.receipts[0].findtext("paymentDateTime") == ahead.isoformat()

    def test_words_of_the_receipt(self, station: FakeStation) -> None:
        pay(station, Fault.STAND_IN, Fault.FAILED_RECEIPT)
        assert [station.receipts[0].findtext(name) for name in ("standIn", "outcome")] == ["true", "KO"]

    def test_a_station_that_is_not_ours_is_called(self, station: FakeStation) -> None:
        pay(station, Fault.WRONG_STATION)
        assert station.messages[0].findtext("idStation") == paying.NOWHERE

    def test_the_first_version(self, station: FakeStation) -> None:
        assert pay(station, Fault.FIRST_VERSION, note="cart-7").said == ("OK",)
        assert station.actions == ["paVerifyPaymentNotice", "paGetPayment", "paSendRT"]
