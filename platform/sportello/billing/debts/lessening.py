"""A notice asks for less, or for nothing, once a part of what it asks for has been paid elsewhere.

The Node would be told the lesser sum anyway (:mod:`quoting`); here what is printed, and what is open, follows too, so
that nobody pays twice. The oldest notice is covered first, as payments cover the oldest charges.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sportello.billing.debts.changing import record_change, rewrite
from sportello.billing.debts.dues import owed_by, pieces_of_stored, unpaid_lines
from sportello.billing.debts.models import DebtPosition, OptionState, PaymentOption, PositionLine, PositionState
from sportello.billing.debts.pieces import Piece
from sportello.billing.debts.states import CHANGEABLE, OPEN, change_state

type _Off = dict[int, int]


def covered(unpaid: Sequence[Piece], *, paid: int, owed: int) -> tuple[Piece, ...]:
    """What falls away of each line, in their order: what was paid, and whatever is owed no more.

    >>> covered([Piece(1, 300), Piece(2, 200)], paid=350, owed=150)
    (Piece(line_id=1, cents=300), Piece(line_id=2, cents=50))
    >>> covered([Piece(1, 300), Piece(2, 200)], paid=0, owed=400)
    (Piece(line_id=1, cents=0), Piece(line_id=2, cents=100))
    """
    found = []
    for piece in unpaid:
        part = min(piece.cents, paid)
        kept = min(piece.cents - part, max(0, owed))
        paid, owed = paid - part, owed - kept
        found.append(Piece(piece.line_id, piece.cents - kept))
    return tuple(found)


def lock_notices(account: int) -> None:
    """The open notices of a ledger account, locked in their order: before what is paid is posted."""
    asking = PositionLine.objects.filter(account=account, position__state__in=OPEN).values("position")
    list(DebtPosition.objects.select_for_update().filter(pk__in=asking).order_by("pk").values_list("pk"))


def lessen_notices(
    *, account: int, paid: Mapping[int, int], reason: str, actor: int | None, now: datetime
) -> list[DebtPosition]:
    """Lessens or closes the open notices of a ledger account by what each payer (adult id) has just paid on it.

    Call it after the payment is posted, the notices locked before; returns those that changed.
    """
    lines = unpaid_lines([account])
    off: dict[int, _Off] = {}
    for payer, cents in paid.items():
        hers = [(line, Piece(line.pk, left)) for line, left in lines if line.position.payer_id == payer]
        owed = owed_by(payer, [account]).get(account, 0)
        parts = covered([piece for _line, piece in hers], paid=cents, owed=owed)
        for (line, _piece), part in zip(hers, parts, strict=True):
            if part.cents:
                off.setdefault(line.position_id, {})[part.line_id] = part.cents
    held = DebtPosition.objects.in_bulk(off)
    return [held[pk] for pk in sorted(off) if _lessen(held[pk], off[pk], reason, actor, now)]


def close_as_paid(
    position: DebtPosition, options: Collection[PaymentOption], reason: str, actor: int | None, now: datetime
) -> None:
    """The options are paid, and with them the position is. Money that still comes for them is kept aside (P21)."""
    PaymentOption.objects.filter(pk__in=[one.pk for one in options]).update(state=OptionState.PAID, paid_at=now)
    if position.state in CHANGEABLE - {PositionState.VALID}:
        change_state(position=position, after=PositionState.VALID, actor=actor, now=now, reason=reason)
    change_state(position=position, after=PositionState.PAID, actor=actor, now=now, reason=reason)


def left_to_pay(position: DebtPosition) -> list[PaymentOption]:
    """The whole, or the instalments that are left once one is paid."""
    options = sorted(position.options.all(), key=lambda one: one.number)
    if position.state == PositionState.PARTIALLY_PAID:
        return [one for one in options if one.number and one.state == OptionState.UNPAID]
    return options[:1] if options[0].number == 0 else options


def _lessen(position: DebtPosition, off: _Off, reason: str, actor: int | None, now: datetime) -> bool:
    """Whether anything of it changed: a plan of which not even the next instalment is covered stays as it is."""
    options = list(position.options.order_by("number"))
    if sum(off.values()) == _unpaid(position):
        close_as_paid(position, left_to_pay(position), reason, actor, now)
        record_change(position, "paid_elsewhere", actor, now)
        return True
    if len(options) > 1:
        return _pay_instalments(position, options, off, reason, actor, now)
    lines = list(position.lines.select_related("account"))
    for line in lines:
        line.amount_cents -= off.get(line.pk, 0)
    kept = [line for line in lines if line.amount_cents]
    before = options[0].amount_cents
    rewrite(position, options[0], kept, [line for line in lines if not line.amount_cents])
    record_change(position, "lessened", actor, now, before=before, after=options[0].amount_cents)
    return True


def _unpaid(position: DebtPosition) -> int:
    return sum(option.amount_cents for option in left_to_pay(position) if option.state == OptionState.UNPAID)


def _pay_instalments(
    position: DebtPosition, options: Sequence[PaymentOption], off: _Off, reason: str, actor: int | None, now: datetime
) -> bool:
    """The instalments that are covered whole, the earliest first; of the next one less is asked at the Node alone."""
    lines, rest, done = list(position.lines.all()), dict(off), []
    for option in options:
        if not option.number or option.state != OptionState.UNPAID:
            continue
        pieces = pieces_of_stored(option, lines, options)
        if any(rest.get(piece.line_id, 0) < piece.cents for piece in pieces):
            break
        for piece in pieces:
            rest[piece.line_id] -= piece.cents
        done.append(option.pk)
    if not done:
        return False
    PaymentOption.objects.filter(pk__in=done).update(state=OptionState.PAID, paid_at=now)
    if position.state in CHANGEABLE - {PositionState.VALID}:
        change_state(position=position, after=PositionState.VALID, actor=actor, now=now, reason=reason)
    if position.state == PositionState.VALID:
        change_state(position=position, after=PositionState.PARTIALLY_PAID, actor=actor, now=now, reason=reason)
    record_change(position, "paid_in_part", actor, now, instalments=len(done))
    return True
