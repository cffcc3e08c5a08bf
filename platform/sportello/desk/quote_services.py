"""The services one may be quoted for, with what each asks and the days on which each runs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language

from services_catalog.confirmation import fees_are_confirmed
from services_catalog.models import Archetype, Edition, Service
from services_catalog.queries import DayBook, day_book
from services_catalog.regional_calendar import regional_calendar
from services_catalog.schema import EditionContent
from sportello.applications.calls import Call, calls_on
from sportello.fees.asking import FactsRead, facts_read
from sportello.fees.simulating import PlannedService
from sportello.fees.timeline import EditionSpan
from sportello.kernel.dates import DateRange


@dataclass(frozen=True, slots=True)
class Quoted:
    """A service that has a fee: the edition families apply under, and what its fee reads."""

    service: Service
    call: Call
    reads: FactsRead

    @property
    def code(self) -> str:
        """The code of the service."""
        return self.service.code

    @property
    def content(self) -> EditionContent:
        """What the edition decides."""
        return self.call.content

    @property
    def title(self) -> str:
        """Its name on its sheet, in the language of the page."""
        return self.content.sheet.within(get_language() or "it").title

    @property
    def levels(self) -> tuple[str, ...]:
        """The school levels it is for."""
        return self.content.audience.levels

    @property
    def times(self) -> int:
        """On how many days a week it runs at most."""
        calendar = self.content.calendar
        return max(len(calendar.weekdays), *(len(one.weekdays) for one in calendar.schools), 1)

    @property
    def year(self) -> DateRange:
        """The school year quoted."""
        return self.call.year.period

    @property
    def dates_are_confirmed(self) -> bool:
        """Whether the Region has settled the days of lessons of the year."""
        year = regional_calendar().year_of(self.year.start.replace(month=12))
        return year is not None and year.is_confirmed

    @property
    def is_confirmed(self) -> bool:
        """Whether its fees are those of a real act."""
        return fees_are_confirmed(self.call.edition)


def quoted_services(services: Iterable[Service], today: date) -> list[Quoted]:
    """Those with a fee, by name; one query for the editions."""
    with_fee = [service for service in services if service.archetype != Archetype.GRANT]
    calls = calls_on(today, *with_fee)
    return [
        Quoted(service, calls[service.code], facts_read(calls[service.code].content.fees))
        for service in with_fee
        if service.code in calls
    ]


@dataclass(frozen=True, slots=True)
class QuotedYear:
    """A service over its school year: editions, and days of service by school."""

    quoted: Quoted
    book: DayBook

    @property
    def editions(self) -> dict[int, Edition]:
        """The editions in force in the year, by id."""
        return {edition.pk: edition for edition in self.book.editions}

    def planned(self) -> PlannedService:
        """As the simulation takes it."""
        spans = [EditionSpan(one.pk, one.period, one.rules.fees) for one in self.book.editions]
        return PlannedService(self.quoted.code, tuple(spans), self.quoted.year)

    def days(self, *, school_code: str, level: str, first_month: int, times: int | None) -> tuple[date, ...]:
        """The days of use: from the first day of that month of the school year on, so many times a week at most.

        A child who uses the service fewer times than it runs is taken to do so on the first days of each week.
        """
        if level not in self.quoted.levels:
            return ()
        year = self.quoted.year
        start = date(year.start.year + (first_month < year.start.month), first_month, 1)
        found = self.book.service_days(school_code=school_code, level=level, within=DateRange(start, year.end))
        return tuple(found) if times is None else tuple(_some_of_each_week(found, times))


def years_of(quoted: Iterable[Quoted]) -> list[QuotedYear]:
    """The year of each service; three queries each."""
    return [QuotedYear(one, day_book(one.code, one.year)) for one in quoted]


def _some_of_each_week(days: Sequence[date], times: int) -> Iterable[date]:
    taken: dict[tuple[int, int], int] = {}
    for day in days:
        week = day.isocalendar()[:2]
        taken[week] = taken.get(week, 0) + 1
        if taken[week] <= times:
            yield day
