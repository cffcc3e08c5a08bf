"""What the readers of files give: a source that can be read again and again, and its physical lines."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

from onboarding.mapping.structs import Layout

type Trouble = Literal[
    "", "quotes_unbalanced", "control_characters", "line_too_long", "undecodable_bytes", "continuation"
]


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One physical line. `number` from 1; `raw` its text (cut to a sane length, NULs shown); `cells` as text.

    Cells of a spreadsheet are text too: dates as 2019-09-12, whole numbers without decimals, other numbers with a
    decimal comma and no thousands sign, booleans as SI/NO, formulas as their kept result. `trouble` says why cells
    cannot be told apart; "continuation" is a line that belongs to a quoted cell of the line before. The encoding of
    a line that was encoded twice is repaired here, and `recoded` says so.
    """

    number: int
    raw: str
    cells: tuple[str, ...]
    trouble: Trouble = ""
    recoded: bool = False


class Source(Protocol):
    """A file that can be read. `sha256` and `size` are those of the bytes as they came."""

    sha256: str
    size: int
    form: Literal["text", "sheet"]
    encoding: str  # "" for spreadsheets

    def sheets(self) -> tuple[str, ...]:
        """The names of the sheets, () for text."""
        ...

    def lines(self) -> Iterator[tuple[int, str]]:
        """Physical lines of a text file: number from 1 and text without its ending. Not for spreadsheets."""
        ...

    def rows(self, layout: Layout) -> Iterator[SourceRow]:
        """Every physical line (every row of the layout's sheet), cut by the layout, in order; none is left out."""
        ...
