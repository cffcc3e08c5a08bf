"""The days a commit speaks of."""

from dataclasses import dataclass
from datetime import date, timedelta

from sportello.kernel.dates import DateRange
from sportello.kernel.school_year import SchoolYear


@dataclass(frozen=True, slots=True)
class CommitSpan:
    """The school year of the roster, and from which of its days a change holds."""

    year: SchoolYear
    effective_on: date

    @classmethod
    def of(cls, year: SchoolYear, today: date) -> "CommitSpan":
        """Changes hold from today; from the first or last day of the school year when today is outside it."""
        period = year.period
        last = (period.end or today) - timedelta(days=1)
        return cls(year=year, effective_on=min(max(today, period.start), last))

    @property
    def period(self) -> DateRange:
        return self.year.period

    @property
    def isee_period(self) -> DateRange:
        """The calendar year: an ISEE lapses on 31 December (DPCM 159/2013 art. 10)."""
        first = date(self.effective_on.year, 1, 1)
        return DateRange(first, date(first.year + 1, 1, 1))

    @property
    def values(self) -> dict[str, object]:
        """The parameters of the statements."""
        return {
            "year": self.year.start_year,
            "first": self.period.start,
            "end": self.period.end,
            "effective": self.effective_on,
            "isee_first": self.isee_period.start,
            "isee_end": self.isee_period.end,
        }
