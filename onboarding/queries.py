"""Reads of a load that its pages share."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from onboarding.defects import CATALOGUE
from onboarding.layout import COLUMNS, SEPARATOR, CellReader, UnbalancedQuotes, read_header, split_cells
from onboarding.models import RosterLoad, RowDefect, StagedRow
from onboarding.reading import TextFile
from onboarding.record import Verdict
from onboarding.sentences import told
from sportello.ui.spreadsheets import csv_text, figure_or_text

BATCH = 2_000


@dataclass(frozen=True, slots=True)
class ToldDefect:
    """A defect in words: where, what, what to do; `grave` when it keeps the row out."""

    column: str
    what: str
    remedy: str
    grave: bool


def defects_of(load: RosterLoad, lines: Iterable[int]) -> dict[int, list[ToldDefect]]:
    """The defects of some rows in words, by line (one query)."""
    found: dict[int, list[ToldDefect]] = {}
    for defect in RowDefect.objects.filter(load=load, line__in=list(lines)).order_by("line", "pk"):
        what, remedy = told(defect.code, defect.detail)
        grave = CATALOGUE[defect.code].verdict not in {Verdict.GOOD, Verdict.FIX}
        found.setdefault(defect.line, []).append(ToldDefect(defect.column, what, remedy, grave))
    return found


def correction_file(load: RosterLoad) -> str:
    """The rows to review and the unreadable ones as a CSV that can be corrected and uploaded again.

    Cells as they came, in the order of the form; then line, errors and suggestion. A row whose cells cannot be told
    apart keeps its text in the first cell.
    """
    return csv_text([*COLUMNS, "RIGA", "ERRORI", "SUGGERIMENTO"], _correction_rows(load), delimiter=SEPARATOR)


def _correction_rows(load: RosterLoad) -> Iterator[list[object]]:
    width, order = _header_of(load)
    rows = StagedRow.objects.filter(load=load, verdict__in=(Verdict.REVIEW, Verdict.REJECT)).order_by("line")
    batch: list[StagedRow] = []
    for row in rows.iterator(chunk_size=BATCH):
        batch.append(row)
        if len(batch) == BATCH:
            yield from _correction_batch(load, batch, width, order)
            batch = []
    yield from _correction_batch(load, batch, width, order)


def _header_of(load: RosterLoad) -> tuple[int, CellReader]:
    source = TextFile(path=load.path, encoding=load.encoding, sha256=load.sha256, size=load.size)
    return read_header(next(source.lines())[1])


def _correction_batch(load: RosterLoad, rows: list[StagedRow], width: int, order: CellReader) -> Iterator[list[object]]:
    defects = defects_of(load, [row.line for row in rows])
    for row in rows:
        errors = " ".join(f"{each.what} {each.remedy}" for each in defects.get(row.line, ()) if each.grave)
        suggestion = ", ".join(f"{column}={value}" for column, value in row.suggestion.items())
        yield [*map(figure_or_text, _cells(row.raw, width, order)), row.line, errors, suggestion]


def _cells(raw: str, width: int, order: CellReader) -> list[str]:
    try:
        cells = split_cells(raw)
    except UnbalancedQuotes:
        cells = []
    if len(cells) != width:
        return [raw, *([""] * (len(COLUMNS) - 1))]
    return list(order(cells))
