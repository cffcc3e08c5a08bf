"""Lines of fixed width: the mark that says header, detail or tail."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from onboarding.mapping.structs import RecordMark
from onboarding.recognition.sampling import Spread
from onboarding.sources.types import Source

_ENDS: Final = 4
_WIDEST_MARK: Final = 4
_ALIKE: Final = 0.9
_TELLING: Final = 6
"""Fewer places of letters cannot tell a line of data from one of sums."""


@dataclass(slots=True)
class Lines:
    """A file of fixed width read once: a spread of its lines, its ends, and how lines start."""

    width: int
    spread: Spread[str] = field(default_factory=Spread)
    first: list[str] = field(default_factory=list)
    last: list[str] = field(default_factory=list)
    starts: Counter[str] = field(default_factory=Counter)

    def add(self, number: int, line: str) -> None:
        """Look at one line that holds something."""
        if len(self.first) < _ENDS:
            self.first.append(line)
        self.last = [*self.last[-_ENDS + 1 :], line]
        self.spread.add(number, line)
        self.starts[line[:1]] += 1


def read_lines(source: Source, width: int) -> Lines:
    """Read the file once."""
    lines = Lines(width)
    for number, line in source.lines():
        if line.strip():
            lines.add(number, line[: width + 200])
    return lines


def find_mark(lines: Lines) -> RecordMark | None:
    """The letters that tell records apart: nearly all lines have one start, the first or the last lines another."""
    usual, times = lines.starts.most_common(1)[0] if lines.starts else ("", 0)
    alike = _likeness(lines, usual)
    ends = [end for end in (*lines.first[:1], *lines.last[-1:]) if not alike(end)]
    if times < 0.8 * lines.starts.total() or not usual.strip():
        return None
    width = _mark_width(lines, usual, ends) if ends else 0
    if not width:
        return None
    detail = Counter(line[:width] for _, line in lines.spread.items).most_common(1)[0][0]
    header, trailer = lines.first[0][:width], lines.last[-1][:width]
    return RecordMark(
        first=1,
        width=width,
        header=header if header != detail and lines.first[0] in ends else "",
        detail=detail,
        trailer=trailer
        if lines.last[-1] in ends and (trailer not in {detail, header} or (trailer == header != detail))
        else "",
    )


def _likeness(lines: Lines, usual: str) -> Callable[[str], bool]:
    """Whether a line has letters and digits where nearly all the usual ones have: then it is one of them.

    In a file that numbers its lines the last may begin otherwise than all that were looked at.
    """
    texts = [line.ljust(lines.width) for _, line in lines.spread.items if line.startswith(usual)]
    letters, digits = [], []
    for at, column in enumerate(zip(*texts, strict=False)):
        if sum(map(str.isalpha, column)) >= _ALIKE * len(texts):
            letters.append(at)
        elif sum(map(str.isdigit, column)) >= _ALIKE * len(texts):
            digits.append(at)

    def alike(line: str) -> bool:
        line = line.ljust(lines.width)
        same = sum(line[at].isalpha() for at in letters) + sum(line[at].isdigit() for at in digits)
        return len(letters) >= _TELLING and same >= _ALIKE * (len(letters) + len(digits))

    return alike


def _mark_width(lines: Lines, usual: str, ends: Sequence[str]) -> int:
    """The fewest letters that tell an end from the usual line; a word is taken whole."""
    texts = [line for _, line in lines.spread.items if line.startswith(usual)]
    for width in range(1, _WIDEST_MARK + 1):
        start, times = Counter(text[:width] for text in texts).most_common(1)[0]
        if times < 0.9 * len(texts):
            return 0
        if any(end[:width] != start for end in ends):
            return _whole_word(texts, ends, width)
    return 0


def _whole_word(texts: Sequence[str], ends: Sequence[str], width: int) -> int:
    """Letters that go on alike in all details belong to the mark, if the ends go on with letters too: "DET", not "D".

    So do digits that the header has before its text: "00" and "10".
    """
    while width < _WIDEST_MARK and all(text[width - 1 : width + 1].isalpha() for text in (texts[0], *ends)):
        if Counter(text[: width + 1] for text in texts).most_common(1)[0][1] < 0.9 * len(texts):
            break
        width += 1
    first = ends[0]
    digits = len(first) - len(first.lstrip("0123456789"))
    told = Counter(text[:digits] for text in texts).most_common(1)[0][1] >= 0.9 * len(texts)
    return digits if width < digits < _WIDEST_MARK and told and first[digits : digits + 1].isalpha() else width


def details(lines: Lines, mark: RecordMark | None) -> list[tuple[int, str]]:
    """The sampled detail lines of full length, padded where only blanks were lost."""
    start = mark.detail if mark is not None else ""
    found = [(number, line.ljust(lines.width)) for number, line in lines.spread.items if line.startswith(start)]
    return [(number, line) for number, line in found if len(line) == lines.width]
