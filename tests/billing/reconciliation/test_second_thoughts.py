"""What comes later: a revision that drops a line, a receipt after its flow, turns in asking, the proof of the night."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.urls import reverse

from integrations.pagopa.flows import FlowOutcome
from integrations.pagopa.port import Fetched
from onboarding.board.own_signs import read_books
from sportello.accounts.models import Role
from sportello.billing.debts.models import OptionState, PositionState, StateChange, TransferState
from sportello.billing.receipts.models import Completion, KeptAside, Message, Proof, Receipt, ReceiptSource
from sportello.billing.receipts.proving import prove_books
from sportello.billing.receipts.replaying import replay
from sportello.billing.receipts.settling import settle_waiting
from sportello.billing.reconciliation import fetching
from sportello.billing.reconciliation.fetching import ask_for_missing, reconcile
from sportello.billing.reconciliation.models import FlowLine
from sportello.billing.reconciliation.standing import overdue
from tests.billing import node
from tests.billing.books import balances, close_the_books
from tests.billing.node import Node
from tests.billing.reconciliation.flows import flow, line, line_of
from tests.billing.reconciliation.test_round import (
    REPORTED,
    Wire,
    creditor,
    owing,
    paid,
    states,
    verdicts,
    wire,
)
from tests.factories import account
from tests.factories.paying import NOW, TODAY

__all__ = ["creditor", "owing", "wire"]  # fixtures
UNREPORTED = {TransferState.UNREPORTED}


def test_a_revision_that_drops_the_line_takes_it_back(owing: Any, creditor: str, wire: Wire) -> None:
    """And one that has it again reports it again; the day of payment stays (P32)."""
    came = paid(owing)
    wire.flows = [flow(creditor, line_of(came))]
    reconcile(now=NOW)
    owing.refresh_from_db()
    paid_at = owing.paid_at
    assert states(owing) == REPORTED
    wire.flows = [flow(creditor, line("47000000000000001", "X", 1), revision=2)]
    reconcile(now=NOW + timedelta(days=1))
    assert states(owing) == (PositionState.PAID, OptionState.PAID, UNREPORTED)
    assert owing.paid_at == paid_at
    assert "revisione" in StateChange.objects.filter(position=owing).order_by("-pk")[0].reason
    wire.flows = [flow(creditor, line_of(came), revision=3)]
    reconcile(now=NOW + timedelta(days=2))
    assert states(owing) == REPORTED
    close_the_books()


def test_a_revision_that_drops_one_of_two_transfers(owing: Any, creditor: str, wire: Wire) -> None:
    option = owing.options.get()
    both = [line(option.iuv, "IUR1", 4500, outcome=FlowOutcome.NO_RPT)]
    both.append(line(option.iuv, "IUR1", 550, number=2, outcome=FlowOutcome.NO_RPT))
    wire.flows = [flow(creditor, *both)]
    reconcile(now=NOW)
    assert states(owing) == REPORTED
    wire.flows = [flow(creditor, both[0], revision=2)]
    reconcile(now=NOW)
    assert states(owing) == (PositionState.PAID, OptionState.PARTIALLY_REPORTED, set(TransferState))


def test_a_line_that_was_the_second_is_the_first_when_the_first_is_dropped(
    owing: Any, creditor: str, wire: Wire
) -> None:
    came = paid(owing)
    wire.flows = [flow(creditor, line_of(came)), flow(creditor, line_of(came), fdr="2026-11-23PSP-2")]
    reconcile(now=NOW)
    assert verdicts() == ["matched", "twice"]
    wire.flows = [flow(creditor, line("47000000000000001", "X", 1), revision=2)]
    reconcile(now=NOW)
    assert verdicts() == ["matched", "not_ours"]
    assert states(owing) == REPORTED


def told_by_flow(owing: Any, creditor: str, wire: Wire) -> str:
    """The payment is known from the flow alone; its notice number."""
    option = owing.options.get()
    wire.flows = [flow(creditor, line(option.iuv, "IUR1", 5050, outcome=FlowOutcome.STAND_IN))]
    reconcile(now=NOW)
    assert verdicts() == ["from_flow"]
    return str(option.notice_number)


def test_the_receipt_that_comes_after_its_flow_completes_it(owing: Any, creditor: str, wire: Wire) -> None:
    """Kept raw, answered OK, no second payment; a further one is a copy (P19, P33)."""
    body = node.receipt(creditor, told_by_flow(owing, creditor, wire), 5050, "IUR1")
    assert Node().fault(body) == ""
    assert Node().fault(body) == "PAA_RECEIPT_DUPLICATA"
    settle_waiting(now=NOW)
    reconcile(now=NOW)
    assert verdicts() == ["matched"]
    [whole] = Receipt.objects.all()
    assert (whole.source, whole.psp_name) == (ReceiptSource.FLOW, "Banca")
    assert bytes(Completion.objects.get().raw) == body
    assert states(owing) == REPORTED
    assert (balances(), KeptAside.objects.count()) == ([0, 0], 0)
    assert replay().divergences == ()
    close_the_books()


def test_a_receipt_that_says_another_sum_than_its_flow_is_a_difference(owing: Any, creditor: str, wire: Wire) -> None:
    """The books keep what was paid over; the accountant is told."""
    assert Node().fault(node.receipt(creditor, told_by_flow(owing, creditor, wire), 5000, "IUR1")) == ""
    reconcile(now=NOW)
    assert verdicts() == ["amount"]
    assert states(owing)[0] == PositionState.PAID
    assert (balances(), replay().divergences) == ([0, 0], ())


def test_a_failed_receipt_after_its_flow_is_a_difference(owing: Any, creditor: str, wire: Wire) -> None:
    body = node.receipt(creditor, told_by_flow(owing, creditor, wire), 5050, "IUR1", outcome="KO")
    assert Node().fault(body) == ""
    reconcile(now=NOW)
    assert verdicts() == ["amount"]


def test_a_receipt_asked_for_is_in_the_replay(owing: Any, creditor: str, wire: Wire) -> None:
    """A second payment of the same notice, by the station, is a double one also when all is worked out anew."""
    option = owing.options.get()
    raw = node.receipt(creditor, option.notice_number, 5050, "IUR1")
    from integrations.pagopa.soap.reading import read_request  # the wire's form

    wire.receipts["IUR1"] = Fetched(read_request(raw, None), raw)  # type: ignore[arg-type]  # a receipt
    wire.flows = [flow(creditor, line(option.iuv, "IUR1", 5050))]
    reconcile(now=NOW)
    assert Node().fault(node.receipt(creditor, option.notice_number, 5050, "IUR2")) == ""
    settle_waiting(now=NOW + timedelta(minutes=1))
    proof = replay()
    assert (proof.receipts, proof.attributed_cents, proof.aside_cents) == (2, 5050, 5050)
    assert proof.divergences == ()


def test_every_missing_receipt_has_its_turn(
    owing: Any, creditor: str, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three a night of seven, none of which is ever found: after three nights each was asked for."""
    monkeypatch.setattr(fetching, "MOST_AT_ONCE", 3)
    iuv = owing.options.get().iuv
    wire.flows = [flow(creditor, *(line(iuv, f"IUR{n}", 10 + n) for n in range(7)))]
    asked: list[str] = []
    monkeypatch.setattr(fetching.gateway, "receipt", lambda iur, **_: asked.append(iur))
    reconcile(now=NOW)
    for night in (1, 2):
        ask_for_missing(now=NOW + timedelta(days=night))
    assert asked == ["IUR0", "IUR1", "IUR2", "IUR3", "IUR4", "IUR5", "IUR6", "IUR0", "IUR1"]
    assert FlowLine.objects.filter(asked_at=None).count() == 0


