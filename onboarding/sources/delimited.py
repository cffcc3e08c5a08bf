"""Rows of a delimited file: one for each physical line, also where a quoted cell runs over line ends."""

from collections import deque
from collections.abc import Iterator
from itertools import islice
from typing import Final

from onboarding.sources.cells import Dialect
from onboarding.sources.decoding import Line
from onboarding.sources.lines import LONGEST_LINE
from onboarding.sources.types import SourceRow, Trouble

LONGEST_RUN: Final = 40
"""Lines that one cell may have. Beyond it the quotation mark is held to be a slip of its own line."""


def delimited_rows(lines: Iterator[Line], dialect: Dialect, width: int = 0) -> Iterator[SourceRow]:
    """Every line in order. `width` is how many cells a row has; 0 = as many as the last row that was sure.

    A quotation mark that is not closed troubles its own line only, unless the lines after it close the cell, are
    no rows themselves, and the record then has its width.
    """
    reader = _Reader(lines, dialect, width)
    return reader.rows()


class _Reader:
    def __init__(self, lines: Iterator[Line], dialect: Dialect, width: int) -> None:
        self.lines, self.dialect = lines, dialect
        self.told, self.width = width, width
        self.ahead: deque[Line] = deque()

    def rows(self) -> Iterator[SourceRow]:
        split, is_plain = self.dialect.split, self.dialect.is_plain
        while (line := self._next()) is not None:
            if line.trouble == "line_too_long":
                yield _row(line, (), line.trouble)
            elif is_plain(line.text):
                cells = split(line.text)
                self.width = self.told or len(cells)
                yield SourceRow(line.number, line.raw, tuple(cells), line.trouble, line.recoded)
            else:
                yield from self._quoted(line)

    def _next(self) -> Line | None:
        return self.ahead.popleft() if self.ahead else next(self.lines, None)

    def _quoted(self, line: Line) -> Iterator[SourceRow]:
        cells, state = self.dialect.cut(line.text)
        if state == "whole":
            self.width = self.told or len(cells)
            yield _row(line, cells, line.trouble)
            return
        run = self._run(line) if state == "open" and not line.trouble else None
        if run is None:
            yield _row(line, self.dialect.split(line.text), line.trouble or "quotes_unbalanced")
            return
        cells, count = run
        recoded = line.recoded or any(following.recoded for following in islice(self.ahead, count))
        yield SourceRow(line.number, line.raw, tuple(cells), "", recoded)
        for _ in range(count):
            following = self.ahead.popleft()
            yield _row(following, (), "continuation")

    def _run(self, line: Line) -> tuple[list[str], int] | None:
        """The record that begins with the line, and how many of the lines ahead belong to it; None if none does."""
        if self.width < 2:
            return None
        text = line.text
        for count in range(1, LONGEST_RUN):
            if len(self.ahead) < count:
                following = next(self.lines, None)
                if following is None:
                    return None
                self.ahead.append(following)
            following = self.ahead[count - 1]
            if following.trouble or self._is_row(following.text) or len(text) > LONGEST_LINE:
                return None
            text = f"{text}\n{following.text}"
            if self.dialect.quote in following.text:
                cells, state = self.dialect.cut(text)
                if state != "open":
                    return (cells, count) if state == "whole" and len(cells) == self.width else None
        return None

    def _is_row(self, text: str) -> bool:
        """Whether a line is a record of its own."""
        cells, state = (self.dialect.split(text), "whole") if self.dialect.is_plain(text) else self.dialect.cut(text)
        return state == "whole" and len(cells) == self.width


def _row(line: Line, cells: list[str] | tuple[str, ...], trouble: Trouble) -> SourceRow:
    return SourceRow(line.number, line.raw, tuple(cells), trouble, line.recoded)
