"""The states of a debt position: the only transitions (P9, GPD v1), and the only door through which one changes.

The database knows the same table (`debts/migrations`), and refuses any other transition and any without its record.
"""

from collections.abc import Collection
from datetime import date, datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from sportello.billing.debts.errors import StateNotReachable
from sportello.billing.debts.models import DebtPosition, PositionState, StateChange

_S = PositionState
TRANSITIONS: Final = frozenset(
    {
        (_S.DRAFT, _S.PUBLISHED),
        (_S.DRAFT, _S.VALID),
        (_S.PUBLISHED, _S.VALID),
        (_S.VALID, _S.EXPIRED),
        (_S.EXPIRED, _S.VALID),
        (_S.PUBLISHED, _S.INVALID),
        (_S.VALID, _S.INVALID),
        (_S.VALID, _S.PARTIALLY_PAID),
        (_S.VALID, _S.PAID),
        (_S.PARTIALLY_PAID, _S.PAID),
        (_S.PAID, _S.REPORTED),
        (_S.REPORTED, _S.PAID),  # ours, not GPD's: a later revision of the flow may take a line back (P32)
    }
)
CHANGEABLE: Final = frozenset({_S.DRAFT, _S.PUBLISHED, _S.VALID, _S.EXPIRED})
PAYABLE: Final = frozenset({_S.VALID, _S.PARTIALLY_PAID})
OPEN: Final = frozenset({_S.DRAFT, _S.PUBLISHED, _S.VALID, _S.PARTIALLY_PAID})
"""Those that ask for their sums: nobody else asks for them meanwhile."""


def first_state(*, publish: bool, valid_from: date | None, today: date) -> PositionState:
    """In which state a position is born."""
    if not publish:
        return _S.DRAFT
    return _S.PUBLISHED if valid_from is not None and valid_from > today else _S.VALID


def state_on(state: PositionState, *, valid_from: date | None, today: date) -> PositionState:
    """The state by the calendar: a published position is valid from its day, also before the night's round."""
    if state == _S.PUBLISHED and valid_from is not None and valid_from <= today:
        return _S.VALID
    return state


def may_become(before: PositionState, after: PositionState) -> bool:
    """Whether the table has the transition."""
    return (before, after) in TRANSITIONS


def change_state(
    *, position: DebtPosition, after: PositionState, actor: int | None, now: datetime, reason: str = ""
) -> None:
    """Moves the position and writes who, when, why. Call it in a transaction, with the row locked.

    Raises StateNotReachable.
    """
    change_states(
        positions=[position.pk], before=PositionState(position.state), after=after, actor=actor, now=now, reason=reason
    )
    position.state = after
    if after == _S.PAID:
        position.paid_at = now


def change_states(
    *,
    positions: Collection[int],
    before: PositionState,
    after: PositionState,
    actor: int | None,
    now: datetime,
    reason: str = "",
) -> None:
    """Moves many positions of one state at once, as :func:`change_state` moves one. Two statements."""
    if not may_become(before, after):
        raise StateNotReachable(
            _("Un avviso «%(before)s» non può diventare «%(after)s»."), before=before.label, after=after.label
        )
    StateChange.objects.bulk_create(
        StateChange(position_id=pk, before=before, after=after, changed_at=now, changed_by=actor, reason=reason[:200])
        for pk in positions
    )
    dates = {"paid_at": now} if after == _S.PAID else {"published_at": now} if before == _S.DRAFT else {}
    DebtPosition.objects.filter(pk__in=positions).update(state=after, **dates)
