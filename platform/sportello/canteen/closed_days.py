"""Roll calls of days that were closed afterwards: a strike told late, an ordinance. Their meals are never charged."""

from collections.abc import Collection
from datetime import date
from typing import Final

from django.db.models import Exists, OuterRef, Q

from services_catalog.models import Archetype, Closure, Service
from services_catalog.queries import DayBook, day_book
from sportello.canteen.models import RollCall
from sportello.families.models import Child
from sportello.kernel.dates import DateRange
from sportello.schools.models import Section

NOT_CLOSED: Final = """
NOT EXISTS (
    SELECT FROM services_catalog_closure closure
    LEFT JOIN services_catalog_service closed_service ON closed_service.id = closure.service_id
    JOIN canteen_rollcall called ON called.id = presence.roll_call_id
    JOIN schools_section room ON room.id = called.section_id
    WHERE closure.days && %(within)s::daterange AND presence.day <@ closure.days
      AND (closure.service_id IS NULL OR closed_service.archetype = 'meals')
      AND (closure.school_id IS NULL OR closure.school_id = room.school_id)
      AND (closure.section_id IS NULL OR closure.section_id = room.id)
)"""
"""The guard of the closing queries over ``presence``: PostgreSQL itself leaves out what a closure ``within`` covers.

The roll calls of :func:`roll_calls_on_closed_days` say the same and more (holidays, the calendar of the edition); were
they ever wrong about a closure, nothing of it would be charged all the same.
"""

type _Place = tuple[str, str, int | None, date]


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
    """Ids of the roll calls of the period (of those children) on days without service; four queries at most."""
    calls = RollCall.objects.filter(day__range=(period.start, period.last_day or date.max))
    if children is not None:
        calls = calls.filter(presences__child__in=children).distinct()
    rows = list(calls.order_by("pk").values_list("pk", "section_id", "day"))
    if not rows:
        return []
    sections = Section.objects.select_related("school").in_bulk({section_id for _pk, section_id, _day in rows})
    book = day_book(service.code, period)
    by_section = any(closure.section_id is not None for closure in book.closures)
    known: dict[_Place, bool] = {}
    return [
        pk for pk, section_id, day in rows if not _open(book, sections[section_id], day, known, by_section=by_section)
    ]


def _open(book: DayBook, section: Section, day: date, known: dict[_Place, bool], *, by_section: bool) -> bool:
    """Whether the canteen ran; worked out once per school and day, or per section where some closure names one."""
    school = section.school
    place = (school.school_code, school.level, section.pk if by_section else None, day)
    if place not in known:
        verdict = book.verdict(school_code=school.school_code, level=school.level, day=day, section_id=section.pk)
        known[place] = verdict.is_service_day
    return known[place]
