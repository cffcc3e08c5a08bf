"""What is told of a position: as it stands in our books at this moment, in the gateway's neutral words (P48)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

import msgspec

from integrations.pagopa.models import CreditorInstitution
from integrations.pagopa.positions import Position, PositionOption
from integrations.pagopa.types import Debtor
from sportello.billing.debts.destinations import transfers_of
from sportello.billing.debts.facts import NoticeFacts, facts_of
from sportello.billing.debts.models import DebtPosition, OptionState, PositionState
from sportello.billing.debts.quoting import due_of
from sportello.billing.publishing.deeds import Deed, deed_for
from sportello.billing.receipts.models import Receipt


@dataclass(frozen=True, slots=True)
class Told:
    """Something to tell: the position, what of it was paid outside the gateway (notice number, when), and what cannot
    be paid any more since another way of paying was taken (P10).
    """

    deed: Deed
    position: Position | None
    paid: tuple[tuple[str, datetime], ...] = ()
    excluded: tuple[PositionOption, ...] = ()

    @property
    def digest(self) -> str:
        """Equal for what has been told already."""
        return sha256(msgspec.json.encode(self)).hexdigest()


def to_tell(held: DebtPosition, *, was_told: bool, expires: bool, ourselves: CreditorInstitution, today: date) -> Told:
    """What the gateway has to be told of the position now; `expires`: it knows the last day of a notice."""
    printed = [facts for option in held.options.order_by("number") if (facts := facts_of(option.notice_number))]
    owed = [option for facts in printed if (option := _option(facts, ourselves, today, as_printed=False))]
    state = PositionState(held.state)
    deed = deed_for(state, was_told=was_told, is_owed=bool(owed), expires=expires)
    if deed == Deed.NOTHING:
        return Told(deed, None)
    if deed == Deed.PUBLISH:
        return Told(deed, _position(held, owed))
    whole = [option for facts in printed if (option := _option(facts, ourselves, today, as_printed=True))]
    position = _position(held, whole)
    if deed == Deed.ANNUL:
        return Told(deed, position)
    return Told(deed, position, _paid_elsewhere(held), _excluded(printed, whole))


def _position(held: DebtPosition, options: Iterable[PositionOption]) -> Position:
    return Position(
        position_id=str(held.public_id),
        debtor=Debtor("F", held.debtor_code, held.debtor_name),
        options=tuple(options),
        switch_to_expired=held.switch_to_expired,
        valid_from=held.valid_from if held.state == PositionState.PUBLISHED else None,
    )


def _option(
    facts: NoticeFacts, ourselves: CreditorInstitution, today: date, *, as_printed: bool
) -> PositionOption | None:
    """None when nothing of it is due. The day told is the last on which it is taken: GPD lets it expire after that one;
    what may be paid late has none, and asks for today at the earliest.
    """
    pieces = facts.claim.pieces(facts.number) if as_printed else due_of(facts)
    if not pieces:
        return None
    return PositionOption(
        notice_number=facts.notice_number,
        amount_cents=sum(piece.cents for piece in pieces),
        description=facts.description,
        due_on=facts.last_day if facts.switch_to_expired else max(facts.due_on, today),
        is_instalment=facts.number > 0,
        transfers=transfers_of(facts, pieces, ourselves),
    )


def _paid_elsewhere(held: DebtPosition) -> tuple[tuple[str, datetime], ...]:
    """What no receipt has paid."""
    paid = held.options.exclude(state=OptionState.UNPAID).order_by("number")
    by_receipt = Receipt.objects.filter(option__in=paid, attributions__isnull=False).values("option")
    return tuple((one.notice_number, one.paid_at) for one in paid.exclude(pk__in=by_receipt) if one.paid_at is not None)


def _excluded(printed: Iterable[NoticeFacts], options: Iterable[PositionOption]) -> tuple[PositionOption, ...]:
    """Once the whole is paid the instalments, and once one of these is, the whole."""
    states = {facts.notice_number: facts.state for facts in printed}
    paid = {one.is_instalment for one in options if states[one.notice_number] != OptionState.UNPAID}
    return tuple(
        one for one in options if states[one.notice_number] == OptionState.UNPAID and (not one.is_instalment) in paid
    )
