"""What the tests of a crash share: a server that may be killed, a worker to kill, a way to hold it in mid-work."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from uuid import UUID

import environ
import psycopg
import pytest
from django.conf import settings
from django.db import connection
from pytest_django import DjangoDbBlocker

from sportello.demo.embedded import start_postgres
from tests.databases import clone_template, leave_database, prepare_template, url_of, use_database

SCHEMA = "c_a662"
HOLD = 8_086_001
WORKER = f"""
import django; django.setup()
from uuid import UUID
from sportello.jobs.running import run_job
from sportello.kernel import clock
from tenants.current import in_schema
with in_schema("{SCHEMA}"):
    run_job(public_id=UUID({{job!r}}), now=clock.now)
"""


def hold_after_insert(table: str) -> None:
    """Whoever writes to the table of SCHEMA waits, its transaction open, for the lock HOLD."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            CREATE FUNCTION {SCHEMA}.wait_here() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN PERFORM pg_advisory_xact_lock({HOLD}); RETURN NULL; END $$;
            CREATE TRIGGER wait_here AFTER INSERT ON {SCHEMA}.{table}
                FOR EACH STATEMENT EXECUTE FUNCTION {SCHEMA}.wait_here();
            """
        )


def held_up(watcher: "psycopg.Connection[tuple[int]]") -> int | None:
    """The backend that waits for HOLD, its transaction open."""
    row = watcher.execute("SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND NOT granted", [HOLD])
    found = row.fetchone()
    return found[0] if found else None


def is_left_alone(watcher: "psycopg.Connection[tuple[int]]", table: str) -> Callable[[], bool]:
    """Whether nobody holds a transaction on the table of SCHEMA any more."""
    statement = "SELECT count(*) FROM pg_locks WHERE relation = %s::regclass AND pid <> pg_backend_pid()"
    return lambda: watcher.execute(statement, [f"{SCHEMA}.{table}"]).fetchone() == (0,)


def answers(database: str) -> bool:
    """Whether the server takes connections."""
    try:
        with psycopg.connect(database):
            return True
    except psycopg.OperationalError:
        return False


def start_worker(job: UUID, database: str) -> "subprocess.Popen[bytes]":
    """A process that runs that job on that database."""
    environment = {**os.environ, "DATABASE_URL": database, "PYTHONPATH": os.pathsep.join(sys.path)}
    program = WORKER.format(job=str(job))
    return subprocess.Popen([sys.executable, "-c", program], env=environment, stderr=subprocess.DEVNULL)


def wait_until(holds: Callable[[], bool], seconds: float = 30.0) -> None:
    """Return when it holds; fail when it never does."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.05)


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
