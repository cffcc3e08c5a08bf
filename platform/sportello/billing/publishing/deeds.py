"""What a gateway has to be told of a position, from how it stands. Pure."""

from enum import StrEnum

from sportello.billing.debts.models import PositionState

_OPEN = frozenset({PositionState.PUBLISHED, PositionState.VALID})
_PAID = frozenset({PositionState.PARTIALLY_PAID, PositionState.PAID})


class Deed(StrEnum):
    """What is done at the gateway."""

    PUBLISH = "publish"
    ANNUL = "annul"
    SETTLE = "settle"
    NOTHING = "nothing"


def deed_for(state: PositionState, *, was_told: bool, is_owed: bool, expires: bool = True) -> Deed:
    """`was_told`: the gateway may know the position; `is_owed`: something of it is still due (P18); `expires`: it knows
    the last day.

    Of a draft nobody hears. One that has expired is left: the gateway knows its last day and lets it expire by itself,
    and there, as here, it may be valid again (P9); an annulment would be for ever. One that knows no last day has
    no such state either: there it is annulled, and made anew if it is valid again.

    >>> deed_for(PositionState.VALID, was_told=False, is_owed=True)
    <Deed.PUBLISH: 'publish'>
    >>> deed_for(PositionState.VALID, was_told=True, is_owed=False)  # nobody shall pay what is owed no more
    <Deed.ANNUL: 'annul'>
    >>> deed_for(PositionState.EXPIRED, was_told=True, is_owed=True, expires=False)
    <Deed.ANNUL: 'annul'>
    >>> deed_for(PositionState.INVALID, was_told=False, is_owed=True)
    <Deed.NOTHING: 'nothing'>
    """
    if state in _OPEN and is_owed:
        return Deed.PUBLISH
    if not was_told:
        return Deed.NOTHING
    over = state == PositionState.INVALID or (state == PositionState.EXPIRED and not expires)
    if state in _OPEN or over:
        return Deed.ANNUL
    return Deed.SETTLE if state in _PAID else Deed.NOTHING
