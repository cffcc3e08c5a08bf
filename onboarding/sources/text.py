"""A text file that can be read again and again."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from onboarding.mapping.structs import Encoding, Layout
from onboarding.sources.cells import Dialect
from onboarding.sources.decoding import Line, decoded_lines
from onboarding.sources.delimited import delimited_rows
from onboarding.sources.types import Cut, SourceRow

_ONE_BYTE: Final = frozenset({"cp1252", "iso-8859-1"})


@dataclass(frozen=True, slots=True)
class TextSource:
    """`encoding` is what the bytes say. `newline` is b"\\\\r" only where no line ends otherwise."""

    path: Path
    sha256: str
    size: int
    encoding: Encoding
    newline: bytes = b"\n"
    form: Literal["text"] = "text"

    def sheets(self) -> tuple[str, ...]:
        """None."""
        return ()

    def lines(self) -> Iterator[tuple[int, str]]:
        """(number from 1, text without its ending, what was encoded twice put right) of each physical line."""
        return ((line.number, line.text) for line in self.decoded())

    def decoded(self, encoding: Encoding = "") -> Iterator[Line]:
        """Every line with what is wrong with it. A layout may choose between encodings that bytes cannot tell apart.

        What bytes prove stands: a mapping made for last week's file does not garble one written in UTF-8.
        """
        chosen: Encoding = encoding if {encoding, self.encoding} <= _ONE_BYTE else self.encoding
        return decoded_lines(self.path, chosen, self.newline)

    def rows(self, layout: Layout, cuts: tuple[Cut, ...] = ()) -> Iterator[SourceRow]:
        """Every physical line cut by the layout, in order."""
        lines = self.decoded(layout.encoding)
        if layout.form == "fixed":
            return fixed_rows(lines, cuts)
        return delimited_rows(lines, Dialect.of(layout), len(layout.header))


def fixed_rows(lines: Iterator[Line], cuts: tuple[Cut, ...]) -> Iterator[SourceRow]:
    """Lines cut at given places. Cells keep their blanks: whether columns have shifted is for others to see.

    `raw` too has what was encoded twice put right, or its places would not be those of the columns.
    """
    places = [slice(first - 1, first - 1 + width) for first, width in cuts]
    for line in lines:
        text = line.text
        cells = () if line.trouble == "line_too_long" else tuple([text[place] for place in places])
        yield SourceRow(line.number, text, cells, line.trouble, line.recoded)
