"""Changing an issued position: publish, adjust, postpone, annul.

What has been paid, even in part, is not changed any more (P9). Each change says why, and who made it.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.billing.debts.asking import by_category, remittance_of
from sportello.billing.debts.errors import (
    DatesDisagree,
    NothingToAsk,
    PositionIsSettled,
    ReasonMissing,
    SumsDisagree,
)
from sportello.billing.debts.models import (
    DebtPosition,
    PaymentOption,
    PositionLine,
    PositionState,
    Transfer,
)
from sportello.billing.debts.pieces import Piece
from sportello.billing.debts.states import CHANGEABLE, change_state
from sportello.billing.debts.telling import tell_payers
from sportello.kernel.clock import ROME
from sportello.kernel.money import Money


@transaction.atomic
def publish_position(*, position: DebtPosition, actor: int | None, now: datetime) -> None:
    """A draft can be paid from now on, or from the day it says; its payer is told. Raises StateNotReachable."""
    held = locked(position)
    later = held.valid_from is not None and held.valid_from > now.astimezone(ROME).date()
    change_state(position=held, after=PositionState.PUBLISHED if later else PositionState.VALID, actor=actor, now=now)
    record_change(held, "published", actor, now)
    tell_payers([held.payer_id], event=f"position:{held.public_id}", now=now)


@transaction.atomic
def invalidate_position(*, position: DebtPosition, reason: str, actor: int | None, now: datetime) -> None:
    """Annuls the notice for good; its number is never used again (P7). Money that still comes is kept aside (P21).

    Raises ReasonMissing, PositionIsSettled, StateNotReachable.
    """
    held = locked(position)
    _may_change(held, reason)
    annul(held, reason=reason, actor=actor, now=now)
    record_change(held, "invalidated", actor, now)


def annul(held: DebtPosition, *, reason: str, actor: int | None, now: datetime) -> None:
    """Moves a locked position of which nothing is paid to INVALID, by the states that lead there."""
    if held.state == PositionState.EXPIRED:
        change_state(position=held, after=PositionState.VALID, actor=actor, now=now, reason=reason)
    elif held.state == PositionState.DRAFT:
        change_state(position=held, after=PositionState.PUBLISHED, actor=actor, now=now, reason=reason)
    change_state(position=held, after=PositionState.INVALID, actor=actor, now=now, reason=reason)


@transaction.atomic
def adjust_amount(
    *, position: DebtPosition, amounts: Mapping[int, Money], reason: str, actor: int | None, now: datetime
) -> None:
    """Asks for other sums, by line id, under the same notice number; lines not named stay as they are.

    For a position without a plan: one with instalments is annulled and made anew. Raises ReasonMissing, NothingToAsk,
    SumsDisagree, PositionIsSettled.
    """
    held = locked(position)
    _may_change(held, reason)
    options = list(held.options.all())
    if len(options) > 1:
        raise SumsDisagree(_("Un avviso a rate non si corregge: annullalo ed emettine uno nuovo."))
    lines = list(held.lines.select_related("account"))
    for line in lines:
        line.amount_cents = amounts.get(line.pk, Money(line.amount_cents)).cents
    kept = [line for line in lines if line.amount_cents > 0]
    if not kept or any(line.amount_cents < 0 for line in lines):
        raise NothingToAsk
    before = options[0].amount_cents
    rewrite(held, options[0], kept, [line for line in lines if line.amount_cents == 0])
    record_change(
        held, "adjusted", actor, now, before=before, after=options[0].amount_cents, reason=reason.strip()[:200]
    )


@transaction.atomic
def postpone_position(
    *, position: DebtPosition, due_on: date, last_day: date, reason: str, actor: int | None, now: datetime
) -> None:
    """Gives a position without a plan other days; one that had expired can be paid again.

    Raises ReasonMissing, DatesDisagree, SumsDisagree, PositionIsSettled.
    """
    held = locked(position)
    _may_change(held, reason)
    options = list(held.options.all())
    if len(options) > 1:
        raise SumsDisagree(_("Un avviso a rate non si corregge: annullalo ed emettine uno nuovo."))
    if last_day < due_on or due_on < now.astimezone(ROME).date():
        raise DatesDisagree(_("La nuova scadenza non può essere passata né venire dopo l'ultimo giorno utile."))
    if held.valid_from is not None and due_on <= held.valid_from:
        raise DatesDisagree(_("La scadenza deve venire dopo il giorno da cui si può pagare."))
    options[0].due_on, options[0].last_day = due_on, last_day
    options[0].save(update_fields=["due_on", "last_day"])
    if held.state == PositionState.EXPIRED:
        change_state(position=held, after=PositionState.VALID, actor=actor, now=now, reason=reason)
    record_change(held, "postponed", actor, now, due_on=due_on.isoformat(), reason=reason.strip()[:200])


@transaction.atomic
def allow_until(*, position: DebtPosition, last_day: date, reason: str, actor: int | None, now: datetime) -> None:
    """What is late may be paid until that day at least: an expired notice is valid again; its due day stays.

    A plan of which something is paid keeps its days (P9).
    """
    held = locked(position)
    if held.state not in {PositionState.VALID, PositionState.EXPIRED}:
        return
    held.options.filter(last_day__lt=last_day, due_on__lte=last_day).update(last_day=last_day)
    if held.state == PositionState.EXPIRED:
        change_state(position=held, after=PositionState.VALID, actor=actor, now=now, reason=reason)
        record_change(held, "allowed", actor, now, last_day=last_day.isoformat())


def locked(position: DebtPosition) -> DebtPosition:
    """The row as it stands, nobody else changing it until the transaction ends."""
    return DebtPosition.objects.select_for_update().get(pk=position.pk)


def _may_change(position: DebtPosition, reason: str) -> None:
    if not reason.strip():
        raise ReasonMissing
    if position.state not in CHANGEABLE:
        raise PositionIsSettled


def rewrite(
    position: DebtPosition, option: PaymentOption, kept: Sequence[PositionLine], dropped: Sequence[PositionLine]
) -> None:
    """Lines, option and transfers with the new sums; the database sees at the end that they agree."""
    PositionLine.objects.bulk_update(kept, ["amount_cents"])
    PositionLine.objects.filter(pk__in=[line.pk for line in dropped]).delete()
    option.amount_cents = sum(line.amount_cents for line in kept)
    option.save(update_fields=["amount_cents"])
    held = list(option.transfers.all())
    services = {line.pk: line.account.service_code for line in kept}
    parts = by_category([Piece(line.pk, line.amount_cents) for line in kept], services)
    option.transfers.all().delete()
    Transfer.objects.bulk_create(
        Transfer(
            option=option,
            number=number,
            amount_cents=cents,
            fiscal_code=held[0].fiscal_code,
            iban=held[0].iban,
            category=category,
            remittance=remittance_of(option.iuv, cents, position.description),
        )
        for number, (category, cents) in enumerate(parts.items(), start=1)
    )


def record_change(position: DebtPosition, what: str, actor: int | None, now: datetime, **details: object) -> None:
    """The audit record of a change."""
    record(
        action=Action.POSITION_CHANGED,
        actor=actor,
        subject_kind="debt_position",
        subject=position.public_id,
        now=now,
        details={"what": what, **details},
    )
