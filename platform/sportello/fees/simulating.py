"""What a household would pay for its services in a school year: nothing is read from rows and nothing is kept. Pure.

The same timeline that decides real prices works it out: brothers and sisters count as the edition says, an act that
changes in mid year changes the price from its day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from services_catalog.fee_table import Instalment
from sportello.fees.dues import instalments_of
from sportello.fees.simulated_use import DueOnce, dues_of_year
from sportello.fees.timeline import Decided, EditionSpan, IseeSpan, Member, work_out
from sportello.kernel.dates import DateRange
from sportello.kernel.errors import DomainError
from sportello.kernel.money import Money, round_half_up

_HOUSEHOLD = 1
_YEARS_OF_THE_ELDEST = 12  # a minor for the whole year; only the order of the children is read


@dataclass(frozen=True, slots=True)
class PlannedChild:
    """A child as somebody states it. ``days`` are its days of use of each service, by code and in order."""

    level: str
    conditions: frozenset[str] = frozenset()
    days: Mapping[str, Sequence[date]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlannedHousehold:
    """The children from the eldest on, the residence, and each ISEE with the days on which it counts."""

    children: tuple[PlannedChild, ...]
    isee: tuple[IseeSpan, ...] = ()
    resident: bool = True


@dataclass(frozen=True, slots=True)
class PlannedService:
    """A service: its editions in force and the school year looked at."""

    code: str
    editions: tuple[EditionSpan, ...]
    year: DateRange


@dataclass(frozen=True, slots=True)
class Simulated:
    """A child (its place in the household, from 0) in a service: the prices over the year and the charges.

    ``failure`` says what the table could not tell; then there are no charges.
    """

    child: int
    service: str
    prices: tuple[tuple[DateRange, Decided], ...] = ()
    charges: tuple[DueOnce, ...] = ()
    instalments: tuple[tuple[Instalment, Money], ...] = ()
    months: int = 0
    failure: DomainError | None = None

    @property
    def first(self) -> Decided | None:
        """The price of the first day of use."""
        return self.prices[0][1] if self.prices else None

    def on(self, day: date) -> Decided | None:
        """The price of a day; None on one without use."""
        return next((decided for period, decided in self.prices if day in period), None)

    @property
    def total(self) -> Money:
        """What the year would cost."""
        return Money.sum(charge.amount for charge in self.charges)

    @property
    def monthly(self) -> Money:
        """What a month of service costs on the average, rounded half up to the cent."""
        return Money(round_half_up(Fraction(self.total.cents, max(1, self.months))))


def simulate(household: PlannedHousehold, service: PlannedService) -> list[Simulated]:
    """What the service would cost each child who uses it, the eldest first.

    What a table cannot say of a child is told in its ``failure``, and the others have their answer.
    """
    outcome = work_out(_members(household, service), service.editions, service.year)
    unsettled = {one.child_id: one.reason for one in reversed(outcome.undecided)}
    return [
        _simulated(place, service, outcome.decided.get(place, []), days, unsettled.get(place))
        for place, child in enumerate(household.children)
        if (days := child.days.get(service.code))
    ]


def _members(household: PlannedHousehold, service: PlannedService) -> list[Member]:
    """The children as the timeline takes them, born a year apart in their order and enrolled as long as they use it."""
    return [
        Member(
            child_id=place,
            household_id=_HOUSEHOLD,
            birth_date=date(service.year.start.year - _YEARS_OF_THE_ELDEST + place, 1, 1),
            resident=household.resident,
            uses=_uses(child.days.get(service.code, ())),
            levels=((DateRange(service.year.start), child.level),),
            isee=household.isee,
            conditions=tuple((DateRange(service.year.start), code) for code in sorted(child.conditions)),
        )
        for place, child in enumerate(household.children)
    ]


def _uses(days: Sequence[date]) -> tuple[DateRange, ...]:
    return (DateRange.inclusive(days[0], days[-1]),) if days else ()


def _simulated(
    place: int,
    service: PlannedService,
    prices: list[tuple[DateRange, Decided]],
    days: Sequence[date],
    failure: DomainError | None,
) -> Simulated:
    tables = {one.edition_id: one.table for one in service.editions}
    charges: list[DueOnce] = []
    if failure is None:
        try:
            charges = dues_of_year(prices, tables, days)
        except DomainError as reason:
            failure = reason
    total = Money.sum(charge.amount for charge in charges)
    plan = tables[prices[0][1].edition_id].instalments if charges and prices else ()
    return Simulated(
        child=place,
        service=service.code,
        prices=tuple(prices),
        charges=tuple(charges),
        instalments=tuple(instalments_of(plan, total)),
        months=len({(day.year, day.month) for day in days}),
        failure=failure,
    )
