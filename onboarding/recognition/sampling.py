"""A sample of a file: rows spread evenly over it, in bounded memory whatever its size.

Every second line is forgotten and the step doubled when the sample is full, so that the same file always gives the
same sample.
"""

from dataclasses import dataclass, field
from typing import Final

ROWS: Final = 900
WORDS: Final = 250
LONGEST_CELL: Final = 400
WIDEST: Final = 300
"""Columns beyond these are not looked into: no back office has so many."""


@dataclass(slots=True)
class Spread[Item]:
    """Keeps between ROWS and 2 * ROWS of the items given, evenly spread."""

    items: list[tuple[int, Item]] = field(default_factory=list)
    step: int = 1
    seen: int = 0

    def add(self, number: int, item: Item) -> None:
        """Offer an item."""
        if self.seen % self.step == 0:
            self.items.append((number, item))
            if len(self.items) >= 2 * ROWS:
                del self.items[1::2]
                self.step *= 2
        self.seen += 1


@dataclass(frozen=True, slots=True)
class Sampled:
    """The data rows of a file: a spread of them, and for each column all its words while they are few, with counts."""

    rows: tuple[tuple[int, tuple[str, ...]], ...]
    words: tuple[dict[str, int] | None, ...]
    count: int
    width: int

    def column(self, at: int) -> list[str]:
        """The sampled cells of a column, stripped, in the order of the file."""
        return [cells[at].strip()[:LONGEST_CELL] for _, cells in self.rows]
