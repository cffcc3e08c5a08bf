"""A worker, then the database, killed in the middle of a commit of 100,000 rows: nothing is left, and the job goes on.

The tests kill both at a few hundred rows; here the transaction that dies is as long as a big Comune's. Whoever is
killed is held when children, families, classes and places are written and balances are not: the measure is how long
others wait for the database to be as it was. Any other outcome than all or nothing stops the bench.
"""

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from time import perf_counter
from uuid import UUID

import psycopg
from django.conf import settings
from django.core.files.base import File
from django.db.models import Sum

from onboarding.confirming import confirm_mapping
from onboarding.models import BeforeImage, LoadState, RosterLoad, WrittenRows
from onboarding.uploading import request_commit, upload_roster
from services_catalog.packs import load_pack
from sportello.billing.models import LedgerAccount
from sportello.billing.verification import ledger_differences
from sportello.jobs.models import Job, JobState
from sportello.jobs.running import run_job, stalled_jobs
from sportello.kernel import clock
from tenants.current import in_schema
from tenants.municipal_packs import pack_of
from tenants.registering import bring_in
from tests.bench.ground import database
from tests.bench.roster import FILLED, NOW, ROWS, YEAR, roster_file
from tests.bench.table import Row, Table
from tests.databases import leave_database, url_of
from tests.killing import HOLD, SCHEMA, answers, held_up, hold_after_insert, is_left_alone, start_worker, wait_until

HELD_AT = "billing_ledgeraccount"
LONG = 600.0
"""Seconds after which a step has failed."""


def run() -> Table:
    """Kill the worker, kill the database, let a third worker end the work."""
    pack = pack_of("A662")
    with tempfile.TemporaryDirectory() as folder, database() as name:
        os.environ["MEDIA_ROOT"] = settings.MEDIA_ROOT = folder
        bring_in(pack=pack)
        with in_schema(SCHEMA):
            load_pack(pack=pack, in_force=True, actor=None, now=NOW)
            load, job = _asked_for(roster_file(Path(folder)))
            before = _standing()
            hold_after_insert(HELD_AT)
        address = url_of(name)
        written, freed = _worker_killed(job, address)
        _nothing_was_stored(load, job, before)
        _again, recovered = _database_killed(job, address)
        _nothing_was_stored(load, job, before)
        ended = _ended(job, address)
        rows = _all_was_stored(load, job)
    return Table(
        f"A commit of {rows:,} rows killed in the middle",
        "the worker, then the database, are killed with SIGKILL when all but the balances is written; each time no row"
        " is left and the job is found again; the third worker stores every row, balances equal to the cent.",
        (
            Row("until it is killed", written, "s"),
            Row("worker killed: until nothing is left", freed, "s", aim="no row", is_met=True),
            Row("database killed: until it answers again", recovered, "s", aim="no row", is_met=True),
            Row("the job goes on: to the end", ended, "s", aim="every row", is_met=True),
        ),
    )


def _asked_for(path: Path) -> tuple[int, UUID]:
    """A checked load of that file and the job that is to commit it."""
    with path.open("rb") as file:
        load = upload_roster(file=File(file), file_name=path.name, school_year=YEAR, actor=None, now=NOW)
    _run_job_of(load)  # reads it
    load = confirm_mapping(load=RosterLoad.objects.get(pk=load.pk), actor=None, now=NOW)
    _run_job_of(load)  # checks it
    return load.pk, request_commit(load=RosterLoad.objects.get(pk=load.pk), actor=None, now=clock.now()).public_id


def _run_job_of(load: RosterLoad) -> None:
    assert load.job is not None
    run_job(public_id=load.job.public_id, now=clock.now)


def _standing() -> dict[str, int]:
    """How many rows each table holds that a commit writes."""
    return {model._meta.label: model.objects.count() for model in (*FILLED, WrittenRows, BeforeImage)}


@contextmanager
def _held(job: UUID, address: str) -> Iterator[tuple["subprocess.Popen[bytes]", int, "psycopg.Connection[tuple[int]]"]]:
    """A worker in the middle of the commit, its backend, and who watches them."""
    leave_database()
    with closing(psycopg.connect(address, autocommit=True)) as watcher:
        watcher.execute("SELECT pg_advisory_lock(%s)", [HOLD])
        worker = start_worker(job, address)
        try:
            wait_until(lambda: held_up(watcher) is not None, LONG)
            backend = held_up(watcher)
            assert backend is not None
            yield worker, backend, watcher
        finally:
            worker.kill()
            worker.wait()


def _worker_killed(job: UUID, address: str) -> tuple[float, float]:
    """Seconds of work lost, and until the database has forgotten them."""
    started = perf_counter()
    with _held(job, address) as (worker, _backend, watcher):
        written = perf_counter() - started
        killed = perf_counter()
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        watcher.execute("SELECT pg_advisory_unlock(%s)", [HOLD])
        wait_until(is_left_alone(watcher, "families_child"), LONG)
        return written, perf_counter() - killed


def _database_killed(job: UUID, address: str) -> tuple[float, float]:
    """Seconds of work lost, and until the server has recovered from its log."""
    started = perf_counter()
    with _held(job, address) as (worker, backend, _watcher):
        written = perf_counter() - started
        killed = perf_counter()
        os.kill(backend, signal.SIGKILL)
        assert worker.wait(LONG) != 0, "the worker took the loss of its database for success"
        wait_until(lambda: answers(address), LONG)
        return written, perf_counter() - killed


def _ended(job: UUID, address: str) -> float:
    started = perf_counter()
    worker = start_worker(job, address)
    assert worker.wait(LONG) == 0
    return perf_counter() - started


def _nothing_was_stored(load: int, job: UUID, before: dict[str, int]) -> None:
    with in_schema(SCHEMA):
        _demand(_standing() == before, "rows were left")
        _demand(RosterLoad.objects.get(pk=load).state == LoadState.COMMITTING, "the load has another state")
        _demand(Job.objects.get(public_id=job).finished_at is None, "the job took itself for finished")
        # The backend of a dead worker forgets its transaction first, and the job with its connection.
        wait_until(lambda: stalled_jobs(now=clock.now() + timedelta(minutes=10)) == [job])


def _all_was_stored(load: int, job: UUID) -> int:
    with in_schema(SCHEMA):
        held = RosterLoad.objects.get(pk=load)
        balances = LedgerAccount.objects.aggregate(all=Sum("balance_cents"))["all"]
        _demand(held.state == LoadState.COMMITTED, "the load is not committed")
        _demand(Job.objects.get(public_id=job).state == JobState.DONE, "the job is not done")
        _demand(_standing()["families.Child"] == held.committable_rows >= ROWS * 0.9, "rows are missing")
        _demand(balances == held.totals["committable"], "balances differ")
        _demand(not ledger_differences(), "the ledger contradicts itself")
        return held.committable_rows


def _demand(holds: bool, otherwise: str) -> None:
    if not holds:
        raise AssertionError(otherwise)
