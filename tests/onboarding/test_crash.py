"""A worker, then the database, are killed in the middle of an import: all or nothing, and the job resumes."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.db.models import Sum

from onboarding.confirming import confirm_mapping
from onboarding.models import LoadState, RosterLoad, StagedRow
from onboarding.population.families import Inventor, Place
from onboarding.population.roster import write_roster
from onboarding.uploading import request_commit, upload_roster
from sportello.billing.models import Entry, LedgerAccount
from sportello.billing.verification import ledger_differences
from sportello.enrolment.models import Subscription
from sportello.families.models import Adult, Child
from sportello.jobs.models import Job, JobState
from sportello.jobs.running import run_job, stalled_jobs
from sportello.jobs.tasks import run
from sportello.kernel import clock
from sportello.schools.models import School
from tenants.current import current_municipality, in_schema
from tests.databases import leave_database, url_of
from tests.killing import (
    HOLD,
    SCHEMA,
    answers,
    held_up,
    hold_after_insert,
    is_left_alone,
    own_server,  # noqa: F401 -- a fixture
    start_worker,
    wait_until,
)
from tests.onboarding.rosters import NOW, YEAR, prepare

CHILDREN = 300
QUEUE = f"crash-{os.getpid()}"


@dataclass(frozen=True, slots=True)
class Handed:
    """A roster handed in, and the job that is waiting to be run."""

    load: int
    job: UUID


def handed_in() -> Handed:
    """A roster of the invented families, waiting to be checked."""
    municipality = current_municipality()
    prepare(municipality)
    schools = School.objects.filter(level="primaria").order_by("pk").values_list("school_code", "level")[:5]
    place = Place(municipality.name, municipality.belfiore_code, "70100", YEAR.start_year, tuple(schools))
    content = write_roster(Inventor(place, seed=1), children=CHILDREN)
    load = upload_roster(file=ContentFile(content), file_name="e.csv", school_year=YEAR, actor=None, now=NOW)
    assert load.job is not None
    run_job(public_id=load.job.public_id, now=clock.now)
    load = confirm_mapping(load=load, actor=None, now=NOW)
    assert load.job is not None
    return Handed(load.pk, load.job.public_id)


def checked_and_confirmed() -> Handed:
    """The same, checked, waiting to be committed."""
    handed = handed_in()
    run_job(public_id=handed.job, now=clock.now)
    job = request_commit(load=RosterLoad.objects.get(pk=handed.load), actor=None, now=NOW)
    return Handed(handed.load, job.public_id)


@contextmanager
def celery_worker(database: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A real worker of the product on that database; killed at the end at the latest."""
    environment = {**os.environ, "DATABASE_URL": database, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "celery", "-A", "sportello.config.celery", "worker", "--pool", "solo"]
    quiet = ["--queues", QUEUE, "--without-gossip", "--without-mingle", "--loglevel", "ERROR"]
    worker = subprocess.Popen([*command, *quiet], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield worker
    finally:
        worker.kill()
        worker.wait()


def send(job: UUID) -> None:
    run.apply_async(kwargs={"job": str(job)}, queue=QUEUE)


def job_row(handed: Handed) -> Job:
    return Job.objects.get(public_id=handed.job)


@pytest.fixture(autouse=True)
def media_of_the_worker(media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEDIA_ROOT", str(media))


def assert_nothing_was_stored(handed: Handed) -> None:
    assert not Child.objects.exists()
    assert not Adult.objects.exists()
    assert not Entry.objects.exists()
    assert job_row(handed).finished_at is None


def assert_everything_was_stored(handed: Handed) -> None:
    load, job = RosterLoad.objects.get(pk=handed.load), job_row(handed)
    assert (job.state, load.state) == (JobState.DONE, LoadState.COMMITTED)
    assert Child.objects.count() == Subscription.objects.count() == load.committable_rows > CHILDREN * 0.9
    assert LedgerAccount.objects.aggregate(all=Sum("balance_cents"))["all"] == load.totals["committable"]
    assert ledger_differences() == []


def test_a_worker_killed_in_mid_commit_leaves_nothing_and_another_ends_the_job(transactional_db: None) -> None:
    database = url_of(str(connection.settings_dict["NAME"]))
    with in_schema(SCHEMA):
        handed = checked_and_confirmed()
        hold_after_insert("enrolment_subscription")
        with psycopg.connect(database, autocommit=True) as watcher:
            watcher.execute("SELECT pg_advisory_lock(%s)", [HOLD])
            send(handed.job)
            with celery_worker(database) as worker:
                wait_until(lambda: held_up(watcher) is not None)
                worker.send_signal(signal.SIGKILL)
                worker.wait()
            watcher.execute("SELECT pg_advisory_unlock(%s)", [HOLD])
            wait_until(is_left_alone(watcher, "families_child"))
        assert_nothing_was_stored(handed)
        assert RosterLoad.objects.get(pk=handed.load).state == LoadState.COMMITTING
        assert stalled_jobs(now=clock.now() + timedelta(minutes=10)) == [handed.job]
        with celery_worker(database):
            send(handed.job)
            wait_until(lambda: job_row(handed).finished_at is not None)
        assert_everything_was_stored(handed)


def test_a_worker_killed_in_mid_check_leaves_no_row_and_the_job_resumes(transactional_db: None) -> None:
    database = url_of(str(connection.settings_dict["NAME"]))
    with in_schema(SCHEMA):
        handed = handed_in()
        hold_after_insert("onboarding_stagedrow")
        with psycopg.connect(database, autocommit=True) as watcher:
            watcher.execute("SELECT pg_advisory_lock(%s)", [HOLD])
            worker = start_worker(handed.job, database)
            wait_until(lambda: held_up(watcher) is not None)
            worker.send_signal(signal.SIGKILL)
            worker.wait()
            watcher.execute("SELECT pg_advisory_unlock(%s)", [HOLD])
        wait_until(lambda: stalled_jobs(now=clock.now() + timedelta(minutes=10)) == [handed.job])
        assert not StagedRow.objects.exists()
        run_job(public_id=handed.job, now=clock.now)
        load = RosterLoad.objects.get(pk=handed.load)
        assert (load.state, StagedRow.objects.count()) == (LoadState.CHECKED, load.counts["lines"])


def test_a_database_killed_in_mid_commit_leaves_nothing_and_the_job_resumes(own_server: str) -> None:  # noqa: F811
    """kill -9 of the backend at work: the postmaster throws everybody out and recovers from its log."""
    with in_schema(SCHEMA):
        handed = checked_and_confirmed()
        hold_after_insert("enrolment_subscription")
    with closing(psycopg.connect(own_server, autocommit=True)) as watcher:
        watcher.execute("SELECT pg_advisory_lock(%s)", [HOLD])
        worker = start_worker(handed.job, own_server)
        wait_until(lambda: held_up(watcher) is not None)
        backend = held_up(watcher)
        assert backend is not None
        leave_database()
        os.kill(backend, signal.SIGKILL)
        assert worker.wait(30) != 0
    wait_until(lambda: answers(own_server))
    with in_schema(SCHEMA):
        assert_nothing_was_stored(handed)
        run_job(public_id=handed.job, now=clock.now)
        assert_everything_was_stored(handed)
