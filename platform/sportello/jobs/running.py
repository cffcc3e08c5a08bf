"""Running a job: one runner at a time, resumed when its worker died; all or nothing, unless its kind works in pieces.

The advisory lock belongs to the connection: when the worker or the database dies it is gone, and the
next `resume_stalled` finds the job still `running` with nobody at work.
"""

import logging
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sportello.jobs.models import Job, JobState
from sportello.jobs.progress import JobProgress
from sportello.jobs.registry import runner_of, works_in_pieces
from sportello.kernel.errors import DomainError
from tenants.current import require_schema

MAX_ATTEMPTS: Final = 5
PATIENCE: Final = timedelta(seconds=90)
GAVE_UP: Final = _("Il lavoro si è interrotto più volte. Chiama l'assistenza.")
log = logging.getLogger(__name__)


def run_job(*, public_id: UUID, now: Callable[[], datetime]) -> None:
    """Runs the job unless it is finished or somebody else is at it. `now` tells the time when asked.

    An anticipated failure (DomainError) ends it as failed, with its sentence; any other leaves it
    running, to be resumed, and bubbles up.
    """
    job = Job.objects.get(public_id=public_id)
    if job.finished_at or not _lock(job):
        return
    try:
        _run(job, now)
    finally:
        _unlock(job)


def _run(job: Job, now: Callable[[], datetime]) -> None:
    started = now()
    Job.objects.filter(pk=job.pk).update(
        state=JobState.RUNNING,
        started_at=job.started_at or started,
        heartbeat_at=started,
        attempts=F("attempts") + 1,
    )
    progress = JobProgress(job)
    try:
        with nullcontext() if works_in_pieces(job.kind) else transaction.atomic():
            result = runner_of(job.kind)(job, progress)
            _finish(job, progress, state=JobState.DONE, result=result, at=now())
    except DomainError as failure:
        progress.figures["message"] = str(failure)[:300]
        _finish(job, progress, state=JobState.FAILED, result={}, at=now())


def _finish(job: Job, progress: JobProgress, *, state: JobState, result: dict[str, object], at: datetime) -> None:
    Job.objects.filter(pk=job.pk).update(state=state, result=result, finished_at=at, **progress.figures)


def stalled_jobs(*, now: datetime) -> list[UUID]:
    """Jobs that nobody is working on; those tried too often end as failed."""
    waiting = Q(state=JobState.QUEUED, created_at__lt=now - PATIENCE)
    orphaned = Q(state=JobState.RUNNING, heartbeat_at__lt=now - PATIENCE)
    idle = [job for job in Job.objects.filter(waiting | orphaned).order_by("id") if _is_idle(job)]
    for job in (job for job in idle if job.attempts >= MAX_ATTEMPTS):
        log.error("Gave up a job that never finished", extra={"job": str(job.public_id)})
        Job.objects.filter(pk=job.pk).update(state=JobState.FAILED, finished_at=now, message=str(GAVE_UP))
    return [job.public_id for job in idle if job.attempts < MAX_ATTEMPTS]


def _is_idle(job: Job) -> bool:
    """Whether no worker holds the job."""
    if not _lock(job):
        return False
    _unlock(job)
    return True


def _lock(job: Job) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s), %s)", [require_schema(), job.pk])
        return bool(cursor.fetchone()[0])


def _unlock(job: Job) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(hashtext(%s), %s)", [require_schema(), job.pk])
