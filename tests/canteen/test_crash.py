"""The worker, then the database, are killed in the middle of a close: all or nothing, and the job resumes."""

import os
import signal
from contextlib import closing
from datetime import date, timedelta
from uuid import UUID

import psycopg
from django.db import connection

from sportello.billing.models import Entry
from sportello.billing.verification import ledger_differences
from sportello.canteen.models import MonthClose
from sportello.canteen.tasks import MONTH_CLOSE
from sportello.jobs.models import Job, JobState
from sportello.jobs.running import run_job, stalled_jobs
from sportello.kernel import clock
from tenants.current import in_schema
from tests.databases import leave_database, url_of
from tests.factories import child, section
from tests.factories.meals import canteen_edition, meals, price
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

CHILDREN = 30


def month_to_close() -> UUID:
    """A month of meals in Bari, and a close waiting to be run."""
    with in_schema(SCHEMA):
        edition, room = canteen_edition(), section()
        eaten = {}
        for _ in range(CHILDREN):
            minor = child()
            price(minor, edition, 190)
            eaten[minor] = [date(2026, 10, day) for day in (5, 6, 7)]
        meals(room, eaten)
        hold_after_insert("canteen_monthclose")
        arguments = {"service": "mensa", "month": "2026-10"}
        made = Job.objects.create(kind=MONTH_CLOSE, arguments=arguments, created_at=clock.now())
    return made.public_id


def assert_nothing_happened(job: UUID) -> None:
    with in_schema(SCHEMA):
        assert (Entry.objects.count(), MonthClose.objects.count()) == (0, 0)
        assert ledger_differences() == []
        assert Job.objects.get(public_id=job).finished_at is None


def assert_resumes_to_the_end(job: UUID) -> None:
    """What the beat does a little later."""
    with in_schema(SCHEMA):
        assert stalled_jobs(now=clock.now() + timedelta(minutes=10)) == [job]
        run_job(public_id=job, now=clock.now)
        done = Job.objects.get(public_id=job)
        assert (done.state, done.result["meals"], Entry.objects.count()) == (JobState.DONE, 90, CHILDREN)
        assert ledger_differences() == []
        run_job(public_id=job, now=clock.now)
        assert Entry.objects.count() == CHILDREN


def test_a_worker_killed_in_mid_close_leaves_nothing_and_the_job_resumes(transactional_db: None) -> None:
    job, database = month_to_close(), url_of(str(connection.settings_dict["NAME"]))
    with psycopg.connect(database, autocommit=True) as watcher:
        watcher.execute("SELECT pg_advisory_lock(%s)", [HOLD])
        worker = start_worker(job, database)
        wait_until(lambda: held_up(watcher) is not None)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        watcher.execute("SELECT pg_advisory_unlock(%s)", [HOLD])
        wait_until(is_left_alone(watcher, "billing_entry"))
    assert_nothing_happened(job)
    assert_resumes_to_the_end(job)


def test_a_database_killed_in_mid_close_leaves_nothing_and_the_job_resumes(own_server: str) -> None:  # noqa: F811
    """kill -9 of the backend at work: the postmaster throws everybody out and recovers from its log."""
    job = month_to_close()
    with closing(psycopg.connect(own_server, autocommit=True)) as watcher:
        watcher.execute("SELECT pg_advisory_lock(%s)", [HOLD])
        worker = start_worker(job, own_server)
        wait_until(lambda: held_up(watcher) is not None)
        backend = held_up(watcher)
        assert backend is not None
        leave_database()
        os.kill(backend, signal.SIGKILL)
        assert worker.wait(30) != 0
    wait_until(lambda: answers(own_server))
    assert_nothing_happened(job)
    assert_resumes_to_the_end(job)
