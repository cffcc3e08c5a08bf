"""The worker, then the database, are killed in the middle of a close: all or nothing, and the job resumes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, timedelta
from uuid import UUID

import environ
import psycopg
import pytest
from django.conf import settings
from django.db import connection
from pytest_django import DjangoDbBlocker

from sportello.billing.models import Entry
from sportello.billing.verification import ledger_differences
from sportello.canteen.models import MonthClose
from sportello.canteen.tasks import MONTH_CLOSE
from sportello.demo.embedded import start_postgres
from sportello.jobs.models import Job, JobState
from sportello.jobs.running import run_job, stalled_jobs
from sportello.kernel import clock
from tenants.current import in_schema
from tests.databases import clone_template, leave_database, prepare_template, url_of, use_database
from tests.factories import child, section
from tests.factories.meals import canteen_edition, meals, price

SCHEMA = "c_a662"
CHILDREN = 30
WORKER = """
import django; django.setup()
from uuid import UUID
from sportello.jobs.running import run_job
from sportello.kernel import clock
from tenants.current import in_schema
with in_schema("c_a662"):
    run_job(public_id=UUID({job!r}), now=clock.now)
"""
HOLD = 8_086_001
SLOW = f"""
CREATE FUNCTION {SCHEMA}.wait_before_the_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_advisory_xact_lock({HOLD}); RETURN NULL; END $$;
CREATE TRIGGER wait_before_the_end AFTER INSERT ON {SCHEMA}.canteen_monthclose
    FOR EACH STATEMENT EXECUTE FUNCTION {SCHEMA}.wait_before_the_end();
"""


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
        with connection.cursor() as cursor:
            cursor.execute(SLOW)
        arguments = {"service": "mensa", "month": "2026-10"}
        made = Job.objects.create(kind=MONTH_CLOSE, arguments=arguments, created_at=clock.now())
    return made.public_id


@pytest.fixture
def own_server(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """A server that may be killed: nobody else is on it. The address of its database, which Django uses meanwhile."""
    monkeypatch.delenv("DATABASE_URL")
    server = start_postgres()
    monkeypatch.setenv("DATABASE_URL", server.url)
    leave_database()
    address = environ.Env.db_url_config(server.url)
    for held in (settings.DATABASES["default"], connection.settings_dict):
        for name in ("HOST", "PORT", "USER", "PASSWORD", "NAME"):
            monkeypatch.setitem(held, name, address[name])
    try:
        with django_db_blocker.unblock():
            prepare_template()
            clone_template("sportello_killed")
            use_database("sportello_killed")
            yield url_of("sportello_killed")
            leave_database()
    finally:
        server.stop()


def start_worker(job: UUID, database: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "DATABASE_URL": database, "PYTHONPATH": os.pathsep.join(sys.path)}
    program = WORKER.format(job=str(job))
    return subprocess.Popen([sys.executable, "-c", program], env=environment, stderr=subprocess.DEVNULL)


def wait_until(holds: Callable[[], bool], seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.05)


def held_up(watcher: "psycopg.Connection[tuple[int]]") -> int | None:
    """The backend that has posted every entry and waits, its transaction open."""
    row = watcher.execute("SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND NOT granted", [HOLD])
    found = row.fetchone()
    return found[0] if found else None


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
        wait_until(lambda: _backends(watcher) == 0)
    assert_nothing_happened(job)
    assert_resumes_to_the_end(job)


def test_a_database_killed_in_mid_close_leaves_nothing_and_the_job_resumes(own_server: str) -> None:
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
    wait_until(lambda: _answers(own_server))
    assert_nothing_happened(job)
    assert_resumes_to_the_end(job)


def _backends(watcher: "psycopg.Connection[tuple[int]]") -> int:
    """Backends that still hold a transaction on the ledger."""
    row = watcher.execute(
        "SELECT count(*) FROM pg_locks WHERE relation = %s::regclass AND pid <> pg_backend_pid()",
        [f"{SCHEMA}.billing_entry"],
    ).fetchone()
    return row[0] if row else 0


def _answers(database: str) -> bool:
    try:
        with psycopg.connect(database):
            return True
    except psycopg.OperationalError:
        return False
