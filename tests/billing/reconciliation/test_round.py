"""The round of a night: flows kept once, lines judged, lost receipts found, notices reported, differences explained."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from integrations.pagopa import gateway
from integrations.pagopa.flows import FlowOutcome
from integrations.pagopa.port import Fetched
from integrations.pagopa.soap.reading import read_request
from integrations.pagopa.types import ReceiptMessage
from sportello.audit.models import Action, Event
from sportello.billing.debts.models import DebtPosition, OptionState, PaymentOption, PositionState, TransferState
from sportello.billing.debts.opening import Collected
from sportello.billing.receipts.models import Receipt, ReceiptSource
from sportello.billing.receipts.settling import settle
from sportello.billing.reconciliation.archiving import archive_flow
from sportello.billing.reconciliation.errors import AlreadyExplained, ExplanationMissing, NotOurFlow
from sportello.billing.reconciliation.explaining import explain
from sportello.billing.reconciliation.fetching import reconcile
from sportello.billing.reconciliation.models import Flow, FlowLine
from sportello.billing.reconciliation.standing import days, overdue
from sportello.kernel.money import Money
from tenants.models import Municipality
from tests.billing import node
from tests.billing.books import asides, balances, close_the_books
from tests.billing.reconciliation.flows import flow, line, line_of
from tests.factories import family
from tests.factories.paying import NOW, TODAY, charge, institution, position, receipt

LATER = NOW + timedelta(days=5)


class Wire:
    """What the gateway would say; `receipts` by IUR."""

    def __init__(self) -> None:
        self.flows: list[Any] = []
        self.receipts: dict[str, Fetched] = {}
        self.asked: list[Any] = []

    def flows_since(self, since: Any, **_: Any) -> list[Any]:
        self.asked.append(since)
        return self.flows

    def receipt(self, iur: str, **_: Any) -> Fetched | None:
        return self.receipts.get(iur)


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    there = Wire()
    monkeypatch.setattr(gateway, "flows_since", there.flows_since)
    monkeypatch.setattr(gateway, "receipt", there.receipt)
    return there


@pytest.fixture
def creditor(bari: Municipality) -> str:
    return institution(bari).fiscal_code


@pytest.fixture
def owing(creditor: str) -> DebtPosition:
    """45.00 for the canteen and 5.50 for the bus: one option."""
    home = family(children=1)
    charge(home.children[0], 4500)
    charge(home.children[0], 550, service="trasporto")
    return position(
        home.parent, Collected(home.children[0].pk, "mensa", 4500), Collected(home.children[0].pk, "trasporto", 550)
    )


def paid(owing: DebtPosition, **fields: Any) -> Receipt:
    return settle(receipt_id=receipt(owing.options.get(), **fields).pk, now=NOW)


def verdicts() -> list[str]:
    return list(FlowLine.objects.filter(flow__is_current=True).order_by("pk").values_list("verdict", flat=True))


def states(owing: DebtPosition) -> tuple[str, str, set[str]]:
    option = PaymentOption.objects.get(position=owing)
    owing.refresh_from_db()
    return owing.state, option.state, set(option.transfers.values_list("state", flat=True))


REPORTED = (PositionState.REPORTED, OptionState.REPORTED, {TransferState.REPORTED})


def test_what_agrees_is_reported_and_twice_is_once(owing: DebtPosition, creditor: str, wire: Wire) -> None:
    came = paid(owing)
    wire.flows = [flow(creditor, line_of(came, 4500), line_of(came, 550, number=2))]
    for _ in range(2):
        reconcile(now=NOW)
    assert verdicts() == ["matched", "matched"]
    assert states(owing) == REPORTED
    assert Flow.objects.count() == 1
    assert wire.asked == [NOW - timedelta(days=30), NOW + timedelta(minutes=1) - timedelta(hours=1)]
    [day] = days(first=TODAY, last=TODAY, now=LATER)
    assert (day.receipts, day.ledger, day.flows, day.aside, day.open) == (*[Money(5050)] * 3, Money(0), 0)
    close_the_books()


def test_a_part_that_came_leaves_the_rest_open(creditor: str, owing: DebtPosition, wire: Wire) -> None:
    came = paid(owing)
    wire.flows = [flow(creditor, line_of(came, 4500))]
    reconcile(now=NOW)
    assert verdicts() == ["amount"]
    assert states(owing)[0] == PositionState.PAID


def test_a_later_revision_takes_the_place(owing: DebtPosition, creditor: str, wire: Wire) -> None:
    came = paid(owing)
    wrong, right = flow(creditor, line_of(came, 1)), flow(creditor, line_of(came), revision=2)
    wire.flows = [right, wrong]
    reconcile(now=NOW)
    assert verdicts() == ["matched"]
    assert list(Flow.objects.order_by("revision").values_list("revision", "is_current")) == [(1, False), (2, True)]


def test_a_lost_receipt_is_asked_for(owing: DebtPosition, creditor: str, wire: Wire) -> None:
    option = owing.options.get()
    raw = node.receipt(creditor, option.notice_number, 5050, "IUR1")
    message = read_request(raw, None)
    assert isinstance(message, ReceiptMessage)
    wire.receipts["IUR1"] = Fetched(message, raw)
    wire.flows = [flow(creditor, line(option.iuv, "IUR1", 5050))]
    reconcile(now=NOW)
    assert verdicts() == ["matched"]
    assert Receipt.objects.get().source == ReceiptSource.REST
    assert states(owing) == REPORTED
    assert balances() == [0, 0]
    close_the_books()


@pytest.mark.parametrize("outcome", [FlowOutcome.NO_RPT, FlowOutcome.STAND_IN, FlowOutcome.STAND_IN_NO_RPT])
def test_the_flow_is_the_proof_where_there_is_no_receipt(
    owing: DebtPosition, creditor: str, wire: Wire, outcome: FlowOutcome
) -> None:
    option = owing.options.get()
    one = line(option.iuv, "IUR1", 4500, outcome=outcome)
    wire.flows = [flow(creditor, one, line(option.iuv, "IUR1", 550, number=2, outcome=outcome))]
    reconcile(now=NOW)
    assert verdicts() == ["from_flow", "from_flow"]
    assert Receipt.objects.get().source == ReceiptSource.FLOW
    assert states(owing) == REPORTED
    assert balances() == [0, 0]
    assert asides() == []
    close_the_books()


def test_without_receipt_an_executed_line_waits(owing: DebtPosition, creditor: str, wire: Wire) -> None:
    wire.flows = [flow(creditor, line(owing.options.get().iuv, "IUR1", 5050))]
    reconcile(now=NOW)
    assert verdicts() == ["missing"]
    assert Receipt.objects.count() == 0


def test_the_reasons_of_what_does_not_agree(owing: DebtPosition, creditor: str, wire: Wire) -> None:
    came = paid(owing, receipt_id="IUR1")
    iuv = came.iuv
    wire.flows = [
        flow(creditor, line(iuv, "ALTRO", 5050), line("03999999999999999", "X", 1), line("47000000000000001", "Y", 1)),
    ]
    reconcile(now=NOW)
    assert verdicts() == ["to_check", "unknown", "not_ours"]
    second = flow(creditor, line_of(came), fdr="2026-11-23PSP-2")
    third = flow(creditor, line_of(came), line_of(came, outcome=FlowOutcome.REVOKED), fdr="2026-11-23PSP-3")
    wire.flows = [second, third]
    reconcile(now=NOW)
    assert verdicts()[3:] == ["matched", "twice", "revoked"]


def test_receipts_that_no_flow_brings_are_overdue(owing: DebtPosition, creditor: str) -> None:
    came = paid(owing)
    assert list(overdue(now=NOW + timedelta(days=4))) == []
    assert list(overdue(now=LATER)) == [came]
    explain(what=came, note="Accreditata a mano", actor=1, now=LATER)
    assert list(overdue(now=LATER)) == []


def test_a_difference_is_explained_once_with_words(owing: DebtPosition, creditor: str, wire: Wire) -> None:
    wire.flows = [flow(creditor, line("03999999999999999", "X", 1), declared_cents=2)]
    reconcile(now=NOW)
    kept, row = Flow.objects.get(), FlowLine.objects.get()
    assert not kept.adds_up
    assert sum(one.open for one in days(first=TODAY, last=TODAY + timedelta(days=1), now=NOW)) == 2
    with pytest.raises(ExplanationMissing):
        explain(what=row, note="  ", actor=1, now=NOW)
    for what in (row, kept):
        explain(what=what, note="Chiarito con la banca", actor=1, now=NOW)
    with pytest.raises(AlreadyExplained):
        explain(what=row, note="Un'altra", actor=1, now=NOW)
    assert sum(one.open for one in days(first=TODAY, last=TODAY + timedelta(days=1), now=NOW)) == 0
    assert Event.objects.filter(action=Action.DIFFERENCE_EXPLAINED).count() == 2


def test_flows_are_kept_as_they_came(creditor: str) -> None:
    with pytest.raises(NotOurFlow):
        archive_flow(flow=flow("99999999999"), now=NOW)
    archive_flow(flow=flow(creditor, line("03999999999999999", "X", 1)), now=NOW)
    for change in (
        lambda: FlowLine.objects.update(amount_cents=2),
        lambda: FlowLine.objects.all().delete(),
        lambda: Flow.objects.update(declared_cents=2),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
