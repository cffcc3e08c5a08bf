"""Which lines are no data: preamble, headings, blanks, sums, records of a header or a trailer."""

import re
from collections.abc import Sequence
from typing import Final, Literal

from onboarding.judging.plan import Plan
from onboarding.sources.types import SourceRow

type KindOfLine = Literal[
    "data",
    "blank",
    "preamble",
    "header",
    "repeated_header",
    "total_row",
    "page_text",
    "header_record",
    "trailer",
    "record_type_unknown",
]

_PAGE: Final = re.compile(
    r"(?:pag(?:ina|\.)?\s*\d|stampat[oa]\b|stampa del|data (?:di )?stampa|elaborat[oa] (?:il|da)|estratto il"
    r"|fine (?:elenco|file|stampa|tracciato)|report\b|n\.? record|record (?:estratti|totali)"
    r"|righe (?:estratte|totali)|\(?\d+ rows?\b|[-=*_#]{3,}$)",
    re.IGNORECASE,
)
_PERSONAL: Final = frozenset({"fiscal_code", "tax_subject", "legacy_id", "surname"})
FEW: Final = 2


class Classifier:
    """What a row is, by its place and its cells; "data" is what the rules must judge."""

    def __init__(self, plan: Plan) -> None:
        layout = plan.mapping.layout
        self._fixed, self._mark, self._header_line = plan.is_fixed, layout.mark, layout.header_line
        self._header = tuple(_folded(name) for name in layout.header)
        self._first_heading = next((at for at, name in enumerate(self._header) if name), None)
        words = "|".join(rf"{re.escape(word)}(?:\W|$)" for word in layout.total_words)
        self._totals = re.compile(words or r"(?!)", re.IGNORECASE)
        self._personal = _places_of(plan)
        self._seen_header = layout.header_line > 0

    def kind_of(self, row: SourceRow) -> KindOfLine:
        """The kind of one row."""
        if row.number == self._header_line:
            return "header"
        if not (row.raw.strip() if self._fixed else any(map(str.strip, row.cells))):
            return "blank"
        if row.number < self._header_line:
            return "preamble"
        if self._mark is not None and (kind := self._by_mark(row)) != "data":
            return kind
        return "data" if self._fixed else self._by_cells(row.cells)

    def _by_mark(self, row: SourceRow) -> KindOfLine:
        mark = self._mark
        if mark is None:
            return "data"
        first = mark.first - 1
        written = row.raw[first : first + mark.width] if self._fixed else _at(row.cells, first)
        if mark.header and written == mark.header:
            return "header_record"
        if mark.trailer and written == mark.trailer:
            return "trailer"
        return "record_type_unknown" if mark.detail and written != mark.detail else "data"

    def _by_cells(self, cells: Sequence[str]) -> KindOfLine:
        if self._is_header(cells):
            kind: KindOfLine = "repeated_header" if self._seen_header else "header"
            self._seen_header = True
            return kind
        first = next(cell for cell in cells if cell.strip()).strip()
        if self._totals.match(first) and not any(_at(cells, place) for place in self._personal):
            return "total_row"
        if _PAGE.match(first) and sum(1 for cell in cells if cell.strip()) <= FEW:
            return "page_text"
        return "data"

    def _is_header(self, cells: Sequence[str]) -> bool:
        at = self._first_heading
        if at is None or _folded(_at(cells, at)) != self._header[at]:
            return False
        found = tuple(_folded(cell) for cell in cells[: len(self._header)])
        return found == self._header[: len(found)] and len(found) > 1 and not any(cells[len(self._header) :])


def _places_of(plan: Plan) -> tuple[int, ...]:
    """Cells that a line of sums leaves empty."""
    return tuple(
        column.place - 1 for column in plan.mapping.columns if column.field and plan.readers[column.field] in _PERSONAL
    )


def _at(cells: Sequence[str], place: int) -> str:
    return cells[place].strip() if place < len(cells) else ""


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()
