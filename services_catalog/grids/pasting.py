"""Rows pasted from a spreadsheet, read as people in Italy write them. Pure: text in; rows, or errors by row, out."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from services_catalog.grids.cells import EmptyCell, plain_words, read_cell
from services_catalog.grids.columns import GridColumn, Kind
from services_catalog.grids.intervals import Interval, interval_of
from services_catalog.grids.words import INTERVAL_HEADINGS
from sportello.kernel.errors import DomainError, gettext_noop, told
from sportello.kernel.money import Money

_MOST = 200
_YEAR = re.compile(r"20\d\d(?:[/-]\d+)?")
_INTERVAL = GridColumn("isee", "ISEE", Kind.TEXT)


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong in a row: its number in the pasted text (the first is 1, empty lines counted) and the sentence."""

    number: int
    template: str
    params: dict[str, object]

    @property
    def message(self) -> str:
        """The sentence in the reader's language."""
        return told(self.template, self.params)


@dataclass(frozen=True, slots=True)
class Pasted:
    """The rows of a pasted text by the name of their column, what could not be read, headings that were left aside."""

    rows: tuple[dict[str, Any], ...] = ()  # Any: values of the language, as the kind of their column says
    errors: tuple[RowError, ...] = ()
    left_aside: tuple[str, ...] = ()
    heading: str = ""


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    cells: tuple[str, ...]


class _WrongWidth(DomainError):
    """A row has more cells than there are columns."""


def read_pasted(text: str, columns: Sequence[GridColumn]) -> Pasted:
    """The rows of a text copied from a spreadsheet: cells parted by tabs, semicolons or commas.

    A first row of headings gives the order of the columns and is skipped; without one the order is that of the page.
    A band may stand in one cell ("da 5.000,01 a 7.500", "oltre 15.000"); where the lower bound is left out it follows
    the band before. Nothing is read by halves: with an error there are errors only.
    """
    lines = list(_lines(text))
    shown = [column for column in columns if not column.hidden]
    if not lines:
        return Pasted(errors=(RowError(1, gettext_noop("Non c'è nessuna riga da leggere."), {}),))
    if len(lines) > _MOST + 1:
        sentence = gettext_noop("Ci sono più di %(most)s righe.")
        return Pasted(errors=(RowError(lines[_MOST].number, sentence, {"most": _MOST}),))
    first = " | ".join(lines[0].cells)
    order, aside, body = _headed(lines, shown)
    heading = "" if body is lines else first
    rows: list[dict[str, Any]] = []
    errors: list[RowError] = []
    for line in body:
        try:
            rows.append(_row(line, order, columns, rows[-1] if rows else None))
        except DomainError as error:
            params = {"number": line.number, "read": " | ".join(line.cells), "why": error.message}
            sentence = gettext_noop("Riga %(number)s: %(why)s Ho letto: %(read)s")
            errors.append(RowError(line.number, sentence, params))
    return Pasted(() if errors else tuple(rows), tuple(errors), aside, heading)


def _lines(text: str) -> Iterator[_Line]:
    """The lines with something in them, cut in cells; a cell between quotes may hold its own separator."""
    separator = _separator(text)
    for number, line in enumerate(text.splitlines(), start=1):
        if separator is None:
            cells = re.split(r" {2,}", line.strip())
        else:
            cells = next(csv.reader([line], delimiter=separator, skipinitialspace=True), [])
        trimmed = tuple(" ".join(cell.split()) for cell in cells)
        if any(trimmed):
            yield _Line(number, trimmed)


def _separator(text: str) -> str | None:
    """What parts the cells; None when only wide gaps do (a table copied from a page)."""
    if "\t" in text:
        return "\t"
    if ";" in text:
        return ";"
    if '","' in text or re.search(r",(?!\d)|,\d+\.\d|\d\.\d\d,", text):
        return ","
    return None


def _headed(
    lines: list[_Line], columns: Sequence[GridColumn]
) -> tuple[list[GridColumn | None], tuple[str, ...], list[_Line]]:
    """The column of each cell, the headings nobody knows, and the rows under the headings."""
    first = lines[0]
    known = [_column_of(cell, columns, at) for at, cell in enumerate(first.cells)]
    has_words = any(known) or not any(re.search(r"\d", cell) for cell in first.cells)
    all_known = all(column or not cell for column, cell in zip(known, first.cells, strict=True))
    if len(lines) == 1 or not has_words or (_reads(first, columns) and not all_known):
        return _by_place(lines, columns), (), lines
    body = lines[1:]
    if not any(known):
        return _by_place(body, columns), (), body
    at = [index for index, column in enumerate(known) if column in (None, _INTERVAL)]
    order: list[GridColumn | None] = list(known)
    for index in at:
        cells = [line.cells[index] for line in body if index < len(line.cells)]
        order[index] = _INTERVAL if _are_intervals(cells) and not _has_bounds(known) else None
    aside = tuple(cell for cell, column in zip(first.cells, order, strict=True) if column is None and cell)
    return order, aside, body


def _has_bounds(columns: Sequence[GridColumn | None]) -> bool:
    return any(column is not None and column.name in ("isee_from", "isee_to") for column in columns)


