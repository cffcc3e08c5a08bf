"""Reads that several rooms share: the edition of a day, and the days on which a service runs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils.translation import gettext as _

from services_catalog.models import Closure, Edition, EditionStatus, SchoolOpening, Service
from services_catalog.regional_calendar import regional_calendar
from services_catalog.service_days import (
    ClosedPeriod,
    DayRules,
    DayVerdict,
    Judgement,
    Layer,
    NoService,
    OpenPeriod,
    day_verdict,
    judgements,
)
from sportello.kernel.dates import DateRange
from sportello.kernel.errors import DomainError
from tenants.current import current_municipality


class NoEditionInForce(DomainError):
    """No act in force says the rules of the service on that day."""


def editions_in_force(service_code: str, within: DateRange) -> list[Edition]:
    """The editions in force on some day of the period, in order of time (one query)."""
    found = Edition.objects.filter(
        service__code=service_code, status=EditionStatus.IN_FORCE, valid_during__overlap=within.bounds
    )
    return list(found.select_related("service").order_by("valid_during"))


def edition_on(service_code: str, day: date) -> Edition:
    """The edition in force on a day; raises NoEditionInForce."""
    for edition in editions_in_force(service_code, DateRange.one_day(day)):
        return edition
    raise NoEditionInForce(
        _("Per il %(day)s non c'è una tariffa in vigore per questo servizio."), day=day.strftime("%d/%m/%Y")
    )


@dataclass(frozen=True, slots=True)
class Place:
    """Where days are judged: a level, and the school and the class only where something names them."""

    level: str
    school_code: str = ""
    section_id: int | None = None


@dataclass(frozen=True)
class DayBook:
    """On which days of a period a service runs, for every school: editions, closures, adaptations, patron, Region."""

    editions: Sequence[Edition]
    closures: Sequence[ClosedPeriod]
    openings: Sequence[OpenPeriod]
    patron_rule: str

    def verdict(self, *, school_code: str, level: str, day: date, section_id: int | None = None) -> DayVerdict:
        """Whether the service runs for that school (and class) on that day, and why not."""
        rules = self._rules_on(day)
        if rules is None:
            return DayVerdict(day, NoService.OUT_OF_PERIOD, layer=Layer.SERVICE)
        return day_verdict(rules, school_code=school_code, level=level, day=day, section_id=section_id)

    def place(self, *, school_code: str, level: str, section_id: int) -> Place:
        """The place as far as its days go: two classes of one Place are open on the same days.

        A school or a class that no closure, adaptation or calendar names is like any other of its level, so that a
        whole Comune is judged by a few places.
        """
        named = school_code in self._named_schools
        return Place(level, school_code if named else "", section_id if section_id in self._named_sections else None)

    def closed_at(self, place: Place, days: Iterable[date]) -> list[date]:
        """Those of the days on which the service does not run at a place."""
        return [
            day
            for day in days
            if not self.verdict(
                school_code=place.school_code, level=place.level, day=day, section_id=place.section_id
            ).is_service_day
        ]

    def chain(self, *, school_code: str, level: str, day: date, section_id: int | None = None) -> list[Judgement]:
        """What each layer says of the day; none where no edition of the service is in force."""
        rules = self._rules_on(day)
        if rules is None:
            return []
        return list(judgements(rules, school_code=school_code, level=level, day=day, section_id=section_id))

    def without(self, closure: ClosedPeriod) -> "DayBook":
        """The same days as they were before that closure."""
        return replace(self, closures=[held for held in self.closures if held != closure])

    def service_days(
        self, *, school_code: str, level: str, within: DateRange, section_id: int | None = None
    ) -> list[date]:
        """The days of a period (which must have an end) on which the service runs for that school."""
        verdicts = (
            self.verdict(school_code=school_code, level=level, day=day, section_id=section_id) for day in within.days()
        )
        return [verdict.day for verdict in verdicts if verdict.is_service_day]

    @cached_property
    def _named_schools(self) -> frozenset[str]:
        """The schools whose days something says: all others of a level are alike."""
        by_closures = {closure.school_code for closure in self.closures if closure.school_code is not None}
        by_editions = {own.school for edition in self.editions for own in edition.rules.calendar.schools}
        return frozenset(by_closures | by_editions | {opening.school_code for opening in self.openings})

    @cached_property
    def _named_sections(self) -> frozenset[int]:
        return frozenset(closure.section_id for closure in self.closures if closure.section_id is not None)

    def _rules_on(self, day: date) -> DayRules | None:
        for edition in self.editions:
            if day in edition.period:
                return DayRules(
                    calendar=edition.rules.calendar,
                    patron_rule=self.patron_rule,
                    closures=self.closures,
                    openings=self.openings,
                    regional=regional_calendar(),
                )
        return None


def day_book(service_code: str, within: DateRange) -> DayBook:
    """The day book of a service for a period: three queries, and the patron rule of the current Comune."""
    closures = (
        Closure.objects.filter(Q(service=None) | Q(service__code=service_code), days__overlap=within.bounds)
        .select_related("school")
        .order_by("days", "id")
    )
    openings = SchoolOpening.objects.filter(days__overlap=within.bounds).select_related("school")
    return DayBook(
        editions=editions_in_force(service_code, within),
        closures=[closed_period(closure) for closure in closures],
        openings=[
            OpenPeriod(DateRange.from_bounds(one.days), one.school.school_code, one.reason)
            for one in openings.order_by("days", "id")
        ],
        patron_rule=current_municipality().patron_rule,
    )


def closed_period(closure: Closure) -> ClosedPeriod:
    """A closure as the rules read it."""
    return ClosedPeriod(
        days=DateRange.from_bounds(closure.days),
        kind=closure.kind,
        reason=closure.reason,
        school_code=closure.school.school_code if closure.school else None,
        section_id=closure.section_id,
        of_service=closure.service_id is not None,
    )


def is_service_day(*, service_code: str, school_code: str, level: str, day: date) -> bool:
    """Whether the service runs for a school on one day; for many days or schools take a :func:`day_book`."""
    book = day_book(service_code, DateRange.one_day(day))
    return book.verdict(school_code=school_code, level=level, day=day).is_service_day


def services_with_editions() -> list[Service]:
    """The services of the Comune, each with its editions, the latest first (two queries)."""
    latest_first = Edition.objects.order_by("-school_year", "-revision")
    return list(Service.objects.prefetch_related(Prefetch("editions", queryset=latest_first)).order_by("name"))


def editions_to_confirm() -> dict[str, Edition]:
    """The services of the Comune whose fees no act has stated yet, by their code: the latest draft of each (one query).

    A service that has, or had, an edition in force is not among them.
    """
    decided = Edition.objects.filter(service=OuterRef("service")).exclude(status=EditionStatus.DRAFT)
    drafts = Edition.objects.filter(~Exists(decided)).select_related("service")
    latest = {draft.service.code: draft for draft in drafts.order_by("service__name", "school_year", "revision")}
    return {code: draft for code, draft in latest.items() if draft.rules.fees.to_confirm}


def edition_before(edition: Edition) -> Edition | None:
    """What a draft would replace on its first day, or what stood before an edition in force; None for the first."""
    others = (
        Edition.objects.filter(service=edition.service_id)
        .exclude(pk=edition.pk)
        .exclude(status__in=[EditionStatus.DRAFT, EditionStatus.PROPOSED])
    )
    if edition.is_draft or edition.is_proposed:
        held = others.filter(status=EditionStatus.IN_FORCE, valid_during__contains=edition.period.start).first()
        return held or others.order_by("-school_year", "-revision").first()
    earlier = Q(school_year__lt=edition.school_year)
    earlier |= Q(school_year=edition.school_year, revision__lt=edition.revision)
    return others.filter(earlier).order_by("-school_year", "-revision").first()
