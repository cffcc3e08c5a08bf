"""A program of its own: reads a spreadsheet and writes the cells of all its sheets as lines of JSON.

It runs as a child with bounded memory, time and output, because a few kilobytes of a spreadsheet may unpack to
terabytes and the reader of Microsoft's formats keeps a sheet whole. An ODS is read row by row instead: its reader there
would hold three times as much. It knows nothing of the house: `workbooks` starts it.

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
_NAMES: Final = "urn:oasis:names:tc:opendocument:xmlns:"
_O, _T, _X, _S = (f"{{{_NAMES}{name}:1.0}}" for name in ("office", "table", "text", "style"))
_SHEET, _ROW, _CELL, _COVERED = (f"{_T}{name}" for name in ("table", "table-row", "table-cell", "covered-table-cell"))
_STYLE, _P, _KIND, _REPEATED = f"{_S}style", f"{_X}p", f"{_O}value-type", f"{_T}number-columns-repeated"
_DURATION: Final = re.compile(r"PT(\d{1,6})H(\d{1,2})M(\d{1,2})(?:[.,]\d+)?S")

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
            if _is_open_document(path):
                index = list(_open_document(path))
            else:
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
    is_hidden = meta.visible != calamine.SheetVisibleEnum.Visible
    return _written(meta.name, is_hidden, _texts(sheet, _marks(path, meta.name)))


def _written(name: str, is_hidden: bool, lines: Iterator[list[str]]) -> dict[str, object]:  # noqa: FBT001 a fact, not a switch
    """Write the rows; what the index says of their sheet."""
    rows = width = 0
    begin = sys.stdout.tell()
    for texts in lines:
        sys.stdout.write(json.dumps(texts if sum(map(len, texts)) <= LONGEST_ROW else _beginning(texts)) + "\n")
        rows, width = rows + 1, max(width, len(texts))
    return {
        "name": name,
        "hidden": is_hidden,
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


def _is_open_document(path: Path) -> bool:
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as book:
        names = set(book.namelist())
    return "content.xml" in names and "xl/workbook.xml" not in names and "xl/workbook.bin" not in names


def _open_document(path: Path) -> Iterator[dict[str, object]]:
    """Write the sheets of an ODS while its XML is read; no more than a row is ever kept."""
    hidden: set[str] = set()
    with zipfile.ZipFile(path) as book, book.open("content.xml") as stream:
        events = et.iterparse(
            stream,
            ("start", "end"),
            tag=(_SHEET, _STYLE, _ROW),
            resolve_entities=False,
            no_network=True,
            huge_tree=True,
        )
        for event, element in events:
            if event == "end" and element.tag == _STYLE:
                if any(each.get(f"{_T}display") == "false" for each in element):
                    hidden.add(element.get(f"{_S}name", ""))
            elif event == "start" and element.tag == _SHEET:
                name = element.get(f"{_T}name", "")
                yield _written(name, element.get(f"{_T}style-name") in hidden, _open_rows(events))


def _open_rows(events: Iterator[tuple[str, et._Element]]) -> Iterator[list[str]]:
    """Up to the end of the sheet: every row up to the last that has anything. A table within a cell is left out."""
    inner = blank = 0
    for event, element in events:
        if element.tag == _SHEET:
            if event == "end" and not inner:
                return
            inner += 1 if event == "start" else -1
        elif event == "end" and element.tag == _ROW and not inner:
            texts = _open_cells(element)
            times = int(element.get(f"{_T}number-rows-repeated", "1"))
            if texts:
                yield from repeat([], blank)
                yield from repeat(texts, times)
            blank = 0 if texts else blank + times
            element.clear()
            parent = element.getparent()
            while parent is not None and element.getprevious() is not None:
                del parent[0]


def _open_cells(row: et._Element) -> list[str]:
    """The cells of a row without the empty ones at its end; those that another covers are empty."""
    texts: list[str] = []
    blank = 0
    for cell in row:
        if cell.tag not in {_CELL, _COVERED}:
            continue
        times = int(cell.get(_REPEATED, "1"))
        text = _open_told(cell) if cell.tag == _CELL else ""
        if text:
            texts += [""] * blank
            texts += [text] * times
        blank = 0 if text else blank + times
    return texts


def _open_told(cell: et._Element) -> str:
    """By its value, where its kind has one that opens; else by its text, or by a formula that was never computed."""
    kind = cell.get(_KIND)
    name, read = _OPEN_KINDS.get(kind or "", ("", str))
    value = cell.get(name) if name else None
    if value is not None:
        try:
            return read(value)
        except ValueError:
            pass
    if len(cell) == 1 and len(cell[0]) == 0 and cell[0].tag == _P:
        text = cell[0].text or ""
    else:
        text = "\n".join(_paragraph(each) for each in cell if each.tag == _P)
    if text or kind:
        return text or cell.get(f"{_O}string-value", "")
    formula = cell.get(f"{_T}formula", "")
    return f"={formula.partition('=')[2]}" if formula else ""


def _paragraph(paragraph: et._Element) -> str:
    """Its text; several spaces, tabs and new lines are elements there."""
    pieces = [paragraph.text or ""]
    for each in paragraph:
        if each.tag == f"{_X}s":
            pieces.append(" " * int(each.get(f"{_X}c", "1")))
        else:
            pieces.append({f"{_X}tab": "\t", f"{_X}line-break": "\n"}.get(str(each.tag)) or _paragraph(each))
        pieces.append(each.tail or "")
    return "".join(pieces)


def _open_moment(value: str) -> str:
    return _moment(dt.datetime.fromisoformat(value))


def _open_time(value: str) -> str:
    """PT08H15M00S."""
    found = _DURATION.fullmatch(value)
    if found is None:
        raise ValueError(value)
    return f"{int(found[1]):02d}:{int(found[2]):02d}:{int(found[3]):02d}"


_OPEN_KINDS: Final[dict[str, tuple[str, Callable[[str], str]]]] = {
    **dict.fromkeys(("float", "percentage", "currency"), (f"{_O}value", lambda value: number(float(value)))),
    "date": (f"{_O}date-value", _open_moment),
    "time": (f"{_O}time-value", _open_time),
    "boolean": (f"{_O}boolean-value", lambda value: "SI" if value == "true" else "NO"),
}


def _unescaped(text: str) -> str:
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        text = text.replace(entity, sign)
    return text


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
