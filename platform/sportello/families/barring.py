"""A court keeps a guardian from a child, or lets her act again: the office writes it from a day on.

Nobody is told: what the family must know, the court has said; and a notice could put somebody in danger.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from sportello.accounts.models import Account
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.families.errors import CourtActMissing, NothingToBar, NothingToLift
from sportello.families.models import Adult, Child, Guardianship
from sportello.families.rules import Stretch, cut_by_order
from sportello.kernel.dates import DateRange


@transaction.atomic
def bar_guardian(
    *, adult: Adult, child: Child, during: DateRange, court_act: str, actor: Account, now: datetime
) -> list[DateRange]:
    """Keeps the guardian from the child in those days; her other days stay as they were. Returns the days barred.

    From the first of those days she sees nothing of the child, not even what she sent herself, and the delegations
    she gave do not count. `court_act` names the order. Raises CourtActMissing, NothingToBar.
    """
    changed = _write(adult, child, during, court_act=court_act, barred=True)
    if not changed:
        raise NothingToBar
    _record(Action.GUARDIAN_BARRED, child, _told(adult, changed), actor=actor, now=now)
    return changed


@transaction.atomic
def lift_bar(
    *, adult: Adult, child: Child, during: DateRange, court_act: str, actor: Account, now: datetime
) -> list[DateRange]:
    """Lets the guardian act again in those days; the days before stay barred. Returns the days freed.

    `court_act` names the order that lifts the bar. Raises CourtActMissing, NothingToLift.
    """
    changed = _write(adult, child, during, court_act=court_act, barred=False)
    if not changed:
        raise NothingToLift
    _record(Action.BAR_LIFTED, child, _told(adult, changed), actor=actor, now=now)
    return changed


def _write(adult: Adult, child: Child, order: DateRange, *, court_act: str, barred: bool) -> list[DateRange]:
    """The days that the order changed."""
    if not court_act.strip():
        raise CourtActMissing
    Child.objects.select_for_update().get(pk=child.pk)  # one order, or delegation, at a time for a child
    changed: list[DateRange] = []
    for row in Guardianship.objects.filter(adult=adult, child=child, valid_during__overlap=order.bounds):
        stretch = Stretch(DateRange.from_bounds(row.valid_during), row.barred)
        parts = cut_by_order(stretch, order, barred=barred)
        if parts != [stretch]:
            _replace(row, parts, barred=barred, court_act=court_act.strip())
            changed += [part.period for part in parts if part.barred == barred]
    return changed


def _replace(row: Guardianship, parts: Collection[Stretch], *, barred: bool, court_act: str) -> None:
    """The row shrinks to its first part before the others are written: two may never overlap."""
    of_row = {"adult_id": row.adult_id, "child_id": row.child_id, "kind": row.kind}
    before = row.court_act
    for number, part in enumerate(parts):
        piece = row if number == 0 else Guardianship(**of_row)
        piece.valid_during = part.period.bounds
        piece.barred = part.barred
        piece.court_act = court_act if part.barred == barred else before
        piece.save()


def _record(action: Action, child: Child, details: dict[str, object], *, actor: Account, now: datetime) -> None:
    record(action=action, actor=actor.pk, subject_kind="child", subject=child.public_id, now=now, details=details)


def _told(adult: Adult, changed: Collection[DateRange]) -> dict[str, object]:
    periods = [[day.isoformat() if day else None for day in period.bounds] for period in changed]
    return {"adult": str(adult.public_id), "periods": periods}
