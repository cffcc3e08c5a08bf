"""Roll calls of days that were closed afterwards: a strike told late, an ordinance. Their meals are never charged."""

from collections.abc import Collection
from datetime import date

from services_catalog.models import Service
from services_catalog.queries import DayBook, day_book
from sportello.canteen.models import RollCall
from sportello.families.models import Child
from sportello.kernel.dates import DateRange
from sportello.schools.models import Section

type _Place = tuple[str, str, int | None, date]


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
