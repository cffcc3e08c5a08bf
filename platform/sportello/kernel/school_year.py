"""The school year: from 1 September to the next 1 September, half-open."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Self

from sportello.kernel.dates import DateRange
from sportello.kernel.errors import DomainError, gettext_noop

_WRITTEN = re.compile(r"([0-9]{4})\s*[/-]\s*([0-9]{2}|[0-9]{4})")


class InvalidSchoolYear(DomainError):
    """The text is not a school year such as 2026/27."""


@dataclass(frozen=True, slots=True, order=True)
class SchoolYear:
    """A school year, named by the calendar year in which it starts.

    >>> str(SchoolYear(2026)), SchoolYear.of(date(2027, 8, 31)), SchoolYear.parse("2026/2027").slug
    ('2026/27', SchoolYear(start_year=2026), '2026-27')
    """

    start_year: int

    def __post_init__(self) -> None:
        if not 1900 <= self.start_year <= 2199:
            raise InvalidSchoolYear(gettext_noop("«%(text)s» non è un anno scolastico."), text=self.start_year)

    @classmethod
    def of(cls, day: date) -> Self:
        """The school year the day belongs to."""
        return cls(day.year if day.month >= 9 else day.year - 1)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "2026/27", "2026/2027" or "2026-27"; raises InvalidSchoolYear."""
        match = _WRITTEN.fullmatch(text.strip())
        if match is None or int(match[2]) not in (int(match[1]) + 1, (int(match[1]) + 1) % 100):
            raise InvalidSchoolYear(
                gettext_noop("«%(text)s» non è un anno scolastico: scrivi per esempio 2026/27."), text=text
            )
        return cls(int(match[1]))

    @property
    def period(self) -> DateRange:
        """From 1 September (inclusive) to the next 1 September (exclusive)."""
        return DateRange(date(self.start_year, 9, 1), date(self.start_year + 1, 9, 1))

    @property
    def slug(self) -> str:
        """For addresses and file names: "2026-27"."""
        return f"{self.start_year}-{(self.start_year + 1) % 100:02d}"

    @property
    def next(self) -> "SchoolYear":
        """The one after."""
        return SchoolYear(self.start_year + 1)

    @property
    def previous(self) -> "SchoolYear":
        """The one before."""
        return SchoolYear(self.start_year - 1)

    def contains(self, day: date) -> bool:
        """Whether the day belongs to the school year."""
        return self.period.contains(day)

    __contains__ = contains

    def __str__(self) -> str:
        return self.slug.replace("-", "/")
