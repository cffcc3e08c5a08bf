"""The databases of the tests: one template with three Comuni, cloned for each worker and for each test that commits.

The template is built once per state of the migrations, kept as text in `.cache/tests`, and replayed at every run.
"""

import hashlib
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import psycopg
from django.apps import apps
from django.conf import settings
from django.db import connection, connections

CACHE: Final = Path(__file__).resolve().parents[1] / ".cache" / "tests"
TEMPLATE: Final = "sportello_template"
COMUNI: Final = (
    {"name": "Bari", "slug": "bari", "belfiore_code": "A662", "istat_code": "072006", "patron_rule": "05-08"},
    {"name": "Bitonto", "slug": "bitonto", "belfiore_code": "A893", "istat_code": "072011", "patron_rule": "05-26"},
    {"name": "Terlizzi", "slug": "terlizzi", "belfiore_code": "L109", "istat_code": "072043", "patron_rule": "04-23"},
)


def prepare_template(*, afresh: bool = False) -> None:
    """Makes the database TEMPLATE: from the kept text when the migrations are those it was made from."""
    kept = CACHE / f"{_state_of_the_migrations()}.sql"
    if afresh:
        kept.unlink(missing_ok=True)
    _recreate(TEMPLATE, template="template0")
    use_database(TEMPLATE)
    if kept.exists():
        _replay(kept.read_text())
    else:
        _build()
        _keep(kept)
    leave_database()


def clone_template(name: str) -> None:
    """Makes the database `name` equal to TEMPLATE, replacing it if it is there."""
    _recreate(name, template=TEMPLATE)


def drop(name: str) -> None:
    """Removes a database, with whatever is still connected to it."""
    with _administration() as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def use_database(name: str) -> None:
    """Points Django, in every thread, at another database of the same server."""
    leave_database()
    settings.DATABASES["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name


def leave_database() -> None:
    """Closes this thread's connection and the pool."""
    connections.close_all()
    connection.close_pool()


def url_of(name: str) -> str:
    """The address of another database of the same server, for DATABASE_URL."""
    return os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{name}"


def _build() -> None:
    from tenants.migrating import lay_foundations, migrate_schema
    from tenants.models import Domain, Municipality, Stage
    from tenants.provisioning import create_schema, create_schema_of

    lay_foundations()
    for schema in ("public", settings.TEMPLATE_SCHEMA):
        migrate_schema(schema)
    create_schema(schema=settings.CENTRAL_SCHEMA)
    for facts in COMUNI:
        municipality = Municipality.objects.create(
            schema_name=f"c_{facts['belfiore_code'].lower()}", stage=Stage.LIVE, **facts
        )
        Domain.objects.create(domain=f"{facts['slug']}.localhost", tenant=municipality, is_primary=True)
        create_schema_of(municipality=municipality)
    _federate()


def _federate() -> None:
    """Keys for the three Comuni and the central team, and the demonstration provider in the registry."""
    from django.core.management import call_command

    from integrations.spid_cie.models import SigningKey

    call_command("federate_demo", stdout=io.StringIO())
    SigningKey.objects.update(signs_from=datetime(2020, 1, 1, tzinfo=UTC))  # tests live on days of their own


def _keep(kept: Path) -> None:
    """Writes the whole database as text; older texts go away."""
    from tenants.blueprint import code_lines, run_pg_dump

    dump = run_pg_dump(["--no-owner", "--no-privileges", "--rows-per-insert=500", TEMPLATE])
    CACHE.mkdir(parents=True, exist_ok=True)
    for old in CACHE.glob("*.sql"):
        old.unlink()
    fresh = kept.with_suffix(f".{os.getpid()}")
    fresh.write_text("\n".join(line for line in code_lines(dump.splitlines()) if line != "CREATE SCHEMA public;"))
    fresh.rename(kept)


def _replay(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET check_function_bodies = false; SET search_path = ''")
        cursor.execute(text)
    connection.close()


def _state_of_the_migrations() -> str:
    """A digest of every migration file (ours and the libraries') and of the code that makes schemas."""
    digest = hashlib.sha256()
    files = {file for app in apps.get_app_configs() for file in (Path(app.path) / "migrations").rglob("*.py")}
    files |= {file for app in apps.get_app_configs() for file in Path(app.path).rglob("*.sql")}
    files |= {Path(apps.get_app_config("tenants").path) / f"{name}.py" for name in ("blueprint", "provisioning")}
    for file in sorted([*files, Path(__file__)]):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:24]


def _recreate(name: str, *, template: str) -> None:
    with _administration() as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


@contextmanager
def _administration() -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(os.environ["DATABASE_URL"], dbname="postgres", autocommit=True) as admin:
        yield admin
