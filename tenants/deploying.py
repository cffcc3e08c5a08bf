"""Bring every schema to this code: at once when nothing changed, else only those that differ, several at a time.

Each schema is a unit: what was done stays done, so a run that was interrupted or had failures goes on from there.
"""

import enum
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.db import connection

from tenants.crew import Report, migrate_in_parallel
from tenants.current import PUBLIC, in_schema
from tenants.fingerprint import fingerprint_of_code, fingerprints, schemas_with_migrations
from tenants.migrating import lay_foundations, migrate_schema
from tenants.models import Municipality, SchemaBlueprint
from tenants.provisioning import create_schema, current_blueprint, schema_exists

LOCK: Final = 7_205_041
"""The advisory lock that keeps two deployments from running at once."""


class State(enum.StrEnum):
    """What became of a schema."""

    UNCHANGED = "unchanged"
    MIGRATED = "migrated"
    CREATED = "created"
    FAILED = "failed"
    OUT_OF_TIME = "out of time"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One line of the report."""

    schema: str
    state: State
    seconds: float = 0.0
    words: str = ""

    @property
    def is_good(self) -> bool:
        """Whether the schema now stands at this code."""
        return self.state not in {State.FAILED, State.OUT_OF_TIME}


def deploy(*, workers: int, seconds_per_schema: float, tell: Callable[[Outcome], None]) -> list[Outcome]:
    """Migrates `public`, then the template, then the schemas that differ; `tell` gets each outcome as it comes.

    A migration that fails on `public` or on the template raises, and no Comune is touched.
    """
    wanted = fingerprint_of_code()
    states = fingerprints(schemas_with_migrations())
    expected = _expected_schemas() if PUBLIC in states else []
    if expected and all(states.get(schema) == wanted for schema in expected):
        return [Outcome(schema, State.UNCHANGED) for schema in expected]
    with _alone():
        outcomes = _Outcomes(tell)
        if not states:
            lay_foundations()
        for schema in (PUBLIC, settings.TEMPLATE_SCHEMA):
            outcomes.add(_bring_up(schema, is_current=states.get(schema) == wanted))
        _renew_blueprint()
        if not schema_exists(settings.CENTRAL_SCHEMA):
            create_schema(schema=settings.CENTRAL_SCHEMA)
            outcomes.add(Outcome(settings.CENTRAL_SCHEMA, State.CREATED))
        behind = _sort_out(outcomes, fingerprints(schemas_with_migrations()), wanted)
        for report in migrate_in_parallel(behind, workers=workers, seconds_per_schema=seconds_per_schema):
            outcomes.add(_as_outcome(report))
    return outcomes.all


class _Outcomes:
    """Collects the outcomes and tells each at once."""

    def __init__(self, tell: Callable[[Outcome], None]) -> None:
        self.all: list[Outcome] = []
        self._tell = tell

    def add(self, outcome: Outcome) -> None:
        self.all.append(outcome)
        self._tell(outcome)

    def names(self) -> set[str]:
        return {outcome.schema for outcome in self.all}


def _bring_up(schema: str, *, is_current: bool) -> Outcome:
    if is_current:
        return Outcome(schema, State.UNCHANGED)
    started = time.monotonic()
    migrate_schema(schema)
    return Outcome(schema, State.MIGRATED, time.monotonic() - started)


def _sort_out(outcomes: _Outcomes, states: dict[str, str], wanted: str) -> list[str]:
    """The schemas that differ; those that do not are reported."""
    behind: list[str] = []
    for schema in _expected_schemas():
        if schema in outcomes.names():
            continue
        if states.get(schema) == wanted:
            outcomes.add(Outcome(schema, State.UNCHANGED))
        else:
            behind.append(schema)
    return behind


def _expected_schemas() -> list[str]:
    """Every schema that must stand at this code: the Comuni that are registered but not provisioned have none."""
    with in_schema(PUBLIC):
        names = Municipality.with_twins.order_by("schema_name").values_list("schema_name", flat=True)
        registered = set(names)
    present = set(schemas_with_migrations())
    return [PUBLIC, settings.TEMPLATE_SCHEMA, settings.CENTRAL_SCHEMA, *sorted(registered & present)]


def _renew_blueprint() -> None:
    """Draws the text of the new template now, where pg_dump is at hand, and drops the old ones."""
    current_blueprint()
    with in_schema(PUBLIC):
        SchemaBlueprint.objects.exclude(fingerprint=fingerprint_of_code()).delete()


def _as_outcome(report: Report) -> Outcome:
    if report.error is None:
        return Outcome(report.schema, State.MIGRATED, report.seconds)
    state = State.OUT_OF_TIME if report.out_of_time else State.FAILED
    return Outcome(report.schema, state, report.seconds, report.error)


@contextmanager
def _alone() -> Iterator[None]:
    """Waits until no other deployment runs. The lock lives as long as the connection, should we be killed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
