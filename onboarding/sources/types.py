"""What the readers of files give: a source that can be read again and again, and its physical lines."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

from onboarding.mapping.structs import Layout

type Cut = tuple[int, int]
"""Where a cell of a line of fixed width stands: its first character, counted from 1, and how many."""

type Trouble = Literal[
    "", "quotes_unbalanced", "control_characters", "line_too_long", "undecodable_bytes", "continuation"
]


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One physical line. `number` from 1; `raw` its text (cut to a sane length, NULs shown); `cells` as text.

    Cells of a spreadsheet are text too: dates as 2019-09-12, whole numbers without decimals, other numbers with a
    decimal comma and no thousands sign, booleans as SI/NO, formulas as their kept result. `trouble` says why cells
    cannot be told apart; "continuation" is a line that belongs to a quoted cell of the line before. `raw` is the
    line as it stands; the encoding of a line that was encoded twice is repaired in `cells` (in lines of fixed width
    also in `raw`, whose places count), and `recoded` says so.
    """

    number: int
    raw: str
    cells: tuple[str, ...]
    trouble: Trouble = ""
    recoded: bool = False


class Source(Protocol):
    """A file that can be read again and again."""

    @property
    def sha256(self) -> str:
        """Of the bytes as they came."""
        ...

    @property
    def size(self) -> int:
        """In bytes, as they came."""
        ...

    @property
    def form(self) -> Literal["text", "sheet"]:
        """By content, never by the name of the file."""
        ...

    @property
    def encoding(self) -> str:
        """Of a text; "" for spreadsheets."""
        ...

    def sheets(self) -> tuple[str, ...]:
        """The names of the sheets, () for text."""
        ...

    def lines(self) -> Iterator[tuple[int, str]]:
        """Physical lines of a text file: number from 1 and text without its ending. Not for spreadsheets."""
        ...

    def rows(self, layout: Layout, cuts: tuple[Cut, ...] = ()) -> Iterator[SourceRow]:
        """Every physical line (every row of the layout's sheet), cut by the layout, in order; none is left out.

        The cells of a line of fixed width are those of `cuts`, in their order, as they stand: with their blanks, and
        short or empty where the line ends before. `rows.read_rows` takes both from a mapping.
        """
        ...
