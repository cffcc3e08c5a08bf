"""The school year that the months of a file belong to, when nearly all of them say the same."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from onboarding.judging.words.dates import readings
from onboarding.judging.words.months import read_month
from onboarding.mapping.structs import Column
from onboarding.recognition.profiles import Profile

SEPTEMBER: Final = 9
NEARLY_ALL: Final = 0.95
ENOUGH: Final = 8
_USED: Final = frozenset({"month", "year", "paid_on"})


def school_year_of(columns: Iterable[Column], profiles: Sequence[Profile], today: date) -> int:
    """Its first calendar year; 0 when the file has no months with their years, or those of several school years.

    Where no cell says the year, the days of payment do.
    """
    found = {column.field: (column, profiles[at].cells) for at, column in enumerate(columns) if column.field in _USED}
    months = found["month"][1] if "month" in found else ()
    if not months:
        return 0
    years = found["year"][1] if "year" in found else ("",) * len(months)
    begun = _counted(_begun(*pair) for pair in zip(months, years, strict=True))
    if not begun and "paid_on" in found:
        column, days = found["paid_on"]
        begun = _counted(_begun(day[5:7], day[:4]) for day in (_iso(cell, column, today) for cell in days))
    if not begun:
        return 0
    begins, times = begun.most_common(1)[0]
    return begins if times >= max(ENOUGH, NEARLY_ALL * begun.total()) else 0


def _counted(years: Iterable[int]) -> Counter[int]:
    return Counter(year for year in years if year)


def _begun(month: str, year: str) -> int:
    number, beside = read_month(month)
    written = int(year) if len(year) == len("2026") and year.isascii() and year.isdigit() else beside
    if number is None or written is None:
        return 0
    return written if number >= SEPTEMBER else written - 1


def _iso(cell: str, column: Column, today: date) -> str:
    found = readings(cell, column.date_order, today.year)
    return found[0].day.isoformat() if found else ""
