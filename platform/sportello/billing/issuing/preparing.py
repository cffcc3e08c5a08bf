"""The office sets what an issue asks for, has it counted, and has it issued."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sportello.billing.debts.errors import DatesDisagree, NothingToAsk
from sportello.billing.debts.ourselves import our_institution
from sportello.billing.issuing.errors import AlreadyBegun, AlreadyIssued, NotCounted, NothingIssued, StillWorking
from sportello.billing.issuing.models import NoticeIssue
from sportello.jobs.models import Job
from sportello.jobs.starting import start_job
from sportello.kernel.clock import ROME
from sportello.kernel.money import Money

COUNT, ISSUE, PRINT = "issuing.count", "issuing.issue", "issuing.print"


@transaction.atomic
def prepare_issue(
    *,
    services: Sequence[str],
    description: str,
    due_on: date,
    last_day: date,
    minimum: Money,
    instalments: int,
    instalments_from: Money,
    skips_exempt: bool,
    actor: int,
    now: datetime,
) -> NoticeIssue:
    """Keeps the terms and starts the count; no notice is made. Raises NothingToAsk, DatesDisagree, InstitutionNotReady.

    `description` is the causale: services and period, never a child (P30).
    """
    our_institution()
    if not services:
        raise NothingToAsk
    if last_day < due_on or due_on <= now.astimezone(ROME).date():
        raise DatesDisagree(_("La scadenza deve essere dopo oggi e non può venire dopo l'ultimo giorno utile."))
    issue = NoticeIssue.objects.create(
        services=sorted(set(services)),
        description=description.strip(),
        due_on=due_on,
        last_day=last_day,
        minimum_cents=minimum.cents,
        instalments=instalments,
        instalments_from_cents=instalments_from.cents,
        skips_exempt=skips_exempt,
        created_at=now,
        created_by=actor,
    )
    _start(issue, COUNT, actor, now)
    return issue


@transaction.atomic
def count_again(*, issue: NoticeIssue, actor: int, now: datetime) -> Job:
    """Counts what would be asked today. Raises StillWorking, AlreadyIssued, AlreadyBegun."""
    held = _idle(issue)
    if held.issued_at:
        raise AlreadyIssued
    if held.is_begun:
        raise AlreadyBegun
    return _start(held, COUNT, actor, now)


@transaction.atomic
def confirm_issue(*, issue: NoticeIssue, actor: int, now: datetime) -> Job:
    """Starts issuing what was counted, or goes on with it.

    Raises StillWorking, NotCounted, AlreadyIssued, NothingToAsk.
    """
    held = _idle(issue)
    if held.issued_at:
        raise AlreadyIssued
    if not held.counted_at:
        raise NotCounted
    if not held.counts["notices"]:
        raise NothingToAsk
    return _start(held, ISSUE, actor, now)


@transaction.atomic
def print_issue(*, issue: NoticeIssue, actor: int, now: datetime) -> Job:
    """Starts making the papers. Raises StillWorking, NothingIssued."""
    held = _idle(issue)
    if not held.issued_at or not held.counts["notices"]:
        raise NothingIssued
    return _start(held, PRINT, actor, now)


def _idle(issue: NoticeIssue) -> NoticeIssue:
    """The row, locked. Raises StillWorking."""
    held = NoticeIssue.objects.select_for_update(of=("self",)).select_related("job").get(pk=issue.pk)
    if held.is_working:
        raise StillWorking
    return held


def _start(issue: NoticeIssue, kind: str, actor: int, now: datetime) -> Job:
    issue.job = start_job(kind=kind, arguments={"issue": str(issue.public_id)}, requested_by=actor, now=now)
    issue.save(update_fields=["job"])
    return issue.job
