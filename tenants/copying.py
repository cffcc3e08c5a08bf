"""A copy of the schema of a Comune, rows and all, while a block lasts: to try there what must not fail here."""

# ruff: noqa: S608 -- the names of tables, columns and sequences come from the catalogue of the database

from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from typing import Final

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from sportello.kernel.errors import DomainError
from tenants.current import PUBLIC, in_schema, stay_in, wrapper
from tenants.fingerprint import fingerprint_of_code, fingerprints
from tenants.models import Municipality
from tenants.provisioning import current_blueprint, schema_exists
from tenants.stages import SchemaMissing

PREFIX: Final = "copia_"
_TABLES: Final = """
SELECT c.relname, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
WHERE n.nspname = %s AND c.relkind = 'r' GROUP BY c.relname ORDER BY c.relname
"""
_SEQUENCES: Final = "SELECT sequencename FROM pg_sequences WHERE schemaname = %s ORDER BY sequencename"


class SchemaBehind(DomainError):
    def __init__(self) -> None:
        super().__init__(_("Lo schema del Comune non è ancora aggiornato a questa versione: la copia si fa dopo."))


@dataclass(frozen=True, slots=True)
class Copied:
    """The Comune as it stands in the copy, and how much was copied."""

    municipality: Municipality
    tables: int
    rows: int


@contextmanager
def scratch_copy(municipality: Municipality) -> Iterator[Copied]:
    """Runs the block inside a copy of the Comune's schema; then undoes everything, the copy and what was done in it.

    The copy lives in one transaction and nobody else ever sees it: a process that dies leaves nothing to clear away,
    and what the block would send after the commit is never sent. Raises SchemaMissing, SchemaBehind.
    """
    source, target = municipality.schema_name, f"{PREFIX}{municipality.belfiore_code.lower()}"
    if not schema_exists(source):
        raise SchemaMissing
    if fingerprints([source]).get(source) != fingerprint_of_code():
        raise SchemaBehind
    stand_in = copy(municipality)
    stand_in.schema_name = target
    with transaction.atomic():
        with in_schema(PUBLIC):
            tables, rows = _copy(source, target)
        with stay_in(stand_in):
            yield Copied(stand_in, tables, rows)
        transaction.set_rollback(True)
    wrapper().search_path_set_schemas = None  # the path that this thread believed in was undone with the rest


def _copy(source: str, target: str) -> tuple[int, int]:
    """Tables and rows. Triggers sleep meanwhile: the rows were judged when they were written."""
    blueprint, total = current_blueprint(), 0
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL check_function_bodies = false; SET LOCAL search_path = ''")
        cursor.execute(blueprint.text_for(target))
        cursor.execute(_TABLES, [source])
        tables: list[tuple[str, str]] = cursor.fetchall()
        for table, columns in tables:
            cursor.execute(f'ALTER TABLE "{target}"."{table}" DISABLE TRIGGER USER')
            cursor.execute(
                f'INSERT INTO "{target}"."{table}" ({columns}) OVERRIDING SYSTEM VALUE'
                f' SELECT {columns} FROM "{source}"."{table}"'
            )
            total += cursor.rowcount
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table, _columns in tables:
            cursor.execute(f'ALTER TABLE "{target}"."{table}" ENABLE TRIGGER USER')
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(_SEQUENCES, [source])
        for (sequence,) in cursor.fetchall():
            cursor.execute(
                f'SELECT setval(\'"{target}"."{sequence}"\', last_value, is_called) FROM "{source}"."{sequence}"'
            )
    wrapper().search_path_set_schemas = None
    return len(tables), total
