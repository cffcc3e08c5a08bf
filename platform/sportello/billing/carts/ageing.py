"""Which charges are still open: payments cover the oldest first, so what is left is the newest. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Charged:
    """A sum in cents that somebody owes: of which day, and when it was told."""

    on: date
    told_on: date
    cents: int

    def due_on(self, days_to_pay: int) -> date:
        """Nobody is late with what nobody told: the days run from the later of the two."""
        return max(self.on, self.told_on) + timedelta(days=days_to_pay)

    @property
    def month(self) -> date:
        return self.on.replace(day=1)


def unsettled(charged: Iterable[Charged], left_cents: int) -> list[Charged]:
    """The charges that make up what is left to pay, the oldest first; they add up to it where charges suffice.

    >>> on = date(2026, 9, 30), date(2026, 10, 31)
    >>> [one.cents for one in unsettled([Charged(day, day, 500) for day in on], 700)]
    [200, 500]
    """
    found: list[Charged] = []
    for one in sorted(charged, key=lambda one: (one.on, one.told_on), reverse=True):
        if left_cents <= 0:
            break
        cents = min(one.cents, left_cents)
        if cents > 0:
            found.append(replace(one, cents=cents))
            left_cents -= cents
    return found[::-1]


def by_month(charged: Iterable[Charged]) -> dict[date, list[Charged]]:
    """The first day of a month -> its charges, in the order of the months."""
    found: dict[date, list[Charged]] = {}
    for one in sorted(charged, key=lambda one: one.on):
        found.setdefault(one.month, []).append(one)
    return found
