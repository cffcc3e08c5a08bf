"""To which time an amount belongs: a month, a school year, a period of the year. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, assert_never

from services_catalog.fee_table import (
    Counted,
    FeeTable,
    PerBlock,
    PerDay,
    PerMeal,
    PerMonth,
    PerPeriod,
    PerYear,
    Tariff,
    Unit,
)
from sportello.fees.dues import coded_tariffs
from sportello.kernel.dates import DateRange
from sportello.kernel.month import Month
from sportello.kernel.school_year import SchoolYear

type Span = Literal["month", "year", "period"]


@dataclass(frozen=True, slots=True)
class Competence:
    """A time for which something is due once; ``key`` names it in the ledger for ever."""

    span: Span
    key: str
    days: DateRange
    number: int = 0


@dataclass(frozen=True, slots=True)
class Frame:
    """What is being charged: a month, in its school year, of a service that begins in ``begins``.

    Amounts of the year and of its periods are looked at from ``horizon``, the latest month charged so far, so that
    charging an earlier month again does not take back what a later one knew.
    """

    month: Month
    begins: Month
    horizon: Month

    @property
    def year(self) -> SchoolYear:
        """The school year of the month."""
        return SchoolYear.of(self.month.first_day)

    def competence_of(self, unit: Unit) -> Iterator[Competence]:
        """The times at which such a unit falls due, seen from here."""
        match unit:
            case PerMeal() | PerBlock() | PerDay() | PerMonth():
                yield Competence("month", str(self.month), self.month.period)
            case PerYear():
                yield Competence("year", f"y{self.year.start_year}", self.year.period)
            case PerPeriod(months=months):
                yield from self._periods(months)
            case _:
                assert_never(unit)

    def _periods(self, months: int) -> Iterator[Competence]:
        """Periods of so many months one after another from the month in which the service begins."""
        first, number = self.begins, 1
        while first <= self.horizon and first.first_day in self.year.period:
            last = first
            for _ in range(months - 1):
                last = last.next
            days = DateRange(first.first_day, last.next.first_day)
            yield Competence("period", f"y{self.year.start_year}p{number}x{months}", days, number)
            first, number = last.next, number + 1


def charged_here(table: FeeTable) -> list[tuple[str, Tariff, str]]:
    """The tariffs of a table that a month of the service charges: place, tariff, code.

    All but a tariff by the meal or by the block, which the canteen charges from its presences, one price at a time.
    """
    main = not isinstance(table.unit, PerMeal | PerBlock) or limits_meals(table)
    return [one for one in coded_tariffs(table) if one[2] or main]


def limits_meals(table: FeeTable) -> bool:
    """Whether meals are paid by the month and not each by itself: some are free, or their sum has a limit or a part
    that is not due.
    """
    whole = (table.free_units, table.due_minimum, table.due_maximum)
    return isinstance(table.unit, PerMeal) and (any(one is not None for one in whole) or bool(table.proration))


def span_of(unit: Unit) -> Span:
    """How long the time of a unit is, once charged."""
    match unit:
        case PerYear():
            return "year"
        case PerPeriod():
            return "period"
        case _:
            return "month"


def by_days(unit: Unit) -> bool:
    """Whether the register counts the units day by day, so that each day has its own price."""
    return isinstance(unit, PerMeal | PerBlock | PerDay)


def register_name(unit: Unit) -> Counted | None:
    """What the register counts for such a unit; None where a month or a year needs none."""
    match unit:
        case PerMeal():
            return "meals"
        case PerBlock():
            return "blocks"
        case PerDay():
            return "days_present"
        case _:
            return None


def due_day(competence: Competence, days: Sequence[date]) -> date:
    """The day an amount without instalments belongs to: the last of a month, the first of use of a year or period."""
    last = competence.days.last_day
    return last if competence.span == "month" and last is not None else days[0]
