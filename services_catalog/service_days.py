"""On which days a service runs for a school or a class, and otherwise why not. Pure: calendars are arguments.

Seven layers are asked in one order, from the farthest to the nearest: national holidays, patron day, Region, Comune,
school, class, service. The first that is against says why; none can open what another closes, but for two words of a
single school, which lift the calendar of the Region alone: a recorded adaptation, and its own first or last day in the
edition of the service.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

import holidays

from services_catalog.patron_days import patron_days
from services_catalog.regional_calendar import LEVELS, NO_REGION, RegionalCalendar
from services_catalog.schema import WEEKDAYS, LevelSpan, SchoolDays, ServiceCalendar
from sportello.kernel.dates import DateRange


class NoService(StrEnum):
    """Why there is no service on a day."""

    OUT_OF_PERIOD = "out_of_period"
    WEEKDAY = "weekday"
    NATIONAL_HOLIDAY = "national_holiday"
    PATRON_DAY = "patron_day"
    REGION = "region"
    CALENDAR = "calendar"
    CLOSURE = "closure"


class Layer(StrEnum):
    """Who has a word on a day, in the order in which they are asked."""

    NATIONAL = "national"
    PATRON = "patron"
    REGION = "region"
    MUNICIPALITY = "municipality"
    SCHOOL = "school"
    SECTION = "section"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class ClosedPeriod:
    """A closure as the rules read it: None in ``school_code`` or ``section_id`` means all of them."""

    days: DateRange
    kind: str
    reason: str
    school_code: str | None = None
    section_id: int | None = None
    of_service: bool = False

    @property
    def layer(self) -> Layer:
        """Where in the order it is asked: one that names a service is the last word of that service."""
        if self.of_service:
            return Layer.SERVICE
        if self.section_id is not None:
            return Layer.SECTION
        return Layer.MUNICIPALITY if self.school_code is None else Layer.SCHOOL

    def concerns(self, school_code: str, section_id: int | None) -> bool:
        """Whether that school, or that class, is among those closed."""
        return self.school_code in (None, school_code) and self.section_id in (None, section_id)


@dataclass(frozen=True, slots=True)
class OpenPeriod:
    """An adaptation of one school: lessons on days that the calendar of the Region leaves free."""

    days: DateRange
    school_code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one layer says of a day: against it (``why_not``) or nothing; ``detail`` and ``kind`` are its words."""

    layer: Layer
    why_not: NoService | None = None
    detail: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class DayVerdict:
    """Whether the service runs; if not, why and by whose word, with a ``detail`` for people where there is one."""

    day: date
    why_not: NoService | None = None
    detail: str = ""
    layer: Layer | None = None
    kind: str = ""

    @property
    def is_service_day(self) -> bool:
        """Whether the service runs."""
        return self.why_not is None


@dataclass(frozen=True, slots=True)
class DayRules:
    """All that has a word on the days of a service: nothing else is read to judge one."""

    calendar: ServiceCalendar
    patron_rule: str = ""
    closures: Iterable[ClosedPeriod] = ()
    openings: Iterable[OpenPeriod] = ()
    regional: RegionalCalendar = NO_REGION


@lru_cache(maxsize=16)
def national_holidays(year: int) -> Mapping[date, str]:
    """The national holidays of a calendar year with their Italian names.

    Never the province's subdivision of the library: its patron days are not those on which schools close.
    """
    found: Mapping[date, str] = dict(holidays.country_holidays("IT", years=year, language="it").items())
    return found


def judgements(
    rules: DayRules, *, school_code: str, level: str, day: date, section_id: int | None = None
) -> Iterator[Judgement]:
    """What each layer says of the day, in their order: always seven."""
    closures = {
        closure.layer: closure
        for closure in reversed([*rules.closures])
        if day in closure.days and closure.concerns(school_code, section_id)
    }
    yield _national(day)
    yield _patron(rules, day)
    yield _regional(rules, school_code, level, day)
    for layer in (Layer.MUNICIPALITY, Layer.SCHOOL, Layer.SECTION):
        yield _closed_by(layer, closures.get(layer))
    yield _service(rules.calendar, school_code, level, day, closures.get(Layer.SERVICE))


