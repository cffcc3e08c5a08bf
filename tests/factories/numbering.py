"""Numbers that never repeat within a run, and the periods that most tests mean."""

import itertools
from datetime import date
from typing import Final

from sportello.kernel.dates import DateRange
from sportello.kernel.school_year import SchoolYear

YEAR: Final = SchoolYear(2026)
TODAY: Final = date(2026, 11, 23)
ALWAYS: Final = (date(2020, 1, 1), None)
_numbers = itertools.count(1)


def next_number() -> int:
    """1, 2, 3 and so on, for what must be unique."""
    return next(_numbers)


def school_year_period(year: SchoolYear = YEAR) -> tuple[date, date | None]:
    """The period of a school year as a range column takes it."""
    period: DateRange = year.period
    return period.start, period.end
