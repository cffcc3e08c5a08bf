"""On which days a service runs for a school, and otherwise why not. Pure: calendar and closures are arguments."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

import holidays

from services_catalog.patron_days import patron_days
from services_catalog.schema import WEEKDAYS, LevelSpan, SchoolDays, ServiceCalendar
from sportello.kernel.dates import DateRange


class NoService(StrEnum):
    """Why there is no service on a day."""

    OUT_OF_PERIOD = "out_of_period"
    WEEKDAY = "weekday"
    NATIONAL_HOLIDAY = "national_holiday"
    PATRON_DAY = "patron_day"
    CALENDAR = "calendar"
    CLOSURE = "closure"


@dataclass(frozen=True, slots=True)
class ClosedPeriod:
    """A closure as the rules read it: None in ``school_code`` or ``section_id`` means all of them."""

    days: DateRange
    kind: str
    reason: str
    school_code: str | None = None
    section_id: int | None = None


@dataclass(frozen=True, slots=True)
class DayVerdict:
    """Whether the service runs; if not, why, with a ``detail`` for people where there is one."""

    day: date
    why_not: NoService | None = None
    detail: str = ""

    @property
    def is_service_day(self) -> bool:
        """Whether the service runs."""
        return self.why_not is None


@lru_cache(maxsize=16)
def national_holidays(year: int) -> Mapping[date, str]:
    """The national holidays of a calendar year with their Italian names.

    Never the province's subdivision of the library: its patron days are not those on which schools close.
    """
    found: Mapping[date, str] = dict(holidays.country_holidays("IT", years=year, language="it").items())
    return found


def day_verdict(
    *,
    calendar: ServiceCalendar,
    patron_rule: str,
    closures: Iterable[ClosedPeriod],
    school_code: str,
    level: str,
    day: date,
    section_id: int | None = None,
) -> DayVerdict:
    """Whether the service runs for that school (and section) on that day, and why not."""
    why_not, detail = _outside_calendar(calendar, school_code, level, day)
    if why_not is None and calendar.patron_day_closed and day in patron_days(patron_rule, day.year):
        why_not = NoService.PATRON_DAY
    if why_not is None:
        for closure in closures:
            if day in closure.days and _concerns(closure, school_code, section_id):
                why_not, detail = NoService.CLOSURE, closure.reason
                break
    return DayVerdict(day, why_not, detail)


def _outside_calendar(
    calendar: ServiceCalendar, school_code: str, level: str, day: date
) -> tuple[NoService | None, str]:
    """What the calendar of the edition and the national holidays say against a day, and the words for it."""
    own = _own_days(calendar, school_code)
    span = _span(calendar, level)
    if span is None or not _first(own, span) <= day <= _last(own, span):
        return NoService.OUT_OF_PERIOD, ""
    if WEEKDAYS[day.weekday()] not in (own.weekdays if own and own.weekdays else calendar.weekdays):
        return NoService.WEEKDAY, ""
    if name := national_holidays(day.year).get(day):
        return NoService.NATIONAL_HOLIDAY, name
    for closed in calendar.closed:
        if closed.first_day <= day <= closed.last_day:
            return NoService.CALENDAR, closed.reason.it
    return None, ""


def is_service_day(
    *,
    calendar: ServiceCalendar,
    patron_rule: str,
    closures: Iterable[ClosedPeriod],
    school_code: str,
    level: str,
    day: date,
    section_id: int | None = None,
) -> bool:
    """Whether the service runs for that school on that day; see :func:`day_verdict` for the reason why not."""
    return day_verdict(
        calendar=calendar,
        patron_rule=patron_rule,
        closures=closures,
        school_code=school_code,
        level=level,
        day=day,
        section_id=section_id,
    ).is_service_day


def service_days(
    *,
    calendar: ServiceCalendar,
    patron_rule: str,
    closures: Sequence[ClosedPeriod],
    school_code: str,
    level: str,
    within: DateRange,
    section_id: int | None = None,
) -> list[date]:
    """The days of a period on which the service runs for that school; the period must have an end."""
    return [
        day
        for day in within.days()
        if is_service_day(
            calendar=calendar,
            patron_rule=patron_rule,
            closures=closures,
            school_code=school_code,
            level=level,
            day=day,
            section_id=section_id,
        )
    ]


def _own_days(calendar: ServiceCalendar, school_code: str) -> SchoolDays | None:
    return next((own for own in calendar.schools if own.school == school_code), None)


def _span(calendar: ServiceCalendar, level: str) -> LevelSpan | None:
    return next((span for span in calendar.spans if span.level == level), None)


def _first(own: SchoolDays | None, span: LevelSpan) -> date:
    return own.first_day if own and own.first_day else span.first_day


def _last(own: SchoolDays | None, span: LevelSpan) -> date:
    return own.last_day if own and own.last_day else span.last_day


def _concerns(closure: ClosedPeriod, school_code: str, section_id: int | None) -> bool:
    return closure.school_code in (None, school_code) and closure.section_id in (None, section_id)