def day_verdict(
    rules: DayRules, *, school_code: str, level: str, day: date, section_id: int | None = None
) -> DayVerdict:
    """Whether the service runs for that school (and section) on that day, and by whose word not."""
    for said in judgements(rules, school_code=school_code, level=level, day=day, section_id=section_id):
        if said.why_not is not None:
            return DayVerdict(day, said.why_not, said.detail, said.layer, said.kind)
    return DayVerdict(day)


def service_days(
    rules: DayRules, *, school_code: str, level: str, within: DateRange, section_id: int | None = None
) -> list[date]:
    """The days of a period on which the service runs for that school; the period must have an end."""
    verdicts = (
        day_verdict(rules, school_code=school_code, level=level, day=day, section_id=section_id)
        for day in within.days()
    )
    return [verdict.day for verdict in verdicts if verdict.is_service_day]


def _national(day: date) -> Judgement:
    name = national_holidays(day.year).get(day)
    return Judgement(Layer.NATIONAL, NoService.NATIONAL_HOLIDAY if name else None, name or "")


def _patron(rules: DayRules, day: date) -> Judgement:
    closed = rules.calendar.patron_day_closed and day in patron_days(rules.patron_rule, day.year)
    return Judgement(Layer.PATRON, NoService.PATRON_DAY if closed else None)


def _regional(rules: DayRules, school_code: str, level: str, day: date) -> Judgement:
    """The Region speaks for the levels of the school system; a single school may depart from it."""
    year = rules.regional.year_of(day) if level in LEVELS else None
    if year is None:
        return Judgement(Layer.REGION)
    opening = next((one for one in rules.openings if one.school_code == school_code and day in one.days), None)
    if opening is not None:
        return Judgement(Layer.REGION, detail=opening.reason)
    if closed := year.closed_on(day):
        return Judgement(Layer.REGION, NoService.REGION, closed.reason.it)
    if year.is_lesson_time(level, day) or _starts_or_ends_by_itself(_own_days(rules.calendar, school_code), day):
        return Judgement(Layer.REGION)
    return Judgement(Layer.REGION, NoService.REGION)


def _starts_or_ends_by_itself(own: SchoolDays | None, day: date) -> bool:
    """Whether the school wrote a first or last day of its own that holds the day (autonomy, d.P.R. 275/1999)."""
    if own is None or (own.first_day is None and own.last_day is None):
        return False
    return (own.first_day is None or own.first_day <= day) and (own.last_day is None or day <= own.last_day)


def _closed_by(layer: Layer, closure: ClosedPeriod | None) -> Judgement:
    if closure is None:
        return Judgement(layer)
    return Judgement(layer, NoService.CLOSURE, closure.reason, closure.kind)


def _service(
    calendar: ServiceCalendar, school_code: str, level: str, day: date, closure: ClosedPeriod | None
) -> Judgement:
    """The span, the weekdays and the closed days of the edition, then a closure of that service alone."""
    own, span = _own_days(calendar, school_code), _span(calendar, level)
    if span is None or not _first(own, span) <= day <= _last(own, span):
        return Judgement(Layer.SERVICE, NoService.OUT_OF_PERIOD)
    if WEEKDAYS[day.weekday()] not in (own.weekdays if own and own.weekdays else calendar.weekdays):
        return Judgement(Layer.SERVICE, NoService.WEEKDAY)
    for closed in calendar.closed:
        if closed.first_day <= day <= closed.last_day:
            return Judgement(Layer.SERVICE, NoService.CALENDAR, closed.reason.it)
    return _closed_by(Layer.SERVICE, closure)


def _own_days(calendar: ServiceCalendar, school_code: str) -> SchoolDays | None:
    return next((own for own in calendar.schools if own.school == school_code), None)


def _span(calendar: ServiceCalendar, level: str) -> LevelSpan | None:
    return next((span for span in calendar.spans if span.level == level), None)


def _first(own: SchoolDays | None, span: LevelSpan) -> date:
    return own.first_day if own and own.first_day else span.first_day


def _last(own: SchoolDays | None, span: LevelSpan) -> date:
    return own.last_day if own and own.last_day else span.last_day
