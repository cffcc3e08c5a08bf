"""The package of a Comune: a ZIP written in the memory of a row, from one snapshot of its schema.

Everything in it has its SHA-256 in `SHA256SUMS` (as `sha256sum -c` reads it); `datapackage.json` describes the tables.
"""

import json
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final, Self

from django.template.loader import render_to_string

from onboarding.leaving.catalogue import Table, counters_of, tables_of
from onboarding.leaving.describing import FORMAT, dialect, formula_guard, path_of, resource_of
from onboarding.leaving.facts import facts_of
from onboarding.leaving.in_public import public_tables_of
from onboarding.leaving.kept_files import folder_of, kept_files, missing_files
from onboarding.leaving.tabling import Written, copy_bytes, write_table
from onboarding.leaving.withheld import COLUMNS, TABLES
from sportello.jobs.registry import Progress
from sportello.kernel.clock import ROME
from sportello.kernel.errors import gettext_noop
from sportello.ui.spreadsheets import CSV_TYPE, MachineLines
from tenants.fingerprint import fingerprint_of_code
from tenants.models import Municipality
from tenants.snapshots import snapshot_of

SUMS: Final = "SHA256SUMS"
DESCRIPTOR: Final = "datapackage.json"
FILES: Final = "files.csv"
SPOOL: Final = 4 * 1024 * 1024


@dataclass(slots=True)
class Counts:
    """What the package holds. `missing`: files that rows name and the disk has not."""

    tables: int = 0
    rows: int = 0
    files: int = 0
    file_bytes: int = 0
    missing: int = 0
    resources: list[dict[str, Any]] = field(default_factory=list)

    def as_numbers(self) -> dict[str, int]:
        names = ("tables", "rows", "files", "file_bytes", "missing")
        return {name: int(getattr(self, name)) for name in names}


def write_package(*, path: Path, municipality: Municipality, now: datetime, progress: Progress) -> Counts:
    """Writes the package of the Comune to `path`; what stood there is replaced."""
    schema = municipality.schema_name
    with snapshot_of(schema) as snapshot, _Archive(path, now) as archive:
        tables = [*tables_of(snapshot, schema), *public_tables_of(snapshot, municipality)]
        counts = Counts(tables=len(tables))
        for number, table in enumerate(tables, start=1):
            progress.advance(done=number, total=len(tables) + 1, message=gettext_noop("Scrivo le tabelle"))
            written = archive.add_table(snapshot, table)
            counts.rows += written.rows
            counts.resources.append(resource_of(table, written))
        progress.advance(done=len(tables) + 1, message=gettext_noop("Aggiungo i file conservati"))
        missing = list(missing_files(snapshot, folder_of(schema)))
        _add_files(archive, folder_of(schema), counts)
        counts.missing = len(missing)
        descriptor = _descriptor(municipality, counts, counters_of(snapshot, schema), missing, now)
        archive.add_text(DESCRIPTOR, json.dumps(descriptor, ensure_ascii=False, indent=1) + "\n")
        for language in ("it", "en"):
            archive.add_text(f"README.{language}.md", _readme(language, descriptor, counts))
        archive.add_sums()
    progress.advance(message=gettext_noop("L'esportazione è pronta."))
    return counts


