"""A worker is killed in the middle of a deletion, and in the middle of an export: half-way is said, and is taken up."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from onboarding.leaving.deletion import prepare_deletion
from onboarding.leaving.departing import WAIT, approve_departure, begin_deletion, request_departure
from onboarding.leaving.exporting import request_export
from onboarding.leaving.models import Departure, DepartureState, ExportPackage
from sportello.accounts.models import Role
from sportello.jobs.models import Job, JobState
from sportello.jobs.running import run_job, stalled_jobs
from sportello.kernel import clock
from tenants.current import in_schema
from tenants.provisioning import schema_exists
from tests.databases import url_of
from tests.factories import account
from tests.factories.progress import Silent
from tests.killing import wait_until
from tests.leaving.living import SCHEMA, Living, confirmed, opened

WORKER = """
import django; django.setup()
from uuid import UUID
from sportello.jobs.running import run_job
from sportello.kernel import clock
from tenants.current import in_schema
with in_schema({schema!r}):
    run_job(public_id=UUID({job!r}), now=clock.now)
"""


@pytest.fixture
def database(living: Living, media: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of the test's database, with the environment that a worker of its own needs."""
    address = url_of(str(connection.settings_dict["NAME"]))
    monkeypatch.setenv("MEDIA_ROOT", str(media))
    monkeypatch.setenv("DATABASE_URL", address)
    return address


def kill_while_it_waits_for(table: str, schema: str, job: UUID, database: str) -> None:
    """Starts the job in a process of its own and kills it when it stands before the locked table."""
    with psycopg.connect(database) as watcher, psycopg.connect(database, autocommit=True) as eyes:
        watcher.execute(f"LOCK TABLE {SCHEMA}.{table} IN ACCESS EXCLUSIVE MODE")
        program = WORKER.format(schema=schema, job=str(job))
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        worker = subprocess.Popen([sys.executable, "-c", program], env=environment, stderr=subprocess.DEVNULL)
        waiting = (
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        wait_until(lambda: eyes.execute(waiting).fetchone() != (0,), seconds=60)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        watcher.rollback()


def test_a_deletion_killed_before_the_schema_goes(living: Living, media: Path, database: str) -> None:
    with in_schema(settings.CENTRAL_SCHEMA):
        first, second, now = account(Role.CENTRAL), account(Role.CENTRAL), clock.now()
        asked = request_departure(municipality=living.municipality, act="Del. 1", actor=first, now=now)
        confirmed(living)
        approved = approve_departure(departure=asked, actor=second, now=now)
        begun = begin_deletion(departure=approved, name="Bari", actor=first, now=now + WAIT)
        held = prepare_deletion(departure=begun, now=now + WAIT, today=clock.today(), progress=Silent())
        assert held.job is not None
        kill_while_it_waits_for("families_child", settings.CENTRAL_SCHEMA, held.job.public_id, database)
        held.refresh_from_db()
        assert (held.state, schema_exists(SCHEMA)) == (DepartureState.DELETING, True)
        assert not (media / SCHEMA).exists()
        assert Job.objects.get(pk=held.job.pk).state == JobState.RUNNING
        wait_until(lambda: held.job.public_id in stalled_jobs(now=clock.now() + timedelta(minutes=10)))
        run_job(public_id=held.job.public_id, now=clock.now)
        done = Departure.objects.get(pk=held.pk)
        assert (done.state, schema_exists(SCHEMA)) == (DepartureState.DELETED, False)
        assert done.inventory["files"]["count"] == 2
        assert done.certificate_sha256


def test_an_export_killed_half_way_is_written_again(living: Living, database: str) -> None:
    with in_schema(SCHEMA):
        package = request_export(actor=living.administrator, now=clock.now())
        assert package.job is not None
        kill_while_it_waits_for("families_child", SCHEMA, package.job.public_id, database)
        assert ExportPackage.objects.get().made_at is None
        wait_until(lambda: package.job.public_id in stalled_jobs(now=clock.now() + timedelta(minutes=10)))
        run_job(public_id=package.job.public_id, now=clock.now)
        made = ExportPackage.objects.get()
    assert opened(made).tables["families_child"]["rows"] == 3
    assert [path.name for path in Path(made.file.storage.base_location, SCHEMA, "esportazioni").iterdir()] == [
        f"{made.public_id}.zip"
    ]
