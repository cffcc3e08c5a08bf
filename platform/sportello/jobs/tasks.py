"""Celery's doors to the jobs."""

from uuid import UUID

from celery import shared_task

from sportello.jobs.running import run_job, stalled_jobs
from sportello.kernel import clock


@shared_task(name="jobs.run")
def run(*, job: str) -> None:
    """Runs one job by its public id."""
    run_job(public_id=UUID(job), now=clock.now)


@shared_task(name="jobs.resume_stalled")
def resume_stalled() -> None:
    """Sends again what nobody is working on."""
    for public_id in stalled_jobs(now=clock.now()):
        run.delay(job=str(public_id))