class _Archive:
    """A ZIP that grows, and the digests of what went in."""

    def __init__(self, path: Path, now: datetime) -> None:
        self._moment = now.astimezone(ROME).timetuple()[:6]
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, allowZip64=True, compresslevel=4)
        self._sums = tempfile.SpooledTemporaryFile(SPOOL, "w+", encoding="utf-8")  # noqa: SIM115 -- closed by __exit__

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        self._sums.close()
        self._zip.close()

    @contextmanager
    def _member(self, name: str, kind: int = zipfile.ZIP_DEFLATED) -> Iterator[IO[bytes]]:
        entry = zipfile.ZipInfo(name, self._moment)
        entry.compress_type, entry.external_attr = kind, 0o600 << 16
        with self._zip.open(entry, "w", force_zip64=True) as sink:
            yield sink

    def _note(self, name: str, written: Written) -> Written:
        self._sums.write(f"{written.sha256}  {name}\n")
        return written

    def add_table(self, snapshot: Any, table: Table) -> Written:  # a connection of psycopg
        with self._member(path_of(table)) as sink, snapshot.cursor() as cursor:
            written = write_table(cursor, table, sink)
        return self._note(path_of(table), written)

    def add_file(self, name: str, source: Path) -> Written | None:
        """None where somebody deleted the file since it was listed: a draft that was thrown away."""
        try:
            held = source.open("rb")
        except FileNotFoundError:
            return None
        with held, self._member(name, zipfile.ZIP_STORED) as sink:  # scans and PDFs do not shrink
            written = copy_bytes(held, sink)
        return self._note(name, written)

    def add_stream(self, name: str, source: IO[bytes]) -> Written:
        with self._member(name) as sink:
            written = copy_bytes(source, sink)  # type: ignore[arg-type]  # IO[bytes] is what BinaryIO means
        return self._note(name, written)

    def add_text(self, name: str, text: str) -> None:
        with tempfile.SpooledTemporaryFile(SPOOL) as held:
            held.write(text.encode())
            held.seek(0)
            self.add_stream(name, held)

    def add_sums(self) -> None:
        self._sums.flush()
        self._sums.seek(0)
        with self._member(SUMS) as sink:
            for line in self._sums:
                sink.write(line.encode())


def _add_files(archive: _Archive, folder: Path, counts: Counts) -> None:
    with tempfile.SpooledTemporaryFile(SPOOL, "w+", encoding="utf-8", newline="") as listed:
        lines = MachineLines(listed, ["path", "bytes", "sha256"], [True, False, True])
        for name, path in kept_files(folder):
            written = archive.add_file(f"files/{name}", path)
            if written is not None:
                counts.files += 1
                counts.file_bytes += written.size
                lines.write([name, str(written.size), written.sha256])
        listed.seek(0)
        with tempfile.SpooledTemporaryFile(SPOOL) as content:
            for line in listed:
                content.write(line.encode())
            content.seek(0)
            written = archive.add_stream(FILES, content)
    counts.resources.append(_listing_of_files(written, counts.files))


def _listing_of_files(written: Written, rows: int) -> dict[str, Any]:
    names = {"path": "string", "bytes": "integer", "sha256": "string"}
    return {
        "name": "files",
        "path": FILES,
        "profile": "tabular-data-resource",
        "title": "File conservati",
        "descriptionIt": "L'elenco dei file conservati, che stanno in files/",
        "description": "Every kept file, as it stands below `files/`: uploads, originals, papers, byte for byte.",
        "format": "csv",
        "mediatype": CSV_TYPE,
        "encoding": "utf-8",
        "bytes": written.size,
        "hash": f"sha256:{written.sha256}",
        "rows": rows,
        "dialect": dialect(),
        "formulaGuard": formula_guard(),
        "schema": {"fields": [{"name": name, "type": kind} for name, kind in names.items()], "primaryKey": ["path"]},
    }


def _descriptor(
    municipality: Municipality,
    counts: Counts,
    counters: dict[str, tuple[int, bool]],
    missing: list[str],
    now: datetime,
) -> dict[str, Any]:
    return {
        "profile": "tabular-data-package",
        "name": f"sportello-scuola-{municipality.slug}",
        "title": f"Sportello Scuola: Comune di {municipality.name}",
        "description": "Everything that Sportello Scuola holds of one Comune. Personal data: keep it as such.",
        "created": now.isoformat(),
        "format": FORMAT,
        "migrations": fingerprint_of_code(),
        "municipality": facts_of(municipality),
        "counters": {name: list(value) for name, value in counters.items()},
        "missingFiles": missing,
        "withheld": {
            "tables": {name: because[1] for name, because in TABLES.items()},
            "columns": {f"{table}.{name}": instead.because[1] for (table, name), instead in COLUMNS.items()},
        },
        "resources": counts.resources,
    }


def _readme(language: str, descriptor: dict[str, Any], counts: Counts) -> str:
    place = 0 if language == "it" else 1
    return render_to_string(
        f"leaving/readme.{language}.md",
        {
            "package": descriptor,
            "tables": counts.resources,
            "counts": counts.as_numbers(),
            "withheld": [
                *((name, because[place]) for name, because in TABLES.items()),
                *((f"{table}.{name}", instead.because[place]) for (table, name), instead in COLUMNS.items()),
            ],
        },
    )