def test_the_proof_of_the_night_is_kept_and_shown(owing: Any, creditor: str, bari_client: Any) -> None:
    Node().post(node.receipt(creditor, owing.options.get().notice_number, 5050, "r1"))
    settle_waiting(now=NOW)
    proof = prove_books(now=NOW)
    assert proof.is_sound
    assert (proof.receipts, proof.received_cents, proof.attributed_cents, proof.aside_cents) == (1, 5050, 5050, 0)
    [sign] = read_books(TODAY)
    assert (sign.tone, sign.params) == ("success", {"receipts": 1})
    bari_client.force_login(account(Role.CLERK))
    assert "rilette dai messaggi di pagoPA: 1" in bari_client.get(reverse("reconciliation:days")).content.decode()
    assert "non tornano" not in bari_client.get(reverse("office:home")).content.decode()


def test_books_that_do_not_close_are_an_alarm(
    owing: Any, creditor: str, bari_client: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """Money in the ledger that no message made: the office, the central team, the log and the metrics are told."""
    Node().post(node.receipt(creditor, owing.options.get().notice_number, 5050, "r1"))
    settle_waiting(now=NOW)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        Message.objects.all().delete()
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert not prove_books(now=NOW).is_sound
    assert "2 accounts differ" in caplog.text
    assert Proof.objects.get().wrong_accounts == 2
    [sign] = read_books(TODAY)
    assert sign.tone == "danger"
    bari_client.force_login(account(Role.CLERK))
    assert "La prova del 23" in bari_client.get(reverse("reconciliation:days")).content.decode()
    assert "I conti dei pagamenti non tornano" in bari_client.get(reverse("office:home")).content.decode()


def test_a_flow_whose_sums_disagree_proves_nothing(owing: Any, creditor: str, wire: Wire) -> None:
    """A cent too many in a line without receipt would pay that cent: the revision that is right pays what was paid."""
    wrong = line(owing.options.get().iuv, "IUR1", 5051, outcome=FlowOutcome.NO_RPT)
    wire.flows = [flow(creditor, wrong, declared_cents=5050)]
    reconcile(now=NOW)
    assert (verdicts(), Receipt.objects.count()) == (["missing"], 0)
    right = line(owing.options.get().iuv, "IUR1", 5050, outcome=FlowOutcome.NO_RPT)
    wire.flows = [flow(creditor, right, revision=2)]
    reconcile(now=NOW)
    assert (verdicts(), balances()) == (["from_flow"], [0, 0])


def test_money_that_is_brought_in_part_is_overdue(owing: Any, creditor: str, wire: Wire) -> None:
    """One of two transfers stands in no flow: the rest of the receipt waits, and is seen."""
    option = owing.options.get()
    parts = {1: 4500, 2: 550}
    Node().post(node.receipt(creditor, option.notice_number, 5050, "IUR1", parts=parts))
    settle_waiting(now=NOW)
    wire.flows = [flow(creditor, line(option.iuv, "IUR1", 4500))]
    reconcile(now=NOW)
    assert verdicts() == ["matched"]
    assert [one.receipt_id for one in overdue(now=NOW + timedelta(days=5))] == ["IUR1"]
