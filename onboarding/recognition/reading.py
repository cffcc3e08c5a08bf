"""The rows of a file as recognition sees them: which rows are data, which are sums, which words a column has."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from onboarding.mapping.structs import Layout
from onboarding.recognition.sampling import LONGEST_CELL, WIDEST, WORDS, Sampled, Spread
from onboarding.recognition.tags import tags_of
from onboarding.sources.types import Source

_TOTAL: Final = re.compile(r"(?:TOT\b|TOTAL|SOMM[AE]|RIEPILOG|COMPLESSIV|GRAND TOTAL)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Read:
    """A file once read: its layout with the header told, and the sample of its data rows."""

    layout: Layout
    sample: Sampled


def read_rows(source: Source, layout: Layout) -> Read:
    """Read a delimited file or a sheet once."""
    spread: Spread[tuple[str, ...]] = Spread()
    counts: Counter[int] = Counter()
    words: list[dict[str, int] | None] = []
    last: list[tuple[int, tuple[str, ...]]] = []
    for row in source.rows(layout):
        if row.trouble or not any(map(str.strip, row.cells)):
            continue
        cells = row.cells if len(row.raw) <= LONGEST_CELL else tuple(cell[:LONGEST_CELL] for cell in row.cells)
        last = [*last[-7:], (row.number, cells)]
        counts[len(cells)] += 1
        spread.add(row.number, cells)
        _count_words(words, cells)
    width = max(counts, key=lambda width: (counts[width], width), default=0)
    rows = [(number, cells) for number, cells in spread.items if len(cells) == width]
    data, totals = _data_rows(rows, layout)
    sums = {number: cells for number, cells in last if len(cells) == width and is_total(cells)}
    layout = msgspec.structs.replace(layout, total_words=_total_words(layout, {**dict(totals), **sums}.items()))
    _forget(words, layout.header)
    sample = Sampled(tuple(data), tuple(words[:width]), counts[width], width)
    return Read(layout, sample)


def _count_words(words: list[dict[str, int] | None], cells: Sequence[str]) -> None:
    while len(words) < min(len(cells), WIDEST):
        words.append({})
    for at, cell in enumerate(cells[:WIDEST]):
        kept = words[at]
        if kept is None:
            continue
        kept[cell] = kept.get(cell, 0) + 1
        if len(kept) > WORDS:
            words[at] = None


def _forget(words: list[dict[str, int] | None], header: Sequence[str]) -> None:
    """The names of the columns are no words of theirs."""
    for at, name in enumerate(header):
        kept = words[at] if at < len(words) else None
        if kept is not None:
            kept.pop(name, None)


def _data_rows(
    rows: Sequence[tuple[int, tuple[str, ...]]], layout: Layout
) -> tuple[list[tuple[int, tuple[str, ...]]], list[tuple[int, tuple[str, ...]]]]:
    """The rows below the header that are neither names again nor sums; and those that are sums."""
    data: list[tuple[int, tuple[str, ...]]] = []
    totals: list[tuple[int, tuple[str, ...]]] = []
    for number, cells in rows:
        if number <= layout.header_line or cells == layout.header:
            continue
        (totals if is_total(cells) else data).append((number, cells))
    return data, totals


def is_total(cells: Sequence[str]) -> bool:
    """Whether a row declares sums: its first text says so, few cells are filled, and some are numbers."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    texts = [cell for cell in filled if not any(char.isdigit() for char in cell)]
    return (
        bool(texts)
        and _TOTAL.match(texts[0]) is not None
        and len(texts) <= 2
        and len(filled) > len(texts)
        and not any("code" in tags_of(cell) for cell in filled)
    )


def _total_words(layout: Layout, totals: Iterable[tuple[int, tuple[str, ...]]]) -> tuple[str, ...]:
    words = list(layout.total_words)
    for _, cells in totals:
        text = next(cell.strip() for cell in cells if cell.strip() and not any(char.isdigit() for char in cell))
        if not any(text.upper().startswith(word.upper()) for word in words):
            words.append(text)
    return tuple(words)
