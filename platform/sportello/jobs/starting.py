"""Starting a job: a row in the caller's transaction, a task once it has committed."""

from datetime import datetime
from typing import Any

from django.db import transaction

from sportello.jobs.models import Job
from sportello.jobs.registry import runner_of
from sportello.jobs.tasks import run


def start_job(*, kind: str, arguments: dict[str, Any], requested_by: int | None, now: datetime) -> Job:
    """Queues a job of a registered kind. `arguments` are ids and dates, never personal data."""
    runner_of(kind)
    job = Job.objects.create(kind=kind, arguments=arguments, requested_by=requested_by, created_at=now)
    transaction.on_commit(lambda: run.delay(job=str(job.public_id)))
    return job
