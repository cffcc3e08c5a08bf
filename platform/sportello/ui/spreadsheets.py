"""The one writer of tables as files. Whatever leaves as CSV or XLSX passes here, and no cell leaves as a formula.

Numbers, dates and truth values are what they are; any other value is text, and text is neutralised
(`kernel.formulas`). Tests of the architecture refuse every other way of writing such a file.
"""

import csv
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final, Protocol, Self

import tablib
from django.http import HttpResponse
from import_export.formats import base_formats as formats

from sportello.kernel.formulas import NOTHING, escaped, neutralised

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE: Final = "text/csv"
CSV: Final = f"{CSV_TYPE}; charset=utf-8"
_FIGURE: Final = re.compile(r"-?\d[\d.,]*")
_NUMBERS: Final = (bool, int, Decimal, date, datetime, time)


class Figure(str):
    """A number already written for people ("-12,50"): computed by nobody, so that it stays as it is.

    Raises ValueError for anything but digits, points, commas and a sign.
    """

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        if not _FIGURE.fullmatch(text):
            raise ValueError("This is no number.")
        return super().__new__(cls, text)


def figure_or_text(text: str) -> str:
    """A cell of somebody else's table: a number stays one, anything else is text."""
    return Figure(text) if _FIGURE.fullmatch(text) else text


class TextSink(Protocol):
    """Where lines of text go."""

    def write(self, text: str, /) -> object: ...


class CsvLines:
    """Rows as lines of CSV (RFC 4180), one by one, so that a table of any length passes in the memory of a row."""

    def __init__(self, sink: TextSink, *, delimiter: str = ";", line_end: str = "\r\n") -> None:
        self._writer = csv.writer(sink, delimiter=delimiter, lineterminator=line_end)

    def write(self, cells: Iterable[object]) -> None:
        """One row; None is an empty cell."""
        self._writer.writerow([harmless(cell) for cell in cells])


class MachineLines:
    """Rows as CSV for machines (comma, CRLF): a value that is not there is `\\N`, and the apostrophes can be undone.

    `texts` says of each column whether it is text; the other values are numbers and truth values of the database.
    """

    def __init__(self, sink: TextSink, headings: Sequence[str], texts: Sequence[bool]) -> None:
        self._writer = csv.writer(sink, lineterminator="\r\n")
        self._texts = texts
        self._writer.writerow(headings)

    def write(self, cells: Sequence[str | None]) -> None:
        """One row, as the database writes its values."""
        self._writer.writerow(
            [
                NOTHING if cell is None else escaped(cell) if is_text else cell
                for cell, is_text in zip(cells, self._texts, strict=True)
            ]
        )


class _Kept:
    """A sink that keeps the lines."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def write(self, text: str, /) -> None:
        self.lines.append(text)


def harmless(value: object) -> Any:  # what a cell may hold
    """The value of a cell; text without a formula."""
    if value is None:
        return ""
    return value if isinstance(value, (*_NUMBERS, Figure)) else neutralised(str(value))


def csv_text(headings: Sequence[object], rows: Iterable[Iterable[object]], *, delimiter: str = ";") -> str:
    """The table as text, with CRLF at each end of line."""
    kept = _Kept()
    lines = CsvLines(kept, delimiter=delimiter)
    lines.write(headings)
    for row in rows:
        lines.write(row)
    return "".join(kept.lines)


def table_response(
    headings: Sequence[object], rows: Iterable[Sequence[object]], *, file_format: str, filename: str
) -> HttpResponse:
    """The table as an attachment: "xlsx", or else CSV as Italian spreadsheets open it (UTF-8 with BOM, semicolons).

    Read while the Comune of the request is still set: never streamed. The caller records the audit event.
    """
    if file_format == "xlsx":
        response = HttpResponse(_xlsx(headings, rows), content_type=XLSX)
    else:
        response = HttpResponse("\ufeff" + csv_text(headings, rows), content_type=CSV)
    response["Content-Disposition"] = f'attachment; filename="{filename}.{file_format}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _xlsx(headings: Sequence[object], rows: Iterable[Sequence[object]]) -> bytes:
    data = tablib.Dataset(headers=[str(harmless(heading)) for heading in headings])
    for row in rows:
        data.append([None if cell is None else harmless(cell) for cell in row])
    content: bytes = formats.XLSX().export_data(data)
    return content
