"""The treasury's journal (giornale di cassa) as MyPivot hands it over: `;`, seven columns, dates as yyyy-mm-dd. Pure.

A field with `;` is quoted, an inner quote has a backslash before it.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

COLUMNS: Final = (
    "de_anno_bolletta",
    "cod_bolletta",
    "dt_contabile",
    "de_denominazione",
    "de_causale",
    "num_importo",
    "dt_valuta",
)
_URI: Final = re.compile(r"/PUR/LGPE-RIVERSAMENTO/URI/([A-Z0-9._-]+)")
_BLANK: Final = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the journal; `line` is its number in the file."""

    line: int
    year: int
    number: str
    booked_on: date
    value_on: date
    payer_name: str
    remittance: str
    cents: int


class Unreadable(Exception):
    """Which cell; `line` 0 is the head of the file."""

    def __init__(self, line: int, column: str = "") -> None:
        super().__init__(line, column)
        self.line, self.column = line, column


def read_journal(content: bytes) -> list[Entry]:
    """The movements of a file. Raises Unreadable."""
    text = _text(content)
    rows = csv.reader(io.StringIO(text), delimiter=";", doublequote=False, escapechar="\\")
    head = [name.strip().lower() for name in next(rows, [])]
    if not set(COLUMNS) <= set(head):
        raise Unreadable(0)
    return list(_entries(rows, head))


def _text(content: bytes) -> str:
    if b"\0" in content:
        raise Unreadable(0)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _entries(rows: Iterator[list[str]], head: list[str]) -> Iterator[Entry]:
    for line, row in enumerate(rows, start=2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(head):
            raise Unreadable(line, "de_causale")
        cells = dict(zip(head, (cell.strip() for cell in row), strict=True))
        yield Entry(
            line=line,
            year=_year(cells["de_anno_bolletta"], line),
            number=_some(cells["cod_bolletta"], line, "cod_bolletta", 30),
            booked_on=_day(cells["dt_contabile"], line, "dt_contabile"),
            value_on=_day(cells["dt_valuta"], line, "dt_valuta"),
            payer_name=cells["de_denominazione"][:140],
            remittance=_some(cells["de_causale"], line, "de_causale", 1000),
            cents=cents_of(cells["num_importo"], line),
        )


def cents_of(text: str, line: int = 0) -> int:
    """Euro as journals write them: 1234.5, 1234,50, 1.234,50. Below zero is money that left.

    >>> cents_of("1.234,50"), cents_of("-7"), cents_of("45.50")
    (123450, -700, 4550)
    """
    plain = text.replace(".", "").replace(",", ".") if "," in text else text
    try:
        cents = Decimal(plain).scaleb(2)
    except InvalidOperation as wrong:
        raise Unreadable(line, "num_importo") from wrong
    if not cents.is_finite() or cents != cents.to_integral_value() or abs(cents) > 10**13:
        raise Unreadable(line, "num_importo")
    return int(cents)


def flow_named(remittance: str) -> str:
    """The id of a flow in a remittance text; banks break it at any column. Empty where there is none.

    >>> flow_named("ACCREDITO /PUR/LGPE-RIVERSAMENTO/URI/2026-11-23BANCA- 1/TXT/X")
    '2026-11-23BANCA-1'
    """
    found = _URI.search(squeezed(remittance))
    return found[1] if found else ""


def squeezed(text: str) -> str:
    """Without blanks, in capitals: as two texts are compared that a bank may have broken."""
    return _BLANK.sub("", text).upper()


def _year(text: str, line: int) -> int:
    if not (len(text) == 4 and text.isascii() and text.isdigit()):
        raise Unreadable(line, "de_anno_bolletta")
    return int(text)


def _some(text: str, line: int, column: str, longest: int) -> str:
    if not text or len(text) > longest:
        raise Unreadable(line, column)
    return text


def _day(text: str, line: int, column: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise Unreadable(line, column) from wrong
