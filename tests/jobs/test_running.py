"""A job runs once, all or nothing, and is found again when its worker died."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connections

from sportello.audit.models import Event
from sportello.jobs import registry
from sportello.jobs.models import Job, JobState
from sportello.jobs.progress import JobProgress, latest_figures
from sportello.jobs.registry import Progress
from sportello.jobs.running import MAX_ATTEMPTS, PATIENCE, run_job, stalled_jobs
from sportello.jobs.starting import start_job
from sportello.kernel import clock
from sportello.kernel.errors import DomainError
from tenants.models import Municipality

pytestmark = pytest.mark.usefixtures("bari")


class NotToday(DomainError):
    """The runner cannot do its work."""


def count_to_three(job: Job, progress: Progress) -> dict[str, Any]:
    for number in range(1, 4):
        progress.advance(done=number, total=3, message=f"{number} di 3")
    return {"counted": 3}


def refuse(job: Job, progress: Progress) -> dict[str, Any]:
    Event.objects.create(happened_at=clock.now(), action="login", subject_kind="test", subject="half done")
    raise NotToday("Oggi non si può.")


def refuse_midway(job: Job, progress: Progress) -> dict[str, Any]:
    return refuse(job, progress)


def break_down(job: Job, progress: Progress) -> dict[str, Any]:
    raise ZeroDivisionError


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_runners", {})
    monkeypatch.setattr(registry, "_in_pieces", set())
    for kind, runner in (("count", count_to_three), ("refuse", refuse), ("break", break_down)):
        registry.register(kind, runner)


def queued(kind: str) -> Job:
    return start_job(kind=kind, arguments={}, requested_by=None, now=clock.now())


def test_a_job_runs_to_its_end_and_keeps_its_figures() -> None:
    job = queued("count")
    run_job(public_id=job.public_id, now=clock.now)
    job.refresh_from_db()
    assert (job.state, job.done, job.total, job.result) == (JobState.DONE, 3, 3, {"counted": 3})


def test_a_finished_job_is_not_run_again() -> None:
    job = queued("count")
    run_job(public_id=job.public_id, now=clock.now)
    run_job(public_id=job.public_id, now=clock.now)
    job.refresh_from_db()
    assert job.attempts == 1


def test_an_anticipated_failure_says_why_and_leaves_nothing_behind() -> None:
    job = queued("refuse")
    run_job(public_id=job.public_id, now=clock.now)
    job.refresh_from_db()
    assert (job.state, job.message) == (JobState.FAILED, "Oggi non si può.")
    assert not Event.objects.filter(subject="half done").exists()


def test_what_works_in_pieces_keeps_those_it_has_finished() -> None:
    registry.register("pieces", refuse_midway, in_pieces=True)
    job = queued("pieces")
    run_job(public_id=job.public_id, now=clock.now)
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert Event.objects.filter(subject="half done").count() == 1


def test_an_unforeseen_failure_leaves_the_job_to_be_resumed() -> None:
    job = queued("break")
    with pytest.raises(ZeroDivisionError):
        run_job(public_id=job.public_id, now=clock.now)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.finished_at) == (JobState.RUNNING, 1, None)
    assert stalled_jobs(now=clock.now() + PATIENCE + timedelta(seconds=1)) == [job.public_id]


def test_a_job_that_never_ends_well_is_given_up() -> None:
    job = queued("break")
    for _ in range(MAX_ATTEMPTS):
        with pytest.raises(ZeroDivisionError):
            run_job(public_id=job.public_id, now=clock.now)
    assert stalled_jobs(now=clock.now() + PATIENCE + timedelta(seconds=1)) == []
    job.refresh_from_db()
    assert job.state == JobState.FAILED


def test_a_fresh_job_is_not_called_stalled() -> None:
    queued("count")
    assert stalled_jobs(now=clock.now()) == []


@pytest.mark.django_db(transaction=True)
def test_a_job_at_work_elsewhere_is_left_alone(bari: Municipality) -> None:
    job = queued("count")
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, heartbeat_at=clock.now() - PATIENCE * 2)
    elsewhere = connections["default"].copy()
    elsewhere.set_tenant(bari)
    try:
        with elsewhere.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtext(%s), %s)", [bari.schema_name, job.pk])
        assert stalled_jobs(now=clock.now()) == []
        run_job(public_id=job.public_id, now=clock.now)
    finally:
        elsewhere.close()
    job.refresh_from_db()
    assert job.attempts == 0


def test_progress_is_seen_before_the_runner_has_committed() -> None:
    job = queued("count")
    JobProgress(job).advance(done=1, total=9, message="uno")
    assert latest_figures(job) == {"done": 1, "total": 9, "message": "uno"}


def test_two_runners_for_a_kind_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="two runners"):
        registry.register("count", refuse)
