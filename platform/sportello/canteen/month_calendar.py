"""The closed days of a child's month, as the family reads them: which, in a word, and why."""

from dataclasses import dataclass
from datetime import date

from services_catalog.day_explanation import Reason, explain_day
from services_catalog.queries import day_book
from services_catalog.service_days import NoService
from sportello.canteen.month import Month
from sportello.canteen.service import canteen_service, closed_word, why_closed
from sportello.families.models import Child
from sportello.families.queries import placements_during

_EVERY_WEEK = frozenset({NoService.WEEKDAY, NoService.OUT_OF_PERIOD})
"""What a family knows without being told: week-ends, and the time before and after the service."""


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """A day without canteen for the child: a word for its cell, a sentence, the reasons layer by layer."""

    day: date
    word: str
    sentence: str
    reasons: tuple[Reason, ...]


def closed_days_of(child: Child, month: Month) -> list[ClosedDay]:
    """The working days of the month on which the canteen does not run for the child; five queries."""
    places = placements_during(child, month.period)
    if not places:
        return []
    book = day_book(canteen_service().code, month.period)
    found = []
    for day in month.period.days():
        place = next((one for one in places if day in one.valid_during), None)
        if place is None or day.weekday() > 4:
            continue
        why = explain_day(book, school=place.section.school, section=place.section, day=day)
        if why.verdict.why_not is not None and why.verdict.why_not not in _EVERY_WEEK:
            found.append(ClosedDay(day, closed_word(why.verdict), why_closed(why.verdict), why.reasons))
    return found
