"""What charging reads: days of service, decided prices and registers of every child of a service. Fixed queries."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from services_catalog.models import Edition, EditionStatus, Service
from services_catalog.queries import DayBook, day_book
from sportello.enrolment.charging_rules import reads_year
from sportello.enrolment.competences import charged_here, limits_meals
from sportello.enrolment.counting import registers_of
from sportello.enrolment.models import ChargeRun, Subscription
from sportello.enrolment.registers import Registers
from sportello.enrolment.weighing import ChildUse, PricedPeriod
from sportello.families.models import Pupil
from sportello.fees.deciding import facts_from_json
from sportello.fees.models import PriceDecision
from sportello.kernel.dates import DateRange
from sportello.kernel.month import Month
from sportello.kernel.school_year import SchoolYear

type _Place = tuple[str, str, int | None]


@dataclass(frozen=True, slots=True)
class UsesOfService:
    """The children who use a service on days that matter for a month; ``unplaced`` sit in no class on some of them."""

    of_child: Mapping[int, ChildUse]
    unplaced: frozenset[int]
    tables: Mapping[int, Edition]


def charged_editions(service: Service, month: Month) -> dict[int, Edition]:
    """The editions of the school year by id; none where months charge nothing (a canteen by the meal)."""
    year = SchoolYear.of(month.first_day).period
    held = Edition.objects.filter(service=service, valid_during__overlap=year.bounds)
    found = {one.pk: one for one in held.exclude(status=EditionStatus.DRAFT).order_by("valid_during", "pk")}
    return found if any(charged_here(one.rules.fees) for one in found.values()) else {}


def prices_in_force(
    service: Service, within: DateRange, children: Iterable[int] = ()
) -> Iterable[tuple[int, DateRange, int, dict[str, Any]]]:
    """The decided prices that count (of some children, by id, or of all): child, days, edition and facts.

    The only door of charging to the decisions.
    """
    held = PriceDecision.objects.in_force().filter(service=service, valid_during__overlap=within.bounds)
    held = held.filter(child__in=children) if children else held
    rows = held.order_by("child_id", "valid_during").values_list("child_id", "valid_during", "edition_id", "inputs")
    for child, days, edition, inputs in rows.iterator(chunk_size=5000):
        yield child, DateRange.from_bounds(days), edition, inputs


def uses_of(
    service: Service, month: Month, editions: Mapping[int, Edition], children: Collection[int] = ()
) -> UsesOfService:
    """Every child (or some of them, by id) with a place in the month, or in the year where an amount depends on it."""
    whole_year = any(reads_year(edition.rules.fees) for edition in editions.values())
    within = SchoolYear.of(month.first_day).period if whole_year else month.period
    held = _subscriptions(service, within, children)
    rooms = _placements(held, within)
    open_days = _OpenDays(day_book(service.code, within), within)
    days = {child: _days(periods, rooms.get(child, ()), open_days) for child, periods in held.items()}
    registers = registers_of(service, within, days)
    if any(limits_meals(edition.rules.fees) for edition in editions.values()):
        days = {child: _with_meals(own, registers.get(child)) for child, own in days.items()}
    prices = _prices(service, within, editions, children)
    return UsesOfService(
        of_child={
            child: ChildUse(
                days=days[child],
                prices=prices.get(child, ()),
                register=registers.get(child, Registers()),
                entries=_late_entries(held[child], rooms.get(child, ()), open_days),
            )
            for child in held
        },
        unplaced=frozenset(child for child in held if not _is_placed(held[child], rooms.get(child, ()), month)),
        tables=editions,
    )


def horizon_of(service: Service, month: Month) -> Month:
    """The latest month of the school year charged so far, or this one."""
    year = SchoolYear.of(month.first_day).period
    runs = ChargeRun.objects.filter(service=service, month__gte=year.start, month__lt=year.end)
    latest = runs.order_by("-month").values_list("month", flat=True).first()
    return max(month, Month.of(latest)) if latest else month


def charged_after(service: Service, month: Month) -> list[Month]:
    """The months of the same school year charged so far that come after this one, in order."""
    end = SchoolYear.of(month.first_day).period.end
    runs = ChargeRun.objects.filter(service=service, month__gt=month.first_day, month__lt=end).order_by("month")
    return [Month.of(day) for day in runs.values_list("month", flat=True).distinct()]


def _subscriptions(service: Service, within: DateRange, children: Collection[int]) -> dict[int, list[DateRange]]:
    found: dict[int, list[DateRange]] = {}
    held = Subscription.objects.filter(service=service, valid_during__overlap=within.bounds)
    held = held.filter(child__in=children) if children else held
    for child, days in held.order_by("child_id", "valid_during").values_list("child_id", "valid_during"):
        found.setdefault(child, []).append(DateRange.from_bounds(days))
    return found


def _placements(children: Iterable[int], within: DateRange) -> dict[int, list[tuple[DateRange, _Place]]]:
    found: dict[int, list[tuple[DateRange, _Place]]] = {}
    held = Pupil.objects.filter(child__in=list(children), valid_during__overlap=within.bounds)
    rows = held.order_by("child_id", "valid_during").values_list(
        "child_id", "valid_during", "section__school__school_code", "section__school__level", "section_id"
    )
    for child, days, school, level, section in rows:
        found.setdefault(child, []).append((DateRange.from_bounds(days), (school, level, section)))
    return found


class _OpenDays:
    """The days of service of each class, worked out once; of each school alone where no closure names a class."""

    def __init__(self, book: DayBook, within: DateRange) -> None:
        self.book, self.within = book, within
        self.by_section = any(closure.section_id is not None for closure in book.closures)
        self.known: dict[_Place, list[date]] = {}

    def of(self, place: _Place) -> list[date]:
        school, level, section = place
        key = (school, level, section if self.by_section else None)
        if key not in self.known:
            self.known[key] = self.book.service_days(
                school_code=school, level=level, within=self.within, section_id=key[2]
            )
        return self.known[key]


def _days(periods: Sequence[DateRange], rooms: Sequence[tuple[DateRange, _Place]], open_days: _OpenDays) -> list[date]:
    """The days of service of a child: those of its class while it sits in it and has its place."""
    if len(rooms) == 1 and all(days.covers(open_days.within) for days in (rooms[0][0], *periods)):
        return open_days.of(rooms[0][1])
    return [
        day
        for seated, place in rooms
        for day in open_days.of(place)
        if day in seated and any(day in period for period in periods)
    ]


def _with_meals(days: list[date], registers: Registers | None) -> list[date]:
    """The days of service and those on which the child ate all the same, a guest of another class."""
    eaten = registers.days_of("meals") if registers else frozenset()
    return days if eaten <= set(days) else sorted(eaten.union(days))


def _late_entries(
    periods: Sequence[DateRange], rooms: Sequence[tuple[DateRange, _Place]], open_days: _OpenDays
) -> frozenset[date]:
    """The days on which the child began although its class had service earlier in the same month."""
    return frozenset(
        period.start
        for period in periods
        if period.start in open_days.within
        for seated, place in rooms
        if period.start in seated
        and any(Month.of(day) == Month.of(period.start) and day < period.start for day in open_days.of(place))
    )


def _is_placed(periods: Sequence[DateRange], rooms: Sequence[tuple[DateRange, _Place]], month: Month) -> bool:
    """Whether the child sits in some class during its place in the month, or has no place in it."""
    here = [part for period in periods if (part := period.intersect(month.period))]
    return not here or any(part.overlaps(seated) for part in here for seated, _place in rooms)


def _prices(
    service: Service, within: DateRange, editions: Mapping[int, Edition], children: Collection[int]
) -> dict[int, list[PricedPeriod]]:
    found: dict[int, list[PricedPeriod]] = {}
    tables = {pk: edition.rules.fees for pk, edition in editions.items()}
    for child, days, edition, inputs in prices_in_force(service, within, children):
        if edition in tables:
            found.setdefault(child, []).append(PricedPeriod(days, edition, tables[edition], facts_from_json(inputs)))
    return found
