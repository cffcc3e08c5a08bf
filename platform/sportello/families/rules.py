"""Pure decisions: who may be delegated, for how long; how far a delegation has come; what a court's order cuts."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from sportello.families.errors import (
    AlreadyGuardian,
    DelegateBarred,
    DelegateTooYoung,
    OneselfDelegated,
    OtherPersonsCode,
    PeriodInThePast,
    PeriodTooFar,
    PeriodTooLong,
    ProvisionalCode,
)
from sportello.kernel.dates import DateRange
from sportello.kernel.fiscal_code import FiscalCode
from sportello.kernel.school_year import SchoolYear

DELEGATE_AGE: Final = 18


@dataclass(frozen=True, slots=True)
class Delegate:
    """The person a guardian names."""

    code: FiscalCode
    given_name: str
    family_name: str


@dataclass(frozen=True, slots=True)
class Circle:
    """The fiscal codes around the child in the days of the delegation: who gives it, who acts anyway, who is barred."""

    grantor: str
    guardians: Collection[str]
    barred: Collection[str]


def check_delegate(delegate: Delegate, circle: Circle, *, first_day: date, today: date) -> None:
    """Raises the reason why the person cannot be delegated; ends in silence when she can.

    Her age is the one of the first day of the delegation.
    """
    code = delegate.code
    if code.is_provisional:
        raise ProvisionalCode
    if code.value == circle.grantor:
        raise OneselfDelegated
    if code.value in circle.barred:
        raise DelegateBarred
    if code.value in circle.guardians:
        raise AlreadyGuardian
    if not code.matches_name(last_name=delegate.family_name, first_name=delegate.given_name):
        raise OtherPersonsCode
    born = code.birth_date(today=today)
    if born is None or _anniversary(born, DELEGATE_AGE) > first_day:
        raise DelegateTooYoung


def check_period(period: DateRange, *, today: date) -> None:
    """From today on, beginning within a year, lasting a year at most; a period without end is too long."""
    if period.start < today:
        raise PeriodInThePast
    if period.start > _anniversary(today, 1):
        raise PeriodTooFar
    if period.end is None or period.end > _anniversary(period.start, 1):
        raise PeriodTooLong


def last_day_by_default(today: date) -> date:
    """What a form proposes: the end of the school year, which never is more than a year away."""
    period = SchoolYear.of(today).period
    return period.last_day or today


class DelegationState(StrEnum):
    """Where a delegation stands on a day. The words of the chips know these names."""

    SCHEDULED = "scheduled"
    IN_FORCE = "in_force"
    SUSPENDED = "suspended"
    CLOSED = "closed"
    REVOKED = "revoked"
    RENOUNCED = "renounced"


LIVE: Final = frozenset({DelegationState.SCHEDULED, DelegationState.IN_FORCE, DelegationState.SUSPENDED})
"""Those that may still be revoked."""


def delegation_state(period: DateRange, *, end_reason: str, counts: bool, today: date) -> DelegationState:
    """`counts` says whether who gave it still acts for the child, and who holds it is not barred from it."""
    if end_reason:
        return DelegationState(end_reason)
    if period.end is not None and period.end <= today:
        return DelegationState.CLOSED
    if not counts:
        return DelegationState.SUSPENDED
    return DelegationState.IN_FORCE if period.contains(today) else DelegationState.SCHEDULED


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days of a guardianship, barred or not."""

    period: DateRange
    barred: bool


def cut_by_order(stretch: Stretch, order: DateRange, *, barred: bool) -> list[Stretch]:
    """The stretch cut by a court's order: within it the days are `barred` as said, outside as they were.

    In order of days; a stretch that the order does not change comes back whole.
    """
    within = stretch.period.intersect(order)
    if within is None or stretch.barred == barred:
        return [stretch]
    outside = [Stretch(days, stretch.barred) for days in stretch.period.subtract(order)]
    return sorted([*outside, Stretch(within, barred)], key=lambda one: one.period.start)


def _anniversary(day: date, years: int) -> date:
    """The same day years later; 1 March for a 29 February that does not come."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
