"""Settling a receipt: from money that came to entries of the ledger, states of notices and tasks for the office.

Runs after the receipt is stored and answered, as often as need be: a settled receipt is left as it is. What the rooms
above do with the news is not part of it: they are told after commit, again if that was interrupted.
"""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import transaction

from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.billing.debts.dues import pieces_of_stored
from sportello.billing.debts.models import (
    DebtPosition,
    OptionState,
    PaymentOption,
    PositionLine,
    PositionState,
    Purpose,
    Quote,
)
from sportello.billing.debts.pieces import Piece
from sportello.billing.debts.states import CHANGEABLE, change_state
from sportello.billing.models import Entry, EntryKind
from sportello.billing.posting import EntryLine, post_entries
from sportello.billing.receipts.models import Attribution, KeptAside, Receipt, ReceiptState
from sportello.billing.receipts.settlement import Claim, Outcome, settle_claim
from sportello.billing.receipts.signals import payment_settled
from sportello.kernel.clock import ROME
from sportello.kernel.errors import gettext_noop
from sportello.kernel.money import Money

log = logging.getLogger(__name__)
MOST_AT_ONCE: Final = 500


def settle(*, receipt_id: int, now: datetime) -> Receipt:
    """Settles the receipt if nobody has, and tells the rooms above if nobody has."""
    receipt = _settle(receipt_id=receipt_id, now=now)
    if receipt.told_at is None:
        payment_settled.send(sender=Receipt, receipt=receipt)
        Receipt.objects.filter(pk=receipt.pk).update(told_at=now)
    return receipt


def settle_waiting(*, now: datetime) -> int:
    """Settles what is stored and not settled, or settled and not told: after a crash, the oldest first."""
    waiting = Receipt.objects.filter(told_at=None).order_by("arrived_at", "pk").values_list("pk", flat=True)
    found = list(waiting[:MOST_AT_ONCE])
    for pk in found:
        settle(receipt_id=pk, now=now)
    return len(found)


@transaction.atomic
def _settle(*, receipt_id: int, now: datetime) -> Receipt:
    receipt = Receipt.objects.select_for_update().get(pk=receipt_id)
    if receipt.state != ReceiptState.STORED:
        return receipt
    receipt.settled_at = now
    if receipt.outcome != "OK":
        receipt.state = ReceiptState.REFUSED
        receipt.save(update_fields=["state", "settled_at"])
        return receipt
    option, position = _named(receipt)
    outcome = settle_claim(receipt.own_cents, None if option is None else claim_of(option))
    if option is not None and position is not None:
        receipt.option = option
        _attribute(receipt, position, outcome.parts, now)
        if outcome.pays:
            _mark_paid(position, option, receipt, now)
    if outcome.aside_cents:
        _keep_aside(receipt, outcome, now)
    receipt.state = ReceiptState.ATTRIBUTED if outcome.parts else ReceiptState.KEPT_ASIDE
    receipt.save(update_fields=["state", "settled_at", "option"])
    _record(receipt, outcome, now)
    return receipt


def _named(receipt: Receipt) -> tuple[PaymentOption | None, DebtPosition | None]:
    """The notice of the receipt, its position locked: two receipts for one position wait for one another.

    A number is a notice of ours only together with our fiscal code: another creditor may have the same (P20).
    """
    ours = PaymentOption.objects.filter(transfers__fiscal_code=receipt.fiscal_code)
    option = ours.filter(notice_number=receipt.notice_number).first()
    if option is None:
        return None, None
    position = DebtPosition.objects.select_for_update().get(pk=option.position_id)
    option.refresh_from_db(fields=["state", "amount_cents"])
    option.position = position
    return option, position


