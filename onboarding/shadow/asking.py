"""Asking for a comparison: a row that says what is compared with what, and a job."""

from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction

from onboarding.models import LoadState, RosterLoad
from onboarding.shadow.errors import (
    AlreadyComparing,
    LoadNotComparable,
    LoadNotJudged,
    MonthOfAnotherYear,
    NoServiceToCompare,
)
from onboarding.shadow.models import ShadowRun
from services_catalog.models import Archetype, Service
from sportello.accounts.models import Account
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.jobs.models import JobState
from sportello.jobs.starting import start_job
from sportello.kernel.month import Month
from sportello.kernel.school_year import SchoolYear

COMPARE: Final = "shadow_month"
SERVICES: Final = {"roster": Archetype.MEALS, "transport": Archetype.TRANSPORT}
"""The kinds of export that say what a month came to, and of which service."""
JUDGED: Final = (LoadState.CHECKED, LoadState.COMMITTING, LoadState.COMMITTED, LoadState.UNDOING, LoadState.UNDONE)
PATIENCE: Final = timedelta(hours=2)


@transaction.atomic
def ask_comparison(
    *, load: RosterLoad, month: Month, exported_on: date, tolerance: int, actor: Account, now: datetime
) -> ShadowRun:
    """Queues the comparison of a month with a load; nothing that is compared is written.

    Raises LoadNotComparable, LoadNotJudged, MonthOfAnotherYear, NoServiceToCompare, AlreadyComparing.
    """
    service = _service_of(load)
    year = SchoolYear(load.school_year)
    if SchoolYear.of(month.first_day) != year:
        raise MonthOfAnotherYear(month=month.name, year=str(year))
    going_on = ShadowRun.objects.filter(finished_at=None, job__state__in=[JobState.QUEUED, JobState.RUNNING])
    if going_on.filter(asked_at__gt=now - PATIENCE).exists():
        raise AlreadyComparing
    run = ShadowRun.objects.create(
        load=load,
        month=month.first_day,
        exported_on=exported_on,
        tolerance_cents=tolerance,
        service_code=service.code,
        asked_by=actor,
        asked_at=now,
    )
    run.job = start_job(kind=COMPARE, arguments={"run": str(run.public_id)}, requested_by=actor.pk, now=now)
    run.save(update_fields=["job"])
    record(
        action=Action.GO_LIVE_CHANGED,
        actor=actor.pk,
        subject_kind="shadow_run",
        subject=str(run.public_id),
        now=now,
        details={"event": "shadow_asked", "month": str(month), "load": str(load.public_id)},
    )
    return run


def _service_of(load: RosterLoad) -> Service:
    archetype = SERVICES.get(load.kind)
    if archetype is None:
        raise LoadNotComparable
    if load.state not in JUDGED:
        raise LoadNotJudged
    service = Service.objects.filter(archetype=archetype).order_by("code").first()
    if service is None:
        raise NoServiceToCompare
    return service
