"""A calendar month: what is closed, read and paid for at once."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final, Self

from sportello.kernel.dates import DateRange
from sportello.kernel.errors import DomainError, gettext_noop, told

_WRITTEN: Final = re.compile(r"(\d{4})-(\d{2})")
NAMES: Final = (
    gettext_noop("gennaio %(year)s"),
    gettext_noop("febbraio %(year)s"),
    gettext_noop("marzo %(year)s"),
    gettext_noop("aprile %(year)s"),
    gettext_noop("maggio %(year)s"),
    gettext_noop("giugno %(year)s"),
    gettext_noop("luglio %(year)s"),
    gettext_noop("agosto %(year)s"),
    gettext_noop("settembre %(year)s"),
    gettext_noop("ottobre %(year)s"),
    gettext_noop("novembre %(year)s"),
    gettext_noop("dicembre %(year)s"),
)


class InvalidMonth(DomainError):
    """The text is not a month such as 2026-11."""


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month of a year. Sets of its days are integers: bit d-1 stands for day d.

    >>> Month(2026, 11).period.last_day, str(Month(2026, 11)), Month(2026, 12).next
    (datetime.date(2026, 11, 30), '2026-11', Month(year=2027, number=1))
    """

    year: int
    number: int

    def __post_init__(self) -> None:
        if not (1900 <= self.year <= 2199 and 1 <= self.number <= 12):
            raise InvalidMonth(gettext_noop("«%(text)s» non è un mese."), text=f"{self.year}-{self.number}")

    @classmethod
    def of(cls, day: date) -> Self:
        """The month the day belongs to."""
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "2026-11"; raises InvalidMonth."""
        match = _WRITTEN.fullmatch(text.strip())
        if match is None:
            raise InvalidMonth(gettext_noop("«%(text)s» non è un mese: scrivi per esempio 2026-11."), text=text)
        return cls(int(match[1]), int(match[2]))

    @property
    def first_day(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def next(self) -> "Month":
        """The one after."""
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    @property
    def previous(self) -> "Month":
        """The one before."""
        return Month(self.year - (self.number == 1), (self.number - 2) % 12 + 1)

    @property
    def period(self) -> DateRange:
        """From its first day to the first of the next, half-open."""
        return DateRange(self.first_day, self.next.first_day)

    @property
    def last_day(self) -> date:
        return date.fromordinal(self.next.first_day.toordinal() - 1)

    @property
    def name(self) -> str:
        """In the reader's language: "novembre 2026", "November 2026"."""
        return told(NAMES[self.number - 1], {"year": self.year})

    @property
    def italian_name(self) -> str:
        """For what is kept: "novembre 2026"."""
        return NAMES[self.number - 1] % {"year": self.year}

    def mask(self, period: DateRange) -> int:
        """Its days that belong to the period, as a set of bits.

        >>> bin(Month(2026, 11).mask(DateRange(date(2026, 11, 28), date(2027, 1, 1))))
        '0b111000000000000000000000000000'
        """
        common = self.period.intersect(period)
        if common is None or common.end is None:
            return 0
        return (1 << (common.end - self.first_day).days) - (1 << (common.start - self.first_day).days)

    def days(self, mask: int) -> list[date]:
        """The days of a set of bits, in order."""
        return [day for day in self.period.days() if mask >> (day.day - 1) & 1]

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02d}"
