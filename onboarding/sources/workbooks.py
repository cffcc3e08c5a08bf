"""A spreadsheet that can be read again and again: XLSX, XLS, XLSB and ODS."""

import mmap
import os
import subprocess
import sys
import tempfile
import weakref
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, Literal

import msgspec

from onboarding.errors import (
    EmptyFile,
    EncryptedWorkbook,
    NotText,
    SheetMissing,
    UnreadableWorkbook,
    WorkbookTooLarge,
)
from onboarding.mapping.structs import Encoding, Layout
from onboarding.sources import unpacking
from onboarding.sources.decoding import CONTROL
from onboarding.sources.recoding import put_right
from onboarding.sources.types import Cut, SourceRow, Trouble
from sportello.kernel.errors import gettext_noop

ZIP: Final = b"PK\x03\x04"
OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PROGRAM: Final = Path(unpacking.__file__)
_MOST_ENTRIES: Final = 4_000
_MOST_UNPACKED: Final = 800 * 1024 * 1024
_FREELY_UNPACKED: Final = 64 * 1024 * 1024
_HIGHEST_RATIO: Final = 150
_WAIT: Final = 180
_CHUNK: Final = 1 << 18
_LINE_ENDS: Final = str.maketrans("\r\n", "  ")
_BROKEN: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError, ValueError)
_EXPORT_AGAIN: Final = gettext_noop("Chiedi al programma precedente un'esportazione CSV.")
_UNPACK: Final = gettext_noop("Scompattalo e carica il file che contiene.")


