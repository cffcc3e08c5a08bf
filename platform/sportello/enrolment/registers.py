"""What the registers say of a child, asked for any days: presences, absences, meals. Pure.

A room that calls the roll knows the days; the office that writes down a month knows a number alone. Both answer the
same question, and None says that nobody counted: a count is never invented.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Final, Protocol

from services_catalog.fee_table import Counted
from sportello.kernel.errors import gettext_noop
from sportello.kernel.money import round_half_up
from sportello.kernel.month import Month

KEPT: Final[tuple[Counted, ...]] = (
    "meals",
    "blocks",
    "days_present",
    "days_absent",
    "days_absent_in_a_row",
    "days_sick",
)
"""What only a register can say; the other counts follow from the subscription and from the calendar."""


LABELS: Final[dict[str, str]] = {
    "meals": gettext_noop("Pasti"),
    "blocks": gettext_noop("Blocchetti"),
    "days_present": gettext_noop("Giorni di presenza"),
    "days_absent": gettext_noop("Giorni di assenza"),
    "days_absent_in_a_row": gettext_noop("Giorni di assenza di seguito"),
    "days_sick": gettext_noop("Giorni di malattia"),
}
"""What the office reads for each."""


class Register(Protocol):
    """Answers how many of something a child had on some of its days of service."""

    def count(self, name: Counted, days: Sequence[date]) -> int | None: ...


@dataclass(frozen=True, slots=True)
class DaysRegister:
    """A register that knows the days, by what is counted; ``days_absent_in_a_row`` follows from ``days_absent``."""

    on: Mapping[Counted, frozenset[date]]

    def count(self, name: Counted, days: Sequence[date]) -> int | None:
        """How many of the days, or None where this register does not keep it."""
        if name == "days_absent_in_a_row" and "days_absent" in self.on:
            return longest_run(days, self.on["days_absent"])
        held = self.on.get(name)
        return None if held is None else sum(day in held for day in days)


@dataclass(frozen=True, slots=True)
class MonthsRegister:
    """A register that knows the number of each month alone.

    For some of the days of a month the number is shared in proportion to the days of service, rounded on the running
    total, so that the shares of all its days add up to it.
    """

    numbers: Mapping[tuple[Month, str], int]
    days: Sequence[date]

    def count(self, name: Counted, days: Sequence[date]) -> int | None:
        """The number for those days; None where a month of them was not written down."""
        if not any(counted == name for _month, counted in self.numbers):
            return None
        found = [self._of_month(month, name, days) for month in sorted({Month.of(day) for day in days})]
        known = [number for number in found if number is not None]
        if len(known) < len(found) or not found:
            return None
        return max(known) if name == "days_absent_in_a_row" else sum(known)

    def _of_month(self, month: Month, name: Counted, asked: Sequence[date]) -> int | None:
        number = self.numbers.get((month, name))
        every = [day for day in self.days if Month.of(day) == month]
        inside = [at for at, day in enumerate(every) if day in set(asked)]
        if number is None or not inside or len(inside) == len(every) or name == "days_absent_in_a_row":
            return number
        upto = (round_half_up(Fraction(number * at, len(every))) for at in (inside[0], inside[-1] + 1))
        before, after = upto
        return after - before


@dataclass(frozen=True, slots=True)
class Registers:
    """Several registers of one child: the first that keeps a count gives it."""

    kept: Sequence[Register] = field(default=())

    def count(self, name: Counted, days: Sequence[date]) -> int | None:
        """The count of the first register that keeps it; None where none does."""
        return next((found for one in self.kept if (found := one.count(name, days)) is not None), None)

    def days_of(self, name: Counted) -> frozenset[date]:
        """The days on which it was counted, where a register knows them."""
        known = (one.on[name] for one in self.kept if isinstance(one, DaysRegister) and name in one.on)
        return next(known, frozenset())


def longest_run(days: Sequence[date], missed: frozenset[date]) -> int:
    """The longest run of days of service missed one after another; days without service do not break it.

    >>> week = [date(2026, 11, day) for day in (2, 3, 4, 5, 6)]
    >>> longest_run(week, frozenset({week[0], week[2], week[3]}))
    2
    """
    longest = run = 0
    for day in days:
        run = run + 1 if day in missed else 0
        longest = max(longest, run)
    return longest
