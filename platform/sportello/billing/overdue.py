"""Since when a household is in arrears: movements in, days out. Pure.

Payments and credits cover the oldest charges of their account first; a charge not covered so many days after it was
due is overdue. An act says how many, and from which sum on it counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sportello.kernel.dates import DateRange


@dataclass(frozen=True, slots=True)
class Movement:
    """A sum in cents, positive in the family's favour, and the day on which it was due or paid."""

    on: date
    cents: int


def overdue_periods(
    accounts: Mapping[int, Sequence[Movement]], *, after_days: int, above_cents: int, today: date
) -> list[DateRange]:
    """The periods in which more than `above_cents` is overdue over all accounts; the last has no end if it lasts.

    What falls due after `today` is nobody's fault yet: it does not count.

    >>> owing = {1: [Movement(date(2026, 10, 31), -500)]}
    >>> overdue_periods(owing, after_days=30, above_cents=0, today=date(2026, 12, 31))
    [DateRange(start=datetime.date(2026, 12, 1), end=None)]
    """
    grace = timedelta(days=after_days + 1)
    events = {key: [_event(one, grace) for one in movements] for key, movements in accounts.items()}
    days = sorted({on for held in events.values() for on, _cents in held if on <= today})
    periods: list[DateRange] = []
    since: date | None = None
    for day in days:
        owed = sum(max(0, -sum(cents for on, cents in held if on <= day)) for held in events.values())
        if owed > above_cents and since is None:
            since = day
        elif owed <= above_cents and since is not None:
            periods.append(DateRange(since, day))
            since = None
    return periods if since is None else [*periods, DateRange(since)]


def _event(movement: Movement, grace: timedelta) -> tuple[date, int]:
    """A charge weighs from the day it is overdue, a credit at once."""
    return (movement.on + grace if movement.cents < 0 else movement.on), movement.cents
