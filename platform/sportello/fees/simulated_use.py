"""What a year of use would cost: the prices of a child over time and its days of service in, amounts out. Pure.

As the real charges do, meals and days are counted at the price of their day, months and years at that of their first
day, a block at that of the first meal it covers. The use is the one planned: nobody is absent, nobody is ill.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import assert_never

from msgspec import structs

from services_catalog.fee_table import Counted, FeeTable, PerBlock, PerDay, PerMeal, PerMonth, PerPeriod, PerYear
from sportello.fees.dues import due, free_units, share_of_limit
from sportello.fees.facts import Facts, Step, Use
from sportello.fees.operations import step
from sportello.fees.rules import limited
from sportello.fees.timeline import Decided
from sportello.kernel.dates import DateRange
from sportello.kernel.money import Money

type Priced = tuple[DateRange, Decided]
type PricedDay = tuple[date, Decided]


@dataclass(frozen=True, slots=True)
class DueOnce:
    """An amount as it would be charged: its first day, how many units of the tariff, the steps from the base on.

    ``monthly`` tells a charge of a calendar month from one of the whole use.
    """

    first_day: date
    units: int
    amount: Money
    steps: tuple[Step, ...]
    monthly: bool


def dues_of_year(pieces: Sequence[Priced], tables: Mapping[int, FeeTable], days: Sequence[date]) -> list[DueOnce]:
    """The charges of the days of use (in order) at the prices decided, table by table in order of time.

    Raises as ``dues.due``. Days without a price are left out: whoever asks has seen why they have none.
    """
    priced = [(day, decided) for day in days for period, decided in pieces if day in period]
    year = _Year(Counter(map(_month_of, priced)))
    return [
        charge
        for edition, group in groupby(priced, key=lambda one: one[1].edition_id)
        for charge in _charges(tables[edition], list(group), year)
    ]


@dataclass(slots=True)
class _Year:
    """What charges of one year share: the days of use of each month, and the free units taken off so far."""

    days: Mapping[tuple[int, int], int]
    free_used: int = 0

    def take(self, table: FeeTable, facts: Facts, units: int) -> int:
        """How many free units had been taken before these."""
        before = self.free_used
        self.free_used += min(units, max(0, free_units(table.free_units, facts) - before))
        return before


def _charges(table: FeeTable, days: list[PricedDay], year: _Year) -> Iterator[DueOnce]:
    match table.unit:
        case PerBlock(meals=size):
            yield from _blocks(table, days, size)
        case PerMeal(lot=lot, at_least=least) if lot > 1 or least:
            for _facts, run in groupby(days, key=_facts_of):
                yield _charge(table, list(run), year)  # bought once for all the days at one price
        case PerMeal() | PerDay() if not table.parts:
            for _month, month in groupby(days, key=_month_of):
                yield from _counted(table, list(month), year)
        case PerMeal() | PerDay() | PerMonth():
            for _month, month in groupby(days, key=_month_of):
                yield _charge(table, list(month), year, monthly=True)
        case PerYear() | PerPeriod():
            yield _charge(table, days, year)
        case _:
            assert_never(table.unit)


def _counted(table: FeeTable, month: list[PricedDay], year: _Year) -> Iterator[DueOnce]:
    """The meals or days of a month, each run at its price; one charge of them all where their sum has a limit."""
    unlimited = structs.replace(table, due_minimum=None, due_maximum=None)
    runs = [_charge(unlimited, list(run), year, monthly=True) for _facts, run in groupby(month, key=_facts_of)]
    if table.due_minimum is None and table.due_maximum is None:
        yield from runs
        return
    steps = list(runs[0].steps)
    for run in runs[1:]:
        before = steps[-1].after_cents
        steps += (*run.steps, step("together", "fees", run.amount.cents, {"amount": before}))
    every = year.days[_month_of(month[0])]
    least, most = (share_of_limit(one, len(month), every) for one in (table.due_minimum, table.due_maximum))
    steps += limited(steps[-1].after_cents, least, most, ("fees.due_minimum", "fees.due_maximum"))
    units = sum(run.units for run in runs)
    yield DueOnce(runs[0].first_day, units, Money(steps[-1].after_cents), tuple(steps), monthly=True)


def _blocks(table: FeeTable, days: list[PricedDay], size: int) -> Iterator[DueOnce]:
    """The blocks opened in each month at one price: one when a meal finds none left."""
    openings = days[::size]
    for _key, run in groupby(openings, key=lambda one: (_month_of(one), _facts_of(one))):
        opened = list(run)
        made = due(table, opened[0][1].facts, Use(units=len(opened), counts=_counts(days, blocks=len(opened))))
        yield DueOnce(opened[0][0], len(opened), made.amount, made.all_steps(), monthly=True)


def _charge(table: FeeTable, days: list[PricedDay], year: _Year, *, monthly: bool = False) -> DueOnce:
    first_day, decided = days[0]
    units = _units(table, days)
    used = year.take(table, decided.facts, units)
    use = Use(units=units, counts=_counts(days), month=first_day.month if monthly else None, free_used=used)
    made = due(table, decided.facts, use)
    return DueOnce(first_day, units, made.amount, made.all_steps(), monthly)


def _units(table: FeeTable, days: list[PricedDay]) -> int:
    match table.unit:
        case PerMeal() | PerDay():
            return len(days)
        case PerPeriod(months=months):
            return -(-_months(days) // months)
        case _:
            return 1


def _counts(days: Sequence[PricedDay], *, blocks: int = 0) -> Mapping[Counted, int]:
    """What the register would count for days all used, from the first of the month on."""
    used = len(days)
    return {
        "meals": used,
        "blocks": blocks,
        "months": _months(days),
        "weeks": len({day.isocalendar()[:2] for day, _decided in days}),
        "days_present": used,
        "days_absent": 0,
        "days_absent_in_a_row": 0,
        "days_sick": 0,
        "days_of_service": used,
        "entry_day": 1,
        "months_before_withdrawal": _months(days),
    }


def _months(days: Sequence[PricedDay]) -> int:
    return len({_month_of(one) for one in days})


def _month_of(one: PricedDay) -> tuple[int, int]:
    return one[0].year, one[0].month


def _facts_of(one: PricedDay) -> Facts:
    return one[1].facts
