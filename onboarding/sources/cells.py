"""One record of a delimited file cut into its cells, by any separator, quotation mark and escape."""

import csv
from dataclasses import dataclass
from typing import Final, Literal

from onboarding.mapping.structs import Escape, Layout

type State = Literal["whole", "open", "broken"]
"""`open`: the quotation mark that begins the last cell is not closed."""

_AS_TEXT: Final = '="'


@dataclass(frozen=True, slots=True)
class Dialect:
    """How cells are parted. Without a quotation mark every separator parts, unless a backslash stands before it."""

    separator: str
    quote: str = '"'
    escape: Escape = "doubled"

    @classmethod
    def of(cls, layout: Layout) -> "Dialect":
        """The dialect of a layout; a file without a separator has one cell in a line."""
        return cls(layout.separator, layout.quote, layout.escape)

    def is_plain(self, text: str) -> bool:
        """Whether splitting at the separators is enough."""
        return (not self.quote or self.quote not in text) and (self.escape != "backslash" or "\\" not in text)

    def split(self, text: str) -> list[str]:
        """The cells as if no sign had a meaning but the separator."""
        return text.split(self.separator) if self.separator else [text]

    def cut(self, text: str) -> tuple[list[str], State]:
        """The cells of a record that is not plain. They are sure if the record is whole."""
        if not self.separator:
            return [text], "whole"
        if self._is_common(text):
            try:
                cells = next(csv.reader((text,), delimiter=self.separator, quotechar=self.quote, strict=True))
            except (csv.Error, StopIteration):
                pass
            else:
                return ([_bare(cell) for cell in cells] if _AS_TEXT in text else cells), "whole"
        return Scanner(self, text).cells()

    def _is_common(self, text: str) -> bool:
        """Whether the reader of the standard library gives what the scanner would, many times as fast."""
        escaped = self.escape == "none" or (self.escape == "backslash" and "\\" in text)
        return not escaped and f" {self.quote}" not in text and len(self.separator) == 1


def _bare(cell: str) -> str:
    """Spreadsheets are told by ="0012" that a number is a text."""
    inside = cell[2:-1]
    return inside if cell.startswith(_AS_TEXT) and cell.endswith('"') and '"' not in inside else cell


class Scanner:
    """Reads a record from left to right."""

    def __init__(self, dialect: Dialect, text: str) -> None:
        self.separator, self.quote, self.text = dialect.separator, dialect.quote, text
        self.backslash = dialect.escape == "backslash"
        self.doubled = dialect.escape == "doubled"
        self.place = 0

    def cells(self) -> tuple[list[str], State]:
        found: list[str] = []
        while True:
            cell, state = self._quoted() if self._begins_quoted() else (self._plain(), "whole")
            found.append(cell)
            if state != "whole" or self.place >= len(self.text):
                return found, state
            self.place += len(self.separator)

    def _begins_quoted(self) -> bool:
        if not self.quote:
            return False
        place = self.place
        while self.separator != " " and self.text.startswith(" ", place):
            place += 1
        if self.text.startswith(self.quote, place):
            self.place = place + 1
            return True
        return False

    def _quoted(self) -> tuple[str, State]:
        parts: list[str] = []
        while self.place < len(self.text):
            sign = self.text[self.place]
            following = self.text[self.place + 1 : self.place + 2]
            if self.backslash and sign == "\\" and following in {"\\", self.quote}:
                parts.append(following)
                self.place += 2
            elif sign != self.quote:
                parts.append(sign)
                self.place += 1
            elif self.doubled and following == self.quote:
                parts.append(sign)
                self.place += 2
            else:
                self.place += 1
                return "".join(parts), self._closed()
        return "".join(parts), "open"

    def _closed(self) -> State:
        """After a closing quotation mark a separator or the end must come; blanks before it mean nothing."""
        place = self.place
        while self.separator != " " and self.text.startswith(" ", place):
            place += 1
        if place < len(self.text) and not self.text.startswith(self.separator, place):
            return "broken"
        self.place = place
        return "whole"

    def _plain(self) -> str:
        if not self.backslash:
            end = self.text.find(self.separator, self.place)
            start, self.place = self.place, end if end >= 0 else len(self.text)
            return self.text[start : self.place]
        parts: list[str] = []
        while self.place < len(self.text) and not self.text.startswith(self.separator, self.place):
            escaped = self._escaped()
            parts.append(escaped or self.text[self.place])
            self.place += 1 + len(escaped)
        return "".join(parts)

    def _escaped(self) -> str:
        """The sign that a backslash here takes its meaning from, or nothing."""
        following = self.text[self.place + 1 : self.place + 2]
        special = following and (
            following in {"\\", self.quote} or self.text.startswith(self.separator, self.place + 1)
        )
        return following if self.text[self.place] == "\\" and special else ""
