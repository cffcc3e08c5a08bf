"""A real worker on the real Valkey: each task runs in the Comune that sent it, and none without one."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import current_app
from django.core.cache import caches
from django.db import connection

from tenants.current import NoMunicipality, current_schema, in_schema
from tenants.tasks import HEADER, fan_out, schemas_in_service
from tests.databases import clone_template, drop, url_of, use_database
from tests.factories import school
from tests.isolation import probe_tasks
from tests.isolation.comuni import SCHEMAS

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60  # seconds; a busy machine starts a worker slowly


class Worker:
    """A Celery worker on a database and a queue of its own, and what it wrote."""

    def __init__(self, log: Path, process: subprocess.Popen[bytes]) -> None:
        self.log, self.process = log, process

    def answer(self, key: str) -> str:
        """What a task noted; fails when it does not come."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            value = caches["public"].get(f"probe:{key}")
            if value is not None:
                return str(value)
            time.sleep(0.05)
        pytest.fail(f"No task answered. The worker said:\n{self.log.read_text()[-3000:]}")

    def says(self, words: str) -> bool:
        """Whether the worker writes these words before long."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and words not in self.log.read_text():
            time.sleep(0.05)
        return words in self.log.read_text()


@pytest.fixture(scope="module")
def worker(
    django_db_setup: None, django_db_blocker: object, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Worker]:
    """One worker process for the tests of this file; the database is committed, and dropped at the end."""
    number = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
    own = f"sportello_tasks_{number}"
    log = tmp_path_factory.mktemp("worker") / "worker.log"
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        before = str(connection.settings_dict["NAME"])
        clone_template(own)
        use_database(own)
        for schema in SCHEMAS:
            with in_schema(schema):
                school(name=schema)
        environment = {**os.environ, "DATABASE_URL": url_of(own), "PYTHONPATH": f"{ROOT / 'platform'}:{ROOT}"}
        command = [sys.executable, "-m", "celery", "-A", "sportello.config.celery", "worker", "--loglevel=INFO"]
        command += ["--concurrency=2", "-I", "tests.isolation.probe_tasks", "--without-mingle"]
        with log.open("wb") as output:
            process = subprocess.Popen(command, stdout=output, stderr=output, env=environment, cwd=ROOT)
        running = Worker(log, process)
        try:
            assert running.says(" ready."), log.read_text()
            yield running
        finally:
            process.terminate()
            process.wait(PATIENCE)
            use_database(before)
            drop(own)


@pytest.fixture(autouse=True)
def shared_cache_keys(worker: Worker) -> None:
    """The worker knows nothing of the prefix of this test."""
    caches["public"].key_prefix = ""
    caches["public"].delete_many([f"probe:{key}" for key in ["again", "chain", "centrale", *SCHEMAS]])


@pytest.fixture(autouse=True)
def database_of_the_worker(worker: Worker, django_db_blocker: object) -> Iterator[None]:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        yield


def test_a_task_runs_where_it_was_sent_from(worker: Worker) -> None:
    for turn in range(4):
        for schema in SCHEMAS:
            with in_schema(schema):
                probe_tasks.where.delay(key=f"{schema}{turn}")
    for turn in range(4):
        for schema in SCHEMAS:
            assert worker.answer(f"{schema}{turn}") == f"{schema} {schema}"


def test_a_task_is_not_sent_from_nowhere(worker: Worker) -> None:
    with pytest.raises(NoMunicipality, match=r"tests\.where was sent without"):
        probe_tasks.where.delay(key="nowhere")


@pytest.mark.parametrize("headers", [None, {HEADER: ""}, {HEADER: "public"}])
def test_a_task_that_arrives_without_a_comune_raises(worker: Worker, headers: dict[str, str] | None) -> None:
    before = worker.log.read_text().count("tests.where arrived without a Comune")
    current_app.send_task("tests.where", kwargs={"key": "nowhere"}, headers=headers)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if worker.log.read_text().count("tests.where arrived without a Comune") > before:
            break
        time.sleep(0.05)
    assert worker.log.read_text().count("tests.where arrived without a Comune") > before
    assert caches["public"].get("probe:nowhere") is None


def test_a_broken_task_leaves_the_next_one_where_it_belongs(worker: Worker) -> None:
    for _ in range(4):
        with in_schema("c_a662"):
            probe_tasks.broken.delay()
    with in_schema("c_l109"):
        probe_tasks.where.delay(key="after")
    assert worker.answer("after") == "c_l109 c_l109"


def test_a_retried_task_stays_in_its_comune(worker: Worker) -> None:
    with in_schema("c_a893"):
        probe_tasks.retried.delay(key="again")
    assert worker.answer("again") == "c_a893 1"


def test_a_task_sends_on_within_its_comune(worker: Worker) -> None:
    with in_schema("c_a893"):
        probe_tasks.chained.delay(key="chain")
    assert worker.answer("chain") == "c_a893 c_a893"


def test_fan_out_reaches_every_schema_once(worker: Worker) -> None:
    assert schemas_in_service() == ["centrale", *SCHEMAS]
    fan_out.delay(task_name="tests.where_each")
    for schema in ["centrale", *SCHEMAS]:
        assert worker.answer(schema) == schema


def test_a_direct_call_needs_a_comune_too(worker: Worker) -> None:
    assert current_schema() == "public"
    with pytest.raises(NoMunicipality):
        probe_tasks.where(key="direct")
    with in_schema("c_a662"):
        probe_tasks.where(key="direct")
    assert worker.answer("direct") == "c_a662 c_a662"
