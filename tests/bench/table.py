"""What a bench answers: rows of limit, naive and ours, with the ratios that count."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median
from time import perf_counter


@dataclass(frozen=True, slots=True)
class Row:
    """One measure. Values are costs in `unit` (less is better); `aim` is a sentence, `is_met` says whether it holds."""

    what: str
    ours: float
    unit: str
    limit: float | None = None
    naive: float | None = None
    aim: str = ""
    is_met: bool | None = None

    def cells(self) -> list[str]:
        """The row as text."""
        return [
            self.what,
            _number(self.limit, self.unit),
            _number(self.naive, self.unit),
            _number(self.ours, self.unit),
            f"{self.ours / self.limit:.2f}" if self.limit else "",
            f"{self.naive / self.ours:.1f}" if self.naive else "",
            self.aim,
            {True: "yes", False: "NO", None: ""}[self.is_met],
        ]


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a bench under its title, with the method in a line or two."""

    title: str
    method: str
    rows: tuple[Row, ...]

    def text(self) -> str:
        """The table for a terminal, or for Markdown."""
        head = ["", "limit", "naive", "ours", "ours/limit", "naive/ours", "aim", "met"]
        lines = [head, *(row.cells() for row in self.rows)]
        widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
        written = [
            "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |"
            for line in lines
        ]
        rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
        return "\n".join([f"## {self.title}", self.method, "", written[0], rule, *written[1:], ""])


def seconds(work: Callable[[], object]) -> float:
    """How long the work takes."""
    started = perf_counter()
    work()
    return perf_counter() - started


def median_seconds(works: Iterable[Callable[[], object]]) -> float:
    """The median over several pieces of work."""
    return median(seconds(work) for work in works)


def _number(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    digits = 0 if value >= 100 else 2 if value >= 1 else 3
    return f"{value:,.{digits}f} {unit}"
