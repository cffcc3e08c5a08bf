"""The database of the benches: durable settings, `public` and the template migrated, no Comune yet."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psycopg
from django.conf import settings

from tests.databases import url_of, use_database

ROOT: Final = Path(__file__).resolve().parents[2]
PREPARED: Final = "sportello_bench_prepared"


def prepare() -> None:
    """Makes the database that each bench starts from."""
    from tenants.migrating import lay_foundations, migrate_schema
    from tenants.provisioning import create_schema, current_blueprint

    _create(PREPARED, template="template0")
    use_database(PREPARED)
    lay_foundations()
    for schema in ("public", settings.TEMPLATE_SCHEMA):
        migrate_schema(schema)
    current_blueprint()
    create_schema(schema=settings.CENTRAL_SCHEMA)
    use_database("postgres")


@contextmanager
def database() -> Iterator[str]:
    """A fresh copy of the prepared database, in which Django now works; dropped at the end. Yields its name."""
    with _fresh(PREPARED) as name:
        yield name


@contextmanager
def empty_database() -> Iterator[str]:
    """A database without anything in it, in the same way."""
    with _fresh("template0") as name:
        yield name


@contextmanager
def _fresh(template: str) -> Iterator[str]:
    name = "sportello_bench"
    _create(name, template=template)
    use_database(name)
    try:
        yield name
    finally:
        use_database("postgres")
        with psycopg.connect(os.environ["DATABASE_URL"], dbname="postgres", autocommit=True) as admin:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def environment(database_name: str, **more: str) -> dict[str, str]:
    """The environment of a process that works on that database."""
    paths = f"{ROOT / 'platform'}:{ROOT}"
    return {**os.environ, "DATABASE_URL": url_of(database_name), "PYTHONPATH": paths, **more}


def _create(name: str, *, template: str) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], dbname="postgres", autocommit=True) as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
