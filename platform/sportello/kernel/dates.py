"""Half-open periods of days, and the timeline: cut at every date of change, then merge what came out equal."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol, Self

from sportello.kernel.errors import DomainError, gettext_noop

_DAY = timedelta(days=1)


class EmptyPeriod(DomainError):
    """A period must hold at least one day."""


class Bounds(Protocol):
    """What a database range looks like: ``lower`` inclusive, ``upper`` exclusive."""

    @property
    def lower(self) -> date | None: ...
    @property
    def upper(self) -> date | None: ...


@dataclass(frozen=True, slots=True, order=False)
class DateRange:
    """Days from ``start`` (inclusive) to ``end`` (exclusive; None = no end). Never empty.

    >>> DateRange(date(2026, 9, 1), date(2026, 9, 3)).last_day
    datetime.date(2026, 9, 2)
    """

    start: date
    end: date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end <= self.start:
            raise EmptyPeriod(
                gettext_noop("Il periodo è vuoto: finisce il %(end)s e comincia il %(start)s."),
                end=self.end.isoformat(),
                start=self.start.isoformat(),
            )

    @classmethod
    def inclusive(cls, first_day: date, last_day: date | None) -> Self:
        """The period people write: first and last day both belong to it."""
        return cls(first_day, None if last_day is None else last_day + _DAY)

    @classmethod
    def one_day(cls, day: date) -> Self:
        """That day alone."""
        return cls(day, day + _DAY)

    @classmethod
    def from_bounds(cls, bounds: Bounds) -> Self:
        """Read a range of the database; one without a start is refused, for nothing in the house has none."""
        if bounds.lower is None:
            raise EmptyPeriod(gettext_noop("Il periodo non ha una data di inizio."))
        return cls(bounds.lower, bounds.upper)

    @property
    def bounds(self) -> tuple[date, date | None]:
        """(inclusive, exclusive): what a DateRangeField accepts."""
        return self.start, self.end

    @property
    def last_day(self) -> date | None:
        """The last day that belongs to the period; None when it has no end."""
        return None if self.end is None else self.end - _DAY

    def contains(self, day: date) -> bool:
        """Whether the day belongs to the period."""
        return self.start <= day and (self.end is None or day < self.end)

    __contains__ = contains

    def covers(self, other: "DateRange") -> bool:
        """Whether every day of the other belongs to this one."""
        return self.start <= other.start and (self.end is None or (other.end is not None and other.end <= self.end))

    def overlaps(self, other: "DateRange") -> bool:
        """Whether the two share a day."""
        return (self.end is None or other.start < self.end) and (other.end is None or self.start < other.end)

    def intersect(self, other: "DateRange") -> "DateRange | None":
        """The days of both; None when they share none."""
        if not self.overlaps(other):
            return None
        ends = [end for end in (self.end, other.end) if end is not None]
        return DateRange(max(self.start, other.start), min(ends) if ends else None)

    def subtract(self, other: "DateRange") -> list["DateRange"]:
        """The days of this one that are not of the other: none, one or two periods."""
        if not self.overlaps(other):
            return [self]
        left = [DateRange(self.start, other.start)] if self.start < other.start else []
        right = []
        if other.end is not None and (self.end is None or other.end < self.end):
            right = [DateRange(other.end, self.end)]
        return left + right

    def split(self, day: date) -> tuple["DateRange", "DateRange"]:
        """Before the day, and from it on; the day must lie strictly inside."""
        return DateRange(self.start, day), DateRange(day, self.end)

    def days(self) -> Iterator[date]:
        """Each day in order; a period without an end never stops."""
        day = self.start
        while self.end is None or day < self.end:
            yield day
            day += _DAY


def cut(period: DateRange, at: Iterable[date]) -> list[DateRange]:
    """The period in pieces, cut at each of the dates that lie strictly inside it.

    >>> [str(p.start) for p in cut(DateRange(date(2026, 9, 1), date(2026, 12, 1)), [date(2026, 10, 1)])]
    ['2026-09-01', '2026-10-01']
    """
    pieces = [period]
    for day in sorted(set(at)):
        if day > pieces[-1].start and pieces[-1].contains(day):
            pieces[-1:] = pieces[-1].split(day)
    return pieces


def change_dates(periods: Iterable[DateRange]) -> set[date]:
    """Every date on which one of the periods starts or has just ended: where a timeline must be cut."""
    dates: set[date] = set()
    for period in periods:
        dates.add(period.start)
        if period.end is not None:
            dates.add(period.end)
    return dates


def merge_equal[T](
    pieces: Iterable[tuple[DateRange, T]], same: Callable[[T, T], bool] = lambda a, b: a == b
) -> list[tuple[DateRange, T]]:
    """Join neighbouring pieces whose values are the same; the first value of each run is kept.

    Pieces must be in order and must not overlap; a hole between two keeps them apart.
    """
    merged: list[tuple[DateRange, T]] = []
    for period, value in pieces:
        if merged and merged[-1][0].end == period.start and same(merged[-1][1], value):
            merged[-1] = (DateRange(merged[-1][0].start, period.end), merged[-1][1])
        else:
            merged.append((period, value))
    return merged
