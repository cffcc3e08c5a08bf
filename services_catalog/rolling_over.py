"""The whole catalogue passes to the next school year, as drafts: nothing is in force until its act says so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from services_catalog.describing import Change, changes
from services_catalog.models import Edition, EditionStatus, Service
from services_catalog.next_year import SUPPOSED, next_years_content
from services_catalog.publication import draft_edition
from services_catalog.regional_calendar import RegionalCalendar, regional_calendar
from services_catalog.schema import EditionContent
from sportello.accounts.models import Account
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.kernel.school_year import SchoolYear


class Skipped(StrEnum):
    """Why a service gets no draft."""

    HAS_ONE = "has_one"
    NOTHING_THIS_YEAR = "nothing_this_year"


@dataclass(frozen=True, slots=True)
class Passage:
    """What the passage would do, or did, for a service: a draft from ``source``, or nothing and why."""

    service: Service
    source: Edition | None = None
    content: EditionContent | None = None
    skipped: Skipped | None = None
    standing: Edition | None = None
    """The edition of the next year: the one that was there already, or the draft just made."""

    @property
    def changes(self) -> list[Change]:
        """What differs from the edition it starts from, in words of the reader's language."""
        if self.source is None or self.content is None:
            return []
        return changes(self.source.rules, self.content)

    @property
    def assumptions(self) -> list[str]:
        """What the draft only supposes about the new year."""
        made = () if self.content is None else self.content.assumptions
        return [one for one in made if one in SUPPOSED]


def plan_roll_over(*, year: SchoolYear, region: RegionalCalendar | None = None) -> list[Passage]:
    """What passing from that school year to the next would draft, service by service; two queries, nothing is kept."""
    return _plan(list(Service.objects.order_by("name", "pk")), year, region or regional_calendar())


@transaction.atomic
def roll_over(
    *, year: SchoolYear, actor: Account | None, now: datetime, region: RegionalCalendar | None = None
) -> list[Passage]:
    """Drafts the next school year of every service that has an edition of this one and none of the next.

    All or nothing; pressed twice, or by two people at once, it makes nothing new. Dates are moved, fees kept, the act
    is empty and the assumptions say what was only moved. Returns one passage for each service.
    """
    services = list(Service.objects.select_for_update().order_by("pk"))  # a second one waits here, then finds the draft
    plan = _plan(services, year, region or regional_calendar())
    return [_drafted(passage, year, actor, now) for passage in plan]


def _plan(services: Sequence[Service], year: SchoolYear, region: RegionalCalendar) -> list[Passage]:
    years = (year.start_year, year.next.start_year)
    held = Edition.objects.filter(service__in=services, school_year__in=years)
    editions = list(held.select_related("service").order_by("service_id", "school_year", "revision"))
    return [
        _passage(service, [one for one in editions if one.service_id == service.pk], year, region)
        for service in services
    ]


def _passage(service: Service, editions: Sequence[Edition], year: SchoolYear, region: RegionalCalendar) -> Passage:
    standing = [one for one in editions if one.school_year == year.next.start_year]
    if standing:
        return Passage(service, skipped=Skipped.HAS_ONE, standing=standing[-1])
    source = _source([one for one in editions if one.school_year == year.start_year])
    if source is None:
        return Passage(service, skipped=Skipped.NOTHING_THIS_YEAR)
    return Passage(service, source=source, content=next_years_content(source.rules, year, region))


def _source(editions: Sequence[Edition]) -> Edition | None:
    """The last that was in force, else the latest there is: a year may be prepared from one never approved."""
    in_force = [one for one in editions if one.status == EditionStatus.IN_FORCE]
    if in_force:
        return max(in_force, key=lambda one: one.period.start)
    return editions[-1] if editions else None


def _drafted(passage: Passage, year: SchoolYear, actor: Account | None, now: datetime) -> Passage:
    if passage.source is None or passage.content is None:
        return passage
    draft = draft_edition(service=passage.service, school_year=year.next, content=passage.content, actor=actor, now=now)
    record(
        action=Action.EDITION_CHANGED,
        actor=None if actor is None else actor.pk,
        subject_kind="edition",
        subject=draft.pk,
        now=now,
        details={"event": "rolled_over", "from": passage.source.pk, "fingerprint": draft.fingerprint},
    )
    return Passage(passage.service, source=passage.source, content=passage.content, standing=draft)
