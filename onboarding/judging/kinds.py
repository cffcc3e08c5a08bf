"""Which lines are no data: preamble, headings, blanks, sums, records of a header or a trailer."""

import re
from collections.abc import Container, Sequence
from typing import Final, Literal

from onboarding.fields import Reader
from onboarding.judging.plan import Plan
from onboarding.judging.sums import SUMMED
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
_PERSONAL: Final[frozenset[Reader]] = frozenset({"fiscal_code", "tax_subject", "legacy_id", "surname"})
"""What a line of sums leaves empty, but for the word itself."""
_NUMBER: Final = re.compile(r"[€+-]?\s*\d[\d.,'\u2019\s]*-?\s*(?:€|EURO?)?", re.IGNORECASE)
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
        self._personal = _places_of(plan, _PERSONAL)
        self._summed = _places_of(plan, SUMMED)
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
        if self._is_total(cells):
            return "total_row"
        first = next(cell for cell in cells if cell.strip()).strip()
        if _PAGE.match(first) and sum(1 for cell in cells if cell.strip()) <= FEW:
            return "page_text"
        return "data"

    def _is_total(self, cells: Sequence[str]) -> bool:
        """Whether a line begins with a word of sums, or has one anywhere and but sums beside it; and is nobody's."""
        personal = [text for place in self._personal if (text := _at(cells, place))]
        if len(personal) > 1 or (personal and not self._totals.match(personal[0])):
            return False
        told = [text for cell in cells if (text := cell.strip())]
        if not personal and self._totals.match(told[0]):
            return True
        others = [text for text in told if not self._totals.match(text)]
        return 0 < len(others) < len(told) and all(map(_NUMBER.fullmatch, others)) and self._has_sum(cells)

    def _has_sum(self, cells: Sequence[str]) -> bool:
        return any(_at(cells, place) for place in self._summed)

    def _is_header(self, cells: Sequence[str]) -> bool:
        at = self._first_heading
        if at is None or _folded(_at(cells, at)) != self._header[at]:
            return False
        found = tuple(_folded(cell) for cell in cells[: len(self._header)])
        return found == self._header[: len(found)] and len(found) > 1 and not any(cells[len(self._header) :])


def _places_of(plan: Plan, readers: Container[Reader]) -> tuple[int, ...]:
    return tuple(
        column.place - 1 for column in plan.mapping.columns if column.field and plan.readers[column.field] in readers
    )


def _at(cells: Sequence[str], place: int) -> str:
    return cells[place].strip() if place < len(cells) else ""


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()
