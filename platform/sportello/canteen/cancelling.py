"""Days without canteen told in one click: which meals a closure takes away, and when it may be taken back.

The closure is the catalogue's; what it does to meals is worked out here. Presences already recorded stay as they are:
the close leaves them out, and where the month was closed before, posts the difference.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from services_catalog.models import Archetype, Closure
from services_catalog.queries import DayBook, closed_period, day_book
from sportello.canteen.models import MonthClose, Presence, RollCall
from sportello.canteen.month import Month
from sportello.canteen.service import canteen_service
from sportello.families.models import Pupil
from sportello.kernel.dates import DateRange
from sportello.kernel.school_year import SchoolYear
from sportello.schools.models import School, Section

LONGEST = 31
"""Days of one closure told in one click: longer ones are holidays, and come with the calendar."""


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The meals that a closure takes away: (child, day) of those expected, and of those that a roll call recorded."""

    expected: frozenset[tuple[int, date]]
    served: frozenset[tuple[int, date]]

    @property
    def meals(self) -> int:
        return len(self.expected) + len(self.served)

    @property
    def children(self) -> frozenset[int]:
        """The ids of the children."""
        return frozenset(child for child, _day in self.expected | self.served)

    @property
    def days(self) -> list[date]:
        """The days on which somebody would have eaten."""
        return sorted({day for _child, day in self.expected | self.served})

    def of(self, children: Collection[int]) -> list[date]:
        """The days that some of the children lose."""
        return sorted({day for child, day in self.expected | self.served if child in children})


def meals_cancelled_by(*, days: DateRange, school: School | None, section: Section | None) -> Cancelled:
    """What a closure of those days would take away; six queries, whatever the classes and days."""
    return _cancelled(days, _rooms(days, school, section), day_book(canteen_service().code, days))


def meals_cancelled(closure: Closure) -> Cancelled:
    """What a recorded closure takes away: the meals of days that without it are service days."""
    days = DateRange.from_bounds(closure.days)
    service = canteen_service()
    if closure.service_id not in (None, service.pk):
        return Cancelled(frozenset(), frozenset())
    book = day_book(service.code, days).without(closed_period(closure))
    return _cancelled(days, _rooms(days, closure.school, closure.section), book)


def settled_months(closure: Closure) -> list[Month]:
    """The months of the closure that were closed after it was recorded: it may not be taken back any more."""
    return _closed(DateRange.from_bounds(closure.days), Q(closed_at__gte=closure.recorded_at))


def months_already_closed(days: DateRange) -> list[Month]:
    """The months of the days that have been closed: what they charged comes back with a difference."""
    return _closed(days, Q())


def _closed(days: DateRange, condition: Q) -> list[Month]:
    inside = (days.start.replace(day=1), days.last_day or date.max)
    closes = MonthClose.objects.filter(condition, month__range=inside).order_by("month")
    return sorted({Month.of(month) for month in closes.values_list("month", flat=True)})


def _rooms(days: DateRange, school: School | None, section: Section | None) -> QuerySet[Section]:
    if section is not None:
        return Section.objects.filter(pk=section.pk)
    last = days.last_day or days.start
    years = {SchoolYear.of(days.start).start_year, SchoolYear.of(last).start_year}
    rooms = Section.objects.filter(school_year__in=years)
    return rooms if school is None else rooms.filter(school=school)


def _cancelled(days: DateRange, rooms: QuerySet[Section], book: DayBook) -> Cancelled:
    inside = (days.start, days.last_day or days.start)
    sections = {room.pk: room for room in rooms.select_related("school").order_by("pk")}
    open_days = {(pk, day) for pk, room in sections.items() for day in _open_days(room, days, book)}
    called = set(
        RollCall.objects.filter(section__in=rooms, day__range=inside).order_by().values_list("section_id", "day")
    )
    ate = Presence.objects.filter(ate=True, day__range=inside, roll_call__section__in=rooms).order_by()
    served = ate.values_list("child_id", "day", "roll_call__section_id")
    return Cancelled(
        expected=frozenset(_expected(rooms, days, open_days - called)),
        served=frozenset((child, day) for child, day, room in served if (room, day) in open_days),
    )


def _open_days(room: Section, days: DateRange, book: DayBook) -> list[date]:
    school = room.school
    held = book.service_days(school_code=school.school_code, level=school.level, within=days, section_id=room.pk)
    return [day for day in held if SchoolYear.of(day).start_year == room.school_year]


def _expected(
    rooms: QuerySet[Section], days: DateRange, to_serve: Iterable[tuple[int, date]]
) -> Iterator[tuple[int, date]]:
    """(child, day) of the children who sit in the class and have a place, over the days still to be called."""
    wanted: dict[int, list[date]] = {}
    for room, day in to_serve:
        wanted.setdefault(room, []).append(day)
    sitting = Pupil.objects.filter(
        section__in=rooms,
        valid_during__overlap=days.bounds,
        child__subscriptions__service__archetype=Archetype.MEALS,
        child__subscriptions__valid_during__overlap=days.bounds,
    ).order_by()
    facts = sitting.values_list("section_id", "child_id", "valid_during", "child__subscriptions__valid_during")
    for room, child, seat, place in facts:
        yield from ((child, day) for day in wanted.get(room, ()) if day in seat and day in place)
