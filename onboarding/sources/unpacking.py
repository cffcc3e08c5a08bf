"""A program of its own: reads a spreadsheet and writes the cells of all its sheets as lines of JSON.

It runs as a child with bounded memory, time and output, because a few kilobytes of a spreadsheet may unpack to
terabytes and the reader keeps a sheet whole. It knows nothing of the house: `workbooks` starts it.

    python unpacking.py FILE > CELLS 2> INDEX

CELLS has one array of texts for each row, or the beginning of the text where a row is longer than any row may be;
INDEX one object for each sheet. Status 0: done; 3: it does not open; 4: it is too large.
"""

import datetime as dt
import json
import re
import resource
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import chain, repeat
from pathlib import Path
from typing import IO, Any, Final

import lxml.etree as et
import python_calamine as calamine

UNREADABLE: Final = 3
TOO_LARGE: Final = 4
LONGEST_ROW: Final = 131_072
SHOWN: Final = 2_000
MEMORY: Final = 1 << 30
SECONDS: Final = 120
OUTPUT: Final = 1 << 30
_CHUNK: Final = 1 << 20
_MOST_MARKS: Final = 200_000
_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_ERROR: Final = re.compile(rb'<c ([^>]*\bt="e"[^>]*)>(?:<f\b[^>]*?(?:/>|>[^<]*</f>))?<v>([^<]{1,40})</v>')
_FORMULA: Final = re.compile(rb"<c ([^>]*)><f\b[^>]*?(?:/>|>([^<]*)</f>)(?:<v\s*/>|<v></v>)?</c>")
_PLACE: Final = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')

type Cell = str | float | bool | dt.date | dt.time | dt.timedelta
type Marks = dict[int, dict[int, str]]
"""By row and column, counted from 0: what the reader leaves out."""


def bound() -> None:
    """Beyond these the system ends this program."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT, OUTPUT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def told(cell: Cell) -> str:
    """A cell as text: ISO dates, whole numbers without decimals, a decimal comma, SI and NO."""
    return cell if isinstance(cell, str) else _TOLD[type(cell)](cell)


def _moment(value: dt.datetime) -> str:
    return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "seconds")


def _span(value: dt.timedelta) -> str:
    minutes, seconds = divmod(int(value.total_seconds()), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"


def number(value: float) -> str:
    """As a spreadsheet shows it: fifteen digits, never an exponent."""
    if value.is_integer():
        return str(int(value))
    return format(Decimal(format(value, ".15g")), "f").replace(".", ",")


_TOLD: Final[dict[type, Callable[[Any], str]]] = {  # Any: each function takes the type it stands beside
    bool: lambda value: "SI" if value else "NO",
    int: str,
    float: number,
    dt.datetime: _moment,
    dt.date: dt.date.isoformat,
    dt.time: lambda value: value.isoformat("seconds"),
    dt.timedelta: _span,
}


def main(path: Path) -> int:
    """Write all sheets; the index comes last."""
    bound()
    try:
        with path.open("rb") as stream:
            book = calamine.load_workbook(stream)
            index = [sheet for meta in book.sheets_metadata if (sheet := _sheet(book, meta, path)) is not None]
    except (MemoryError, OSError):  # OSError: the output is longer than it may be
        return TOO_LARGE
    except (calamine.CalamineError, zipfile.BadZipFile, zlib.error, et.XMLSyntaxError, ValueError):
        return UNREADABLE
    sys.stderr.write(json.dumps(index))
    return 0


def _sheet(book: calamine.CalamineWorkbook, meta: calamine.SheetMetadata, path: Path) -> dict[str, object] | None:
    """Write the rows of one sheet from row 1 on; a sheet of charts has none."""
    if meta.typ != calamine.SheetTypeEnum.WorkSheet:
        return None
    sheet = book.get_sheet_by_name(meta.name)
    rows = width = 0
    begin = sys.stdout.tell()
    for texts in _texts(sheet, _marks(path, meta.name)):
        sys.stdout.write(json.dumps(texts if sum(map(len, texts)) <= LONGEST_ROW else _beginning(texts)) + "\n")
        rows, width = rows + 1, max(width, len(texts))
    return {
        "name": meta.name,
        "hidden": meta.visible != calamine.SheetVisibleEnum.Visible,
        "rows": rows,
        "width": width,
        "begin": begin,
        "end": sys.stdout.tell(),
    }


def _texts(sheet: calamine.CalamineSheet, marks: Marks) -> Iterator[list[str]]:
    """Every row from the first to the last that has anything, without the empty cells at its end."""
    left = [""] * (sheet.start[1] if sheet.start else 0)
    below = max(marks, default=-1) - (sheet.end[0] if sheet.end else -1)
    for row, cells in enumerate(chain(sheet.iter_rows(), repeat([], below))):
        texts = left + [told(cell) for cell in cells]
        _add(texts, marks.get(row, {}))
        while texts and not texts[-1]:
            texts.pop()
        yield texts


def _beginning(texts: list[str]) -> str:
    return ";".join(text[:SHOWN] for text in texts[:SHOWN])[:SHOWN]


def _add(texts: list[str], marks: dict[int, str]) -> None:
    for place, mark in marks.items():
        texts.extend([""] * (place + 1 - len(texts)))
        texts[place] = texts[place] or mark


def _marks(path: Path, sheet: str) -> Marks:
    """Of an XLSX: the errors (#N/A), and the formulas whose result was never computed.

    The reader gives nothing for them, and a cell that has something must not pass for an empty one.
    """
    if not zipfile.is_zipfile(path):
        return {}
    with zipfile.ZipFile(path) as book:
        if "xl/workbook.xml" not in book.namelist():
            return {}
        part = _part(book, sheet)
        if part not in book.namelist():
            return {}
        marks: Marks = {}
        with book.open(part) as stream:
            for count, (row, column, text) in enumerate(_marked(stream)):
                if count >= _MOST_MARKS:
                    break
                marks.setdefault(row, {})[column] = text
        return marks


def _part(book: zipfile.ZipFile, sheet: str) -> str:
    """Where in the archive a sheet stands."""
    parser = et.XMLParser(resolve_entities=False, no_network=True)
    for element in et.fromstring(book.read("xl/workbook.xml"), parser).iter("{*}sheet"):
        if element.get("name") == sheet:
            relations = et.fromstring(book.read("xl/_rels/workbook.xml.rels"), parser)
            targets = {relation.get("Id"): relation.get("Target", "") for relation in relations.iter("{*}Relationship")}
            target = targets.get(element.get(_RELATION), "") or ""
            return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    return ""


def _marked(stream: IO[bytes]) -> Iterator[tuple[int, int, str]]:
    """(row, column, text) from pieces that end where a cell ends."""
    rest = b""
    while chunk := stream.read(_CHUNK):
        piece, end, rest = (rest + chunk).rpartition(b"</c>")
        rest = rest[-_CHUNK:]
        if b"<f" not in piece and b't="e"' not in piece:
            continue
        piece += end
        for found in _ERROR.finditer(piece):
            yield from _placed(found[1], found[2])
        for found in _FORMULA.finditer(piece):
            if b't="str"' not in found[1]:
                yield from _placed(found[1], b"=" + (found[2] or b""))


def _placed(attributes: bytes, text: bytes) -> Iterator[tuple[int, int, str]]:
    place = _PLACE.search(attributes)
    if place:
        column = 0
        for letter in place[1]:
            column = column * 26 + letter - 64
        yield int(place[2]) - 1, column - 1, _unescaped(text.decode("utf-8", "replace"))


def _unescaped(text: str) -> str:
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        text = text.replace(entity, sign)
    return text


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
