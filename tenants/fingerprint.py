"""The fingerprint of the migrations: a schema whose fingerprint is that of the code needs nothing."""

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from django.apps import apps
from django.db import connection

ONE_SCHEMA = """
    SELECT '{schema}', md5(string_agg(app || '.' || name, ',' ORDER BY app COLLATE "C", name COLLATE "C"))
    FROM "{schema}".django_migrations"""


@cache
def fingerprint_of_code() -> str:
    """The fingerprint of a schema that has every migration of the installed apps.

    Read from the names of the files, without importing them: it is part of the deployment that changes nothing.
    Every schema records the migrations of every app, also of those that have no table in it.
    """
    names = [
        f"{app.label}.{file.stem}"
        for app in apps.get_app_configs()
        for file in (Path(app.path) / "migrations").glob("[!_]*.py")
    ]
    ordered = sorted(names, key=lambda name: name.split(".", 1))
    return hashlib.md5(",".join(ordered).encode(), usedforsecurity=False).hexdigest()


def schemas_with_migrations() -> list[str]:
    """The schemas that have a table of applied migrations, in alphabetical order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relname = 'django_migrations' AND c.relkind = 'r' ORDER BY n.nspname"
        )
        return [str(schema) for (schema,) in cursor.fetchall()]


def fingerprints(schemas: Iterable[str]) -> dict[str, str]:
    """The fingerprint of each of the schemas that has applied migrations, by one query over all of them."""
    wanted = set(schemas)
    present = [schema for schema in schemas_with_migrations() if schema in wanted]
    if not present:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(ONE_SCHEMA.format(schema=schema) for schema in present))
        return {str(schema): str(value) for schema, value in cursor.fetchall() if value is not None}