def claim_of(option: PaymentOption) -> Claim:
    """The notice as it stands, for the decision."""
    position = option.position
    siblings = list(position.options.all())
    paid = [one for one in siblings if one.state != OptionState.UNPAID]
    lines = list(position.lines.all())
    quote = Quote.objects.filter(option=option).order_by("-pk").first()
    quoted = () if quote is None else tuple(Piece(line, cents) for line, cents in quote.parts)
    known = {piece.line_id for piece in quoted} <= {line.pk for line in lines}  # not if a line fell away since
    is_paid = option.state != OptionState.UNPAID
    by_receipt = is_paid and Receipt.objects.filter(option=option, attributions__isnull=False).exists()
    return Claim(
        pieces=pieces_of_stored(option, lines, siblings),
        quoted=quoted if known else (),
        closed=position.state == PositionState.INVALID or (is_paid and not by_receipt),
        paid=by_receipt,
        excluded=any((one.number == 0) != (option.number == 0) for one in paid),
    )


def _attribute(receipt: Receipt, position: DebtPosition, parts: Sequence[Piece], now: datetime) -> None:
    """Posts a payment for each line that is paid, under a key that only this receipt has."""
    if not parts:
        return
    lines = {line.pk: line for line in position.lines.select_related("account")}
    entries = [entry_of_part(receipt, position, lines[part.line_id], part.cents) for part in parts]
    post_entries(lines=entries, now=now, actor=None)
    keys = {entry.key: entry.amount.cents for entry in entries}
    Attribution.objects.bulk_create(
        Attribution(receipt=receipt, entry=entry, amount_cents=keys[entry.idempotency_key])
        for entry in Entry.objects.filter(idempotency_key__in=keys).order_by("pk")
    )


def entry_of_part(receipt: Receipt, position: DebtPosition, line: PositionLine, cents: int) -> EntryLine:
    """The entry of the ledger that a part of a receipt becomes."""
    paid_on = receipt.paid_at.astimezone(ROME).date() if receipt.paid_at else receipt.arrived_at.astimezone(ROME).date()
    top_up = position.purpose == Purpose.TOP_UP
    return EntryLine(
        child_id=line.account.child_id,
        service_code=line.account.service_code,
        kind=EntryKind.PAYMENT,
        amount=Money(cents),
        competence_on=paid_on,
        description=gettext_noop("Ricarica con pagoPA") if top_up else gettext_noop("Pagamento con pagoPA"),
        reference=receipt.notice_number,
        key=f"receipt:{receipt.pk}:{line.number}",
        payer_id=position.payer_id,
    )


def _mark_paid(position: DebtPosition, option: PaymentOption, receipt: Receipt, now: datetime) -> None:
    """Option and position by the table (P9). Money that comes for one that had expired makes it valid again first."""
    paid_at = receipt.paid_at or receipt.arrived_at
    option.state = OptionState.PAID
    option.paid_at = paid_at
    option.save(update_fields=["state", "paid_at"])
    if position.state in CHANGEABLE - {PositionState.VALID}:
        reason = gettext_noop("Arrivato un pagamento")
        change_state(position=position, after=PositionState.VALID, actor=None, now=now, reason=reason)
    unpaid = position.options.filter(number__gt=0, state=OptionState.UNPAID).exists()
    after = PositionState.PARTIALLY_PAID if option.number and unpaid else PositionState.PAID
    if position.state != after:
        change_state(position=position, after=after, actor=None, now=now, reason=receipt.receipt_id)
    if after == PositionState.PAID:
        DebtPosition.objects.filter(pk=position.pk).update(paid_at=paid_at)


def _keep_aside(receipt: Receipt, outcome: Outcome, now: datetime) -> None:
    KeptAside.objects.create(receipt=receipt, reason=outcome.why or "", amount_cents=outcome.aside_cents, opened_at=now)


def _record(receipt: Receipt, outcome: Outcome, now: datetime) -> None:
    record(
        action=Action.RECEIPT_SETTLED,
        actor=None,
        subject_kind="receipt",
        subject=receipt.public_id,
        now=now,
        details={"state": receipt.state, "cents": receipt.own_cents, "aside": outcome.aside_cents},
    )
