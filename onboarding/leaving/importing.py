"""A package taken in: into a new schema, all or nothing, and proved equal table by table before it stays."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from onboarding.leaving.catalogue import Table, counters_of, tables_of
from onboarding.leaving.errors import FilesNotEmpty, ImportDiffers, SchemaNotEmpty
from onboarding.leaving.kept_files import folder_of
from onboarding.leaving.opening import FILES, Package, open_package
from onboarding.leaving.tabling import copy_bytes, write_table
from sportello.jobs.registry import Progress
from sportello.kernel.errors import gettext_noop
from tenants.current import in_schema
from tenants.provisioning import create_schema, schema_exists
from tenants.registering import register_again
from tenants.snapshots import speak_plainly


@dataclass(frozen=True, slots=True)
class Imported:
    """What was taken in; `host` is empty where another schema already answers for the Comune."""

    tables: int
    rows: int
    files: int
    host: str


def import_package(*, path: Path, schema: str, progress: Progress) -> Imported:
    """Takes a package into a schema that is new or holds nothing.

    Every table is read back and its digest compared with the package's; counters go on from where they were. Raises
    PackageRefused, SchemaNotEmpty, FilesNotEmpty, ImportDiffers; then nothing has changed.
    """
    package = open_package(path)
    with _files_beside(package, schema) as folder, transaction.atomic():
        _make_room(schema)
        with in_schema(schema):
            rows = _load(package, schema, progress)
        host = register_again(facts=package.descriptor["municipality"], schema=schema)
        _put_in_place(folder, folder_of(schema))
    return Imported(len(package.tables), rows, len(package.files), host)


def _make_room(schema: str) -> None:
    if not schema_exists(schema):
        create_schema(schema=schema)
        return
    with in_schema(schema), connection.cursor() as cursor:
        for table in tables_of(cursor, schema):
            if _has_rows(cursor, schema, table) and not _has_rows(cursor, settings.TEMPLATE_SCHEMA, table):
                raise SchemaNotEmpty(table.name)


def _has_rows(cursor: Any, schema: str, table: Table) -> bool:  # Django's cursor
    cursor.execute(f'SELECT EXISTS (SELECT FROM "{schema}"."{table.name}")')  # noqa: S608 names come from the catalogue
    return bool(cursor.fetchone()[0])


def _load(package: Package, schema: str, progress: Progress) -> int:
    """The guards of the tables rest meanwhile: rows come in as history, not as deeds. Keys are checked at the end."""
    with connection.cursor() as cursor:
        speak_plainly(cursor)
        tables = tables_of(cursor, schema)
        if {table.name for table in tables} != set(package.tables):
            raise ImportDiffers(", ".join({table.name for table in tables} ^ set(package.tables)))
        with _guards_at_rest(cursor, tables):
            cursor.execute("TRUNCATE " + ", ".join(f'"{table.name}"' for table in tables))
            rows = 0
            for number, table in enumerate(tables, start=1):
                progress.advance(done=number, total=len(tables), message=gettext_noop("Leggo le tabelle"))
                rows += _fill(cursor, package, table)
        _set_counters(cursor, package, schema)
        for table in tables:
            if f"sha256:{write_table(cursor, table, None).sha256}" != package.tables[table.name]["hash"]:
                raise ImportDiffers(table.name)
    return rows


@contextmanager
def _guards_at_rest(cursor: Any, tables: list[Table]) -> Iterator[None]:  # Django's cursor
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")  # those of the schema just made
    for table in tables:
        cursor.execute(f'ALTER TABLE "{table.name}" DISABLE TRIGGER USER')
    yield
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table in tables:
        cursor.execute(f'ALTER TABLE "{table.name}" ENABLE TRIGGER USER')


def _fill(cursor: Any, package: Package, table: Table) -> int:  # Django's cursor
    names = [field["name"] for field in package.tables[table.name]["schema"]["fields"]]
    if names != table.column_names:
        raise ImportDiffers(table.name)
    listed = ", ".join(f'"{name}"' for name in names)
    rows = 0
    with cursor.copy(f'COPY "{table.name}" ({listed}) FROM STDIN') as copy:
        for row in package.rows(table.name):
            copy.write_row(row)
            rows += 1
    return rows


def _set_counters(cursor: Any, package: Package, schema: str) -> None:  # Django's cursor
    held = counters_of(cursor, schema)
    for name, (last, called) in package.descriptor["counters"].items():
        if name in held:
            cursor.execute("SELECT setval(%s::regclass, %s, %s)", [f'"{schema}"."{name}"', last, called])


@contextmanager
def _files_beside(package: Package, schema: str) -> Iterator[Path]:
    """The files unpacked beside their place, gone again unless they were put there."""
    root = Path(settings.MEDIA_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f".import-{schema}-", dir=root))
    try:
        for name in package.files:
            target = folder / name.removeprefix(FILES)
            target.parent.mkdir(parents=True, exist_ok=True)
            with package.archive.open(name) as source, target.open("wb") as sink:
                copy_bytes(source, sink)  # type: ignore[arg-type]  # IO[bytes] is what BinaryIO means
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _put_in_place(folder: Path, target: Path) -> None:
    """The last step before the commit: one rename."""
    if target.exists():
        if any(target.iterdir()):
            raise FilesNotEmpty
        target.rmdir()
    folder.replace(target)
