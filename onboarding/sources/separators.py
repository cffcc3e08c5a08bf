"""Which sign parts the cells of a text, how cells are quoted, or how wide its lines are: told by the lines alone."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from onboarding.mapping.structs import Escape
from onboarding.sources.cells import Dialect
from onboarding.sources.decoding import Line
from onboarding.sources.delimited import delimited_rows

_USUAL: Final = (";", "\t", "|", ",")
_NEVER: Final = frozenset(" .-/_@'\"()\\&+?%$€°=<>[]{}\ufffd")
_ESCAPES: Final[tuple[Escape, ...]] = ("doubled", "backslash")
_HEAD: Final = 400
_TELLING: Final = 300
_LENGTHS: Final = 4_000
_SHORTEST_FIXED: Final = 20


@dataclass(slots=True)
class Sample:
    """Lines that tell how a file is written: the first ones, and those with quotation marks or backslashes."""

    head: list[str] = field(default_factory=list)
    quoted: list[str] = field(default_factory=list)
    escaped: list[str] = field(default_factory=list)
    lengths: Counter[int] = field(default_factory=Counter)
    hint: str = ""

    @classmethod
    def of(cls, lines: Iterable[Line]) -> "Sample":
        """Read all the lines once; keep some."""
        sample = cls()
        for line in lines:
            text = line.text
            if line.number == 1 and len(text) == 5 and text[:4].lower() == "sep=":
                sample.hint = text[4]
            elif line.trouble != "line_too_long" and text.strip():
                sample.add(text)
        return sample

    def add(self, text: str) -> None:
        """Look at one line that has text."""
        if len(text) in self.lengths or len(self.lengths) < _LENGTHS:
            self.lengths[len(text)] += 1
        if len(self.head) < _HEAD:
            self.head.append(text)
        if "\\" in text and len(self.escaped) < _TELLING:
            self.escaped.append(text)
        elif '"' in text and len(self.quoted) < _TELLING:
            self.quoted.append(text)

    def lines(self) -> list[str]:
        """All that was kept, once."""
        return list(dict.fromkeys((*self.head, *self.quoted, *self.escaped)))


@dataclass(frozen=True, slots=True)
class Parted:
    """A way to part lines: into how many cells most of them, and what share of the lines that is."""

    dialect: Dialect
    width: int
    share: float
    score: float


def part(sample: Sample) -> Parted | None:
    """The best way to part the lines into two or more cells, or None."""
    candidates = [sample.hint] if sample.hint else _signs(sample.head)
    ways = [way for sign in candidates if (way := _parted(sample.head, Dialect(sign))).width > 1]
    if not ways:
        return None
    best = max(ways, key=lambda way: way.score)
    if best.share >= 0.9 or not (sample.quoted or sample.escaped):
        return _quoting(sample, best)
    return max((_quoting(sample, way) for way in ways), key=lambda way: _score(sample.head, way))


def fixed_width(sample: Sample, parted: Parted | None) -> int:
    """How long full lines of fixed width are, or 0 if cells are parted by a sign."""
    if not sample.lengths:
        return 0
    length, count = sample.lengths.most_common(1)[0]
    alike = count / sample.lengths.total()
    if length < _SHORTEST_FIXED or alike < 0.6 or sample.lengths.total() < 3:
        return 0
    return 0 if parted and _is_sure(parted) else length


def _is_sure(parted: Parted) -> bool:
    """Signs that stand in amounts and times must part more evenly to be held for separators of cells."""
    if parted.dialect.separator in _USUAL[:3]:
        return parted.share >= 0.9 or (parted.share > 0.6 and parted.width > 2)
    return parted.share >= 0.9 and parted.width > 3


def _signs(lines: Sequence[str]) -> list[str]:
    """Signs that may part cells: the usual ones first, then any that stands in half of the lines."""
    seen = Counter(sign for line in lines[:100] for sign in set(line))
    half = min(len(lines), 100) / 2
    others = [s for s, n in sorted(seen.items()) if n > half and s not in _NEVER and s not in _USUAL and _may_part(s)]
    return [sign for sign in _USUAL if seen[sign]] + others


def _may_part(sign: str) -> bool:
    return not sign.isalnum() and sign.isprintable()


def _parted(lines: Sequence[str], dialect: Dialect) -> Parted:
    """How evenly the dialect parts the lines. Ten cells in 95 % of them tell more than two in all."""
    widths = Counter(len(_cells(dialect, line)) for line in lines)
    width, count = max(widths.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]))
    way = Parted(dialect, width, count / len(lines), 0.0)
    return replace(way, score=_score(lines, way))


def _score(lines: Sequence[str], way: Parted) -> float:
    separator = way.dialect.separator
    weight = (1.0 if separator in _USUAL else 0.5) * _not_decimal(lines, separator)
    return way.share**2 * math.log2(max(way.width, 1)) * weight


def _cells(dialect: Dialect, line: str) -> list[str]:
    return _row(dialect, line) or dialect.split(line)


def _not_decimal(lines: Sequence[str], sign: str) -> float:
    """A sign that mostly stands between digits belongs to amounts or times."""
    if sign not in ",:":
        return 1.0
    text = "\n".join(lines)
    return 0.2 if len(re.findall(rf"\d{sign}(?=\d)", text)) > 0.7 * text.count(sign) else 1.0


def _quoting(sample: Sample, parted: Parted) -> Parted:
    """The same separator with the quotation mark and the escape under which most of the telling lines are rows."""
    separator = parted.dialect.separator
    telling = sample.quoted + sample.escaped
    encloses = any(_begins_cell(line, separator, '"') for line in telling)
    if not encloses and (single := _single_quotes(sample, separator)):
        return single
    escapes = _ESCAPES if sample.escaped else _ESCAPES[:1]
    ways = [_whole(sample, Dialect(separator, '"', escape)) for escape in escapes]
    if all(_escapes(line, separator) for line in sample.escaped):
        ways.reverse()
    best = max(ways, key=lambda way: way.share)
    if best.share >= 0.9 or not encloses:
        return best
    best, bare = _run_on(sample, best), _whole(sample, Dialect(separator, "", "none"))
    return bare if best.share < 0.5 and bare.share > 0.8 else best


def _run_on(sample: Sample, way: Parted) -> Parted:
    """The same with the width under which most lines are rows or parts of one: cells may run over line ends."""
    widths = sorted({len(_row(way.dialect, line)) for line in sample.head[:_TELLING]}, reverse=True)
    return max(
        (_with_width(sample, way.dialect, width) for width in (way.width, *widths[:6])), key=lambda way: way.share
    )


def _with_width(sample: Sample, dialect: Dialect, width: int) -> Parted:
    lines = [Line(number, text, text) for number, text in enumerate(sample.head, 1)]
    rows = list(delimited_rows(iter(lines), dialect, width))
    parts = sum((not row.trouble and len(row.cells) == width) or row.trouble == "continuation" for row in rows)
    return Parted(dialect, width, parts / len(rows), parts / len(rows))


def _whole(sample: Sample, dialect: Dialect) -> Parted:
    """The width that most lines have in the dialect, and what share of the telling lines are whole rows of it."""
    widths = Counter(len(cells) for line in sample.head if (cells := _row(dialect, line)))
    width = max(widths.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]), default=(0, 0))[0]
    telling = (sample.quoted + sample.escaped) or sample.head
    share = sum(len(_row(dialect, line)) == width for line in telling) / len(telling)
    return Parted(dialect, width, share, share)


def _row(dialect: Dialect, line: str) -> list[str]:
    """The cells of a line that is a whole record, else none."""
    if dialect.is_plain(line):
        return dialect.split(line)
    cells, state = dialect.cut(line)
    return cells if state == "whole" else []


def _escapes(line: str, separator: str) -> bool:
    """Whether every backslash stands before a sign whose meaning it takes."""
    return re.search(rf"\\(?![\\\"']|{re.escape(separator)})", line.replace("\\\\", "")) is None


def _begins_cell(line: str, separator: str, quote: str) -> bool:
    return line.startswith(quote) or separator + quote in line or f"{separator} {quote}" in line


def _single_quotes(sample: Sample, separator: str) -> Parted | None:
    """Apostrophes are held to be quotation marks only where they enclose cells in a third of the lines."""
    enclosed = [line for line in sample.head if _begins_cell(line, separator, "'") and _ends_cell(line, separator)]
    if len(enclosed) * 3 < len(sample.head):
        return None
    way = Dialect(separator, "'")
    width, count = Counter(len(_cells(way, line)) for line in enclosed).most_common(1)[0]
    return Parted(way, width, count / len(enclosed), 0.0) if width > 1 else None


def _ends_cell(line: str, separator: str) -> bool:
    return line.endswith("'") or f"'{separator}" in line