def _reads(line: _Line, columns: Sequence[GridColumn]) -> bool:
    """Whether the cells of a line could be values in the order of the page."""
    try:
        for cell, column in zip(line.cells, columns, strict=False):
            read_cell(column, cell)
    except DomainError:
        return False
    return True


def _column_of(cell: str, columns: Sequence[GridColumn], at: int) -> GridColumn | None:
    """The column a heading names: by its label before the other words; of two with the same words, the one there."""
    if interval_of(cell) is not None:
        return None
    said = " ".join(word for word in plain_words(cell).split() if not _YEAR.fullmatch(word))
    labelled = [column for column in columns if plain_words(cell) == plain_words(str(column.label))]
    if labelled:
        return labelled[0]
    if said in INTERVAL_HEADINGS and any(column.name == "isee_from" for column in columns):
        return _INTERVAL
    exact = [column for column in columns if said in (plain_words(str(column.label)), *column.headings)]
    near = [column for column in exact if at < len(columns) and columns[at] is column]
    longer = [column for column in columns if _begins(said, column)]
    return next(iter((*near, *exact, *longer)), None)


def _begins(said: str, column: GridColumn) -> bool:
    """Whether a longer heading begins with a word of the column («tariffa a pasto»); never with «da» or «a»."""
    words = [*column.headings, plain_words(str(column.label))]
    return any(len(word) > 3 and said.startswith(f"{word} ") for word in words)


def _by_place(lines: Sequence[_Line], columns: Sequence[GridColumn]) -> list[GridColumn | None]:
    """The order of the page; when every first cell is a whole band it stands for both bounds."""
    has_bounds = [column.name for column in columns[:2]] == ["isee_from", "isee_to"]
    if has_bounds and _are_intervals([line.cells[0] for line in lines]) and not _two_bounds(lines):
        return [_INTERVAL, *columns[2:]]
    return list(columns)


def _two_bounds(lines: Sequence[_Line]) -> bool:
    """Whether the second cells are upper bounds, too: then the first ones are lower bounds alone."""
    return any(len(line.cells) > 1 and plain_words(line.cells[1]).startswith(("a ", "fino")) for line in lines)


def _are_intervals(cells: Sequence[str]) -> bool:
    return bool(cells) and all(interval_of(cell) is not None for cell in cells)


def _row(
    line: _Line, order: Sequence[GridColumn | None], columns: Sequence[GridColumn], before: dict[str, Any] | None
) -> dict[str, Any]:
    """The values of a row. Raises the failures of its cells."""
    cells = list(line.cells)
    while len(cells) > len(order) and not cells[-1]:
        cells.pop()
    if len(cells) > len(order):
        sentence = gettext_noop("ci sono %(read)s celle, le colonne sono %(wanted)s.")
        raise _WrongWidth(sentence, read=len(cells), wanted=len(order))
    texts = {column.name: cell for column, cell in zip(order, cells, strict=False) if column is not None}
    bounds = _bounds(texts, before) if any(column.name == "isee_from" for column in columns) else {}
    row: dict[str, Any] = {column.name: _nothing(column) for column in columns}
    for column in columns:
        if column.name in bounds:
            row[column.name] = bounds[column.name]
        elif not column.hidden:
            row[column.name] = read_cell(column, texts.get(column.name, ""))
    return row


def _bounds(texts: dict[str, str], before: dict[str, Any] | None) -> dict[str, object]:
    """Both bounds of a band; the lower one left out follows the band before, or is nothing."""
    whole = texts.get("isee", "")
    start, end = texts.get("isee_from", ""), texts.get("isee_to", "")
    if whole:
        found = interval_of(whole)
        if found is None:
            raise EmptyCell(gettext_noop("«%(text)s» non è una fascia, per esempio «da 5.000,01 a 7.500»."), text=whole)
    else:
        found = _from_two(start, end)
    lower = found.start
    if lower is None:
        ended = before.get("isee_to") if before else None
        lower = ended + Money(1) if isinstance(ended, Money) else Money(0)
    return {"isee_from": lower, "isee_to": found.end}


def _from_two(start: str, end: str) -> Interval:
    """The band of two cells, either of which may say it all or hold a word («oltre», «fino a 5.000»)."""
    low, high = (interval_of(start) if start else None), (interval_of(end) if end else None)
    if low is not None and not end:
        return low
    bound_from = low.start if low is not None else _amount(start, _FROM)
    if high is not None:
        return Interval(bound_from if bound_from is not None else high.start, high.end)
    return Interval(bound_from, _amount(end, _TO))


_FROM = GridColumn("isee_from", "ISEE da", Kind.MONEY, optional=True)
_TO = GridColumn("isee_to", "a", Kind.MONEY, optional=True)


def _amount(text: str, column: GridColumn) -> Money | None:
    value = read_cell(column, re.sub(r"(?i)^(da|dal|a|al)\s+", "", text))
    return value if isinstance(value, Money) else None


def _nothing(column: GridColumn) -> object:
    if column.kind is Kind.FLAG:
        return False
    if column.kind in (Kind.CHOICES, Kind.LIST, Kind.LINES):
        return ()
    return "" if column.kind is Kind.TEXT else None
