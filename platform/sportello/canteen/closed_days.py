"""Roll calls of days that were closed afterwards: a strike told late, an ordinance. Their meals are never charged."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection
from django.db.models import Exists, OuterRef, Q

from services_catalog.models import Archetype, Closure, Service
from services_catalog.queries import DayBook, Place, day_book
from sportello.canteen.models import RollCall
from sportello.families.models import Child
from sportello.kernel.dates import DateRange
from sportello.schools.models import Section

NOT_CLOSED: Final = """
presence.roll_call_id NOT IN (
    SELECT called.id
    FROM services_catalog_closure closure
    LEFT JOIN services_catalog_service closed_service ON closed_service.id = closure.service_id
    JOIN canteen_rollcall called ON called.day <@ closure.days
    JOIN schools_section room ON room.id = called.section_id
    WHERE closure.days && %(within)s::daterange
      AND (closure.service_id IS NULL OR closed_service.archetype = 'meals')
      AND (closure.school_id IS NULL OR closure.school_id = room.school_id)
      AND (closure.section_id IS NULL OR closure.section_id = room.id)
)"""
"""The guard of the closing queries over ``presence``: PostgreSQL itself leaves out what a closure ``within`` covers.

The roll calls of :func:`roll_calls_on_closed_days` say the same and more (holidays, the calendar of the edition); were
they ever wrong about a closure, nothing of it would be charged all the same. The roll calls are found once a query: it
costs nothing by the meal.
"""

_ON_CLOSED_DAYS: Final = """
SELECT call.id
FROM canteen_rollcall call
JOIN unnest(%(sections)s::bigint[], %(places)s::int[]) AS held (section_id, place) USING (section_id)
JOIN unnest(%(closed_at)s::int[], %(closed_on)s::date[]) AS shut (place, day) USING (place, day)
WHERE %(children)s::bigint[] IS NULL OR EXISTS (
    SELECT FROM canteen_presence presence
    WHERE presence.roll_call_id = call.id AND presence.child_id = ANY(%(children)s)
)
ORDER BY call.id
"""


def is_closed(**of_closure: object) -> Exists:
    """Whether a closure (with those fields) covers a presence: the condition of ``NOT_CLOSED`` for a queryset."""
    covering = Closure.objects.filter(
        Q(service=None) | Q(service__archetype=Archetype.MEALS),
        Q(school=None) | Q(school=OuterRef("roll_call__section__school")),
        Q(section=None) | Q(section=OuterRef("roll_call__section")),
        days__contains=OuterRef("day"),
        **of_closure,
    )
    return Exists(covering)


def roll_calls_on_closed_days(
    service: Service, period: DateRange, children: Collection[Child] | None = None
) -> list[int]:
    """Ids of the roll calls of the period (of those children) on days without service; six queries at most.

    Days are judged once for the classes that are alike, however many they are; PostgreSQL finds their roll calls.
    """
    calls = RollCall.objects.filter(day__range=(period.start, period.last_day or date.max))
    if children is not None:
        calls = calls.filter(presences__child__in=children)
    asked = calls.order_by().aggregate(
        sections=ArrayAgg("section", distinct=True, default=[]), days=ArrayAgg("day", distinct=True, default=[])
    )
    if not asked["days"]:
        return []
    places = _places(day_book(service.code, period), asked["sections"], asked["days"])
    if not places:
        return []
    return _found(places, None if children is None else [child.pk for child in children])


@dataclass(frozen=True, slots=True)
class _ClosedPlace:
    """Classes that are alike, and the days on which they have no service."""

    sections: list[int]
    days: list[date]


def _places(book: DayBook, section_ids: list[int], days: list[date]) -> list[_ClosedPlace]:
    alike: dict[Place, list[int]] = defaultdict(list)
    rows = Section.objects.filter(pk__in=section_ids).order_by("pk")
    for pk, school_code, level in rows.values_list("pk", "school__school_code", "school__level"):
        alike[book.place(school_code=school_code, level=level, section_id=pk)].append(pk)
    judged = [_ClosedPlace(sections, book.closed_at(place, days)) for place, sections in alike.items()]
    return [place for place in judged if place.days]


def _found(places: list[_ClosedPlace], children: list[int] | None) -> list[int]:
    held = [(section, number) for number, place in enumerate(places) for section in place.sections]
    shut = [(number, day) for number, place in enumerate(places) for day in place.days]
    with connection.cursor() as cursor:
        cursor.execute(
            _ON_CLOSED_DAYS,
            {
                "sections": [section for section, _number in held],
                "places": [number for _section, number in held],
                "closed_at": [number for number, _day in shut],
                "closed_on": [day for _number, day in shut],
                "children": children,
            },
        )
        return [pk for (pk,) in cursor.fetchall()]
