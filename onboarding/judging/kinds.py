"""Which lines are no data: preamble, headings, blanks, sums, records of a header or a trailer."""

import re
from collections.abc import Callable, Sequence
from typing import Final, Literal

from onboarding.judging.plan import Plan
from onboarding.mapping.structs import RecordMark
from onboarding.sources.types import SourceRow

type KindOfLine = Literal[
    "data", "blank", "preamble", "header", "repeated_header", "total_row", "page_text", "header_record", "trailer",
    "record_type_unknown",
]  # fmt: skip

_PAGE: Final = re.compile(
    r"(?:pag(?:ina|\.)?\s*\d|stampat[oa]\b|stampa del|data (?:di )?stampa|elaborat[oa] (?:il|da)|estratto il|fine (?:elenco|file|stampa|tracciato)"
    r"|report\b|n\.? record|record (?:estratti|totali)|righe (?:estratte|totali)|\(?\d+ rows?\b|[-=*_#]{3,}$)", re.IGNORECASE
)  # fmt: skip
_PERSONAL: Final = frozenset({"fiscal_code", "tax_subject", "legacy_id", "surname"})
FEW: Final = 2


def classifier(plan: Plan) -> Callable[[SourceRow], KindOfLine]:
    """What a row is, by its place and its cells; "data" is what the rules must judge."""
    layout = plan.mapping.layout
    header = tuple(_folded(name) for name in layout.header)
    totals = re.compile("|".join(rf"{re.escape(word)}(?:\W|$)" for word in layout.total_words), re.IGNORECASE)
    personal = _places_of(plan)
    marked = _by_mark(layout.mark, fixed=plan.is_fixed) if layout.mark is not None else None
    seen_header = layout.header_line == 0

    def is_header(cells: Sequence[str]) -> bool:
        found = [_folded(cell) for cell in cells[: len(header)]]
        return bool(header) and found == list(header[: len(found)]) and any(found) and not any(cells[len(header) :])

    def kind_of(row: SourceRow) -> KindOfLine:
        nonlocal seen_header
        if row.number == layout.header_line:
            seen_header = True
            return "header"
        filled = [cell for cell in row.cells if cell and not cell.isspace()] if not plan.is_fixed else [row.raw.strip()]
        if not any(filled):
            return "blank"
        if row.number < layout.header_line:
            return "preamble"
        if marked is not None and (kind := marked(row)) != "data":
            return kind
        if plan.is_fixed:
            return "data"
        if is_header(row.cells):
            return "repeated_header" if seen_header else "header"
        if len(filled) <= FEW and _PAGE.match(filled[0].strip()):
            return "page_text"
        if totals.match(filled[0].strip()) and not any(_at(row.cells, place) for place in personal):
            return "total_row"
        return "data"

    return kind_of


def _by_mark(mark: RecordMark, *, fixed: bool) -> Callable[[SourceRow], KindOfLine]:
    first, last = mark.first - 1, mark.first - 1 + mark.width

    def kind_of(row: SourceRow) -> KindOfLine:
        written = row.raw[first:last] if fixed else _at(row.cells, first)
        if mark.detail and written == mark.detail:
            return "data"
        if mark.header and written == mark.header:
            return "header_record"
        if mark.trailer and written == mark.trailer:
            return "trailer"
        return "record_type_unknown" if mark.detail else "data"

    return kind_of


def _places_of(plan: Plan) -> tuple[int, ...]:
    """Cells that a line of sums leaves empty."""
    return tuple(
        column.place - 1 for column in plan.mapping.columns if column.field and plan.readers[column.field] in _PERSONAL
    )


def _at(cells: Sequence[str], place: int) -> str:
    return cells[place].strip() if place < len(cells) else ""


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()
