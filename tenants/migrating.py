"""Bring one schema to the migrations of this code, and lay what all schemas stand on."""

from django.core.management import call_command
from django.core.management.commands.migrate import Command as MigrateCommand
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from tenants.current import PUBLIC, wrapper
from tenants.postgres_backend import EXTENSIONS_SCHEMA

EXTENSIONS = ("btree_gist", "pg_trgm", "unaccent")


def lay_foundations() -> None:
    """Creates the schemas `public` and `extensions` and the extensions; again is harmless.

    An extension needs rights that the role may lack where an administrator has created it already: only what is
    missing is created.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT extname FROM pg_extension")
        present = {str(name) for (name,) in cursor.fetchall()}
        for schema in (PUBLIC, EXTENSIONS_SCHEMA):
            create_schema_if_missing(schema)
        for extension in EXTENSIONS:
            if extension not in present:
                cursor.execute(f'CREATE EXTENSION "{extension}" SCHEMA "{EXTENSIONS_SCHEMA}"')


def create_schema_if_missing(schema: str) -> None:
    """Creates an empty schema unless it exists (no IF NOT EXISTS: that needs the right to create)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [schema])
        if cursor.fetchone() is None:
            cursor.execute(f'CREATE SCHEMA "{schema}"')


def migrate_schema(schema: str, *, verbosity: int = 0) -> None:
    """Runs Django's migrations and the handlers of post_migrate in one schema, creating it if need be.

    While they run, `public` is not on the path (but for the schema `public` itself): a migration of a Comune that
    needs it fails, and the table of applied migrations can only be the schema's own.
    """
    create_schema_if_missing(schema)
    before, with_public = wrapper().tenant, wrapper().include_public_schema
    wrapper().set_schema(schema, include_public=False)
    try:
        MigrationRecorder(connection).ensure_schema()
        call_command(MigrateCommand(), interactive=False, verbosity=verbosity)
    finally:
        wrapper().set_tenant(before, include_public=with_public)
