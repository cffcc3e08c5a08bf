"""Worker processes that migrate schemas, one at a time each, within a time limit per schema.

Processes start afresh (spawn): a pool of connections does not survive a fork. A worker that exceeds the limit is
killed and replaced; PostgreSQL then rolls its open migration back.
"""

import multiprocessing
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from django.db import connection

LOCK_TIMEOUT = "10s"
"""A migration that cannot have its lock in this time fails, rather than hold up every request behind it."""


@dataclass(frozen=True, slots=True)
class Report:
    """What became of one schema; `error` is None when it was migrated."""

    schema: str
    seconds: float
    error: str | None = None
    out_of_time: bool = False


@dataclass(slots=True)
class Worker:
    """One process and what it is doing."""

    process: BaseProcess
    pipe: Connection
    schema: str = ""
    started: float = 0.0

    def give(self, schema: str) -> None:
        """Hands it a schema."""
        self.schema, self.started = schema, time.monotonic()
        self.pipe.send(schema)

    def dismiss(self) -> None:
        """Ends it; by force when it is at work."""
        self.pipe.close()
        if self.schema:
            self.process.kill()
        self.process.join()


def migrate_in_parallel(schemas: list[str], *, workers: int, seconds_per_schema: float) -> Iterator[Report]:
    """Migrates the schemas and yields a report for each, in the order in which they end."""
    waiting = list(reversed(schemas))
    crew = [_hire() for _ in range(min(workers, len(waiting)))]
    try:
        for worker in crew:
            worker.give(waiting.pop())
        while any(worker.schema for worker in crew):
            yield from _reports(crew, seconds_per_schema)
            for worker in crew:
                if not worker.schema and waiting:
                    worker.give(waiting.pop())
    finally:
        for worker in crew:
            worker.dismiss()


def _reports(crew: list[Worker], limit: float) -> Iterator[Report]:
    """Waits for the first that ends, dies or exceeds its time; a lost worker is replaced."""
    busy = [worker for worker in crew if worker.schema]
    nearest = min(worker.started for worker in busy) + limit
    wait([worker.pipe for worker in busy], timeout=max(0.0, nearest - time.monotonic()))
    for place, worker in enumerate(crew):
        if not worker.schema:
            continue
        seconds = time.monotonic() - worker.started
        if worker.pipe.poll():
            try:
                error: str | None = worker.pipe.recv()
            except EOFError:
                yield Report(worker.schema, seconds, "The process that migrated it died.")
                crew[place] = _replace(worker)
            else:
                yield Report(worker.schema, seconds, error)
                worker.schema = ""
        elif seconds >= limit:
            yield Report(worker.schema, seconds, f"Not done within {limit:g} s.", out_of_time=True)
            crew[place] = _replace(worker)


def _replace(worker: Worker) -> Worker:
    worker.dismiss()
    return _hire()


def _hire() -> Worker:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=work, args=(theirs, str(connection.settings_dict["NAME"])), daemon=True)
    process.start()
    theirs.close()
    return Worker(process=process, pipe=ours)


def work(pipe: Connection, database: str) -> None:
    """What runs in a worker: schemas come in, an error or None goes out, until the other end closes."""
    import django  # noqa: PLC0415 a fresh process
    from django.conf import settings  # noqa: PLC0415

    default = settings.DATABASES["default"]
    default["NAME"] = database
    default["OPTIONS"]["options"] = f"{default['OPTIONS'].get('options', '')} -c lock_timeout={LOCK_TIMEOUT}".strip()
    django.setup()
    from django.core.management import CommandError  # noqa: PLC0415
    from django.db import DatabaseError  # noqa: PLC0415

    from tenants.migrating import migrate_schema  # noqa: PLC0415

    while True:
        try:
            schema: str = pipe.recv()
        except EOFError:
            return
        try:
            migrate_schema(schema)
        except (DatabaseError, CommandError, ValueError, RuntimeError) as error:
            pipe.send(f"{type(error).__name__}: {error}".strip())
            connection.close()
        else:
            pipe.send(None)
