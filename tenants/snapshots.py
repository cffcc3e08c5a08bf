"""A second connection that sees a schema as it was at one instant, however long the reading takes.

Its own connection, because the isolation of a transaction is chosen before its first statement, and a job is in one
already. It reads what is committed, and can write nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection

from tenants.models import SCHEMA_NAME
from tenants.postgres_backend import EXTENSIONS_SCHEMA

type Snapshot = psycopg.Connection[tuple[Any, ...]]


@contextmanager
def snapshot_of(schema: str) -> Iterator[Snapshot]:
    """The schema, read only, at the instant of the first statement; values come in one form whatever the server's."""
    SCHEMA_NAME(schema)
    known = connection.settings_dict
    options = {name: value for name, value in known["OPTIONS"].items() if name.startswith("ssl")}
    with psycopg.connect(
        host=known["HOST"] or None,
        port=known["PORT"] or None,
        user=known["USER"] or None,
        password=known["PASSWORD"] or None,
        dbname=known["NAME"],
        autocommit=True,
        **options,
    ) as held:
        held.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        held.execute(f'SET LOCAL search_path = "{schema}", "{EXTENSIONS_SCHEMA}"')
        speak_plainly(held)
        yield held


def speak_plainly(cursor: Any) -> None:  # a connection of psycopg, or a cursor behind Django's
    """Dates, times and numbers in the one form that every PostgreSQL reads back, until the transaction ends."""
    cursor.execute(
        "SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL timezone = 'UTC'; SET LOCAL intervalstyle = 'postgres';"
        " SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'"
    )