class Sheet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sheet as it was unpacked: how many rows and cells it has, and where it stands among the cells."""

    name: str
    hidden: bool
    rows: int
    width: int
    begin: int
    end: int


@dataclass(frozen=True, slots=True, weakref_slot=True, eq=False)
class SheetSource:
    """`cells` is a file without a name that the system forgets with this source."""

    path: Path
    sha256: str
    size: int
    kept: tuple[Sheet, ...]
    cells: IO[bytes]
    encoding: Encoding = ""
    form: Literal["sheet"] = "sheet"

    def sheets(self) -> tuple[str, ...]:
        """Those that have cells: first the ones people see, then the hidden ones."""
        return tuple(sheet.name for sheet in self.kept)

    def lines(self) -> Iterator[tuple[int, str]]:
        """None: a spreadsheet has rows."""
        return iter(())

    def rows(self, layout: Layout, cuts: tuple[Cut, ...] = ()) -> Iterator[SourceRow]:  # noqa: ARG002 the protocol's
        """Every row from the first to the last that has a cell, blank ones too, each of the sheet's width.

        Where the layout knows the names of the columns, empty cells beyond them are left out.
        """
        sheet = self._chosen(layout.sheet)
        width = len(layout.header) or sheet.width
        decode = msgspec.json.Decoder(list[str] | str).decode
        for number, line in enumerate(self._lines(sheet), 1):
            cells = decode(line)
            if isinstance(cells, str):
                yield SourceRow(number, cells, (), "line_too_long")
            else:
                cells.extend([""] * (width - len(cells)))
                yield _row(number, cells)

    def _chosen(self, name: str) -> Sheet:
        """The sheet of that name; without a name, or if there is but one, the first."""
        if not name or len(self.kept) == 1:
            return self.kept[0]
        for sheet in self.kept:
            if sheet.name == name:
                return sheet
        raise SheetMissing(wanted=name, found=self.sheets())

    def _lines(self, sheet: Sheet) -> Iterator[bytes]:
        """By place and not by a position that all would share: two may read at once."""
        rest, place = b"", sheet.begin
        while place < sheet.end:
            chunk = os.pread(self.cells.fileno(), min(_CHUNK, sheet.end - place), place)
            place += len(chunk)
            *whole, rest = (rest + chunk).split(b"\n")
            yield from whole


def _row(number: int, cells: list[str]) -> SourceRow:
    """Cells as they stand, except what was encoded twice before it came into the sheet."""
    raw = _shown(cells)
    if raw.isascii() and raw.isprintable():
        return SourceRow(number, raw, tuple(cells))
    trouble: Trouble = ""
    if CONTROL.search(raw.translate(_LINE_ENDS)):
        trouble = "control_characters"
        raw, cells = raw.replace("\x00", "\ufffd"), [cell.replace("\x00", "\ufffd") for cell in cells]
    recoded = put_right(raw) != raw
    return SourceRow(number, raw, tuple(map(put_right, cells) if recoded else cells), trouble, recoded)


def _shown(cells: list[str]) -> str:
    """The row as a line of text, quoted where needed."""
    line = ";".join(cells)
    if '"' in line or "\n" in line or line.count(";") != len(cells) - 1:
        line = ";".join('"' + cell.replace('"', '""') + '"' if set(cell) & {";", '"', "\n"} else cell for cell in cells)
    return line


def open_workbook(path: Path, sha256: str, size: int) -> SheetSource:
    """Unpack a spreadsheet in a bounded child. Raises a SourceError that says what to do."""
    with ExitStack() as closing:
        cells = closing.enter_context(tempfile.TemporaryFile())
        sheets = [sheet for sheet in _unpacked(path, cells) if sheet.width]
        if not sheets:
            raise EmptyFile
        source = SheetSource(path, sha256, size, tuple(sorted(sheets, key=lambda sheet: sheet.hidden)), cells)
        weakref.finalize(source, closing.pop_all().close)
    return source


def _unpacked(path: Path, cells: IO[bytes]) -> list[Sheet]:
    """What the child wrote, and where."""
    try:
        run = subprocess.run(  # noqa: S603 our own program, no shell
            [sys.executable, "-I", str(_PROGRAM), str(path)],
            stdin=subprocess.DEVNULL,
            stdout=cells,
            stderr=subprocess.PIPE,
            timeout=_WAIT,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise WorkbookTooLarge from late
    if run.returncode < 0 or run.returncode == unpacking.TOO_LARGE:  # below zero: the system has ended it
        raise WorkbookTooLarge
    if run.returncode != 0:
        raise UnreadableWorkbook
    return msgspec.json.decode(run.stderr, type=list[Sheet])


def check_archive(path: Path) -> None:
    """Refuse archives that are no spreadsheet, are encrypted, or say themselves that they unpack to too much.

    What they do not say the bounds of the child catch.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries[:_MOST_ENTRIES]}
            _check_kind(archive, names)
            unpacked = sum(entry.file_size for entry in entries)
    except _BROKEN as broken:
        raise UnreadableWorkbook from broken
    most = max(_FREELY_UNPACKED, path.stat().st_size * _HIGHEST_RATIO)
    if len(entries) > _MOST_ENTRIES or unpacked > min(most, _MOST_UNPACKED):
        raise WorkbookTooLarge


def _check_kind(archive: zipfile.ZipFile, names: set[str]) -> None:
    if names & {"xl/workbook.xml", "xl/workbook.bin"}:
        return
    if "content.xml" in names and _begins(archive, names, "mimetype").endswith(b"opendocument.spreadsheet"):
        if b"encryption-data" in _begins(archive, names, "META-INF/manifest.xml"):
            raise EncryptedWorkbook
        return
    if names & {"word/document.xml", "ppt/presentation.xml", "content.xml"}:
        raise NotText(gettext_noop("un documento di testo o una presentazione"), _EXPORT_AGAIN)
    raise NotText(gettext_noop("un archivio zip"), _UNPACK)


def _begins(archive: zipfile.ZipFile, names: set[str], name: str) -> bytes:
    """The beginning of an entry, as much as a list of a few files may have."""
    if name not in names:
        return b""
    with archive.open(name) as stream:
        return stream.read(_CHUNK).rstrip()


def check_compound(path: Path) -> None:
    """Refuse compound files of Microsoft that are no spreadsheet or are encrypted."""
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if content.find("EncryptedPackage".encode("utf-16-le")) >= 0:
            raise EncryptedWorkbook
        if not any(content.find(name.encode("utf-16-le")) >= 0 for name in ("Workbook", "Book")):
            raise NotText(gettext_noop("un documento di testo o una presentazione"), _EXPORT_AGAIN)
