"""The school year that the months of a file belong to, when nearly all of them say the same."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from onboarding.judging.words.months import read_month
from onboarding.mapping.structs import Column
from onboarding.recognition.profiles import Profile

SEPTEMBER: Final = 9
NEARLY_ALL: Final = 0.95
ENOUGH: Final = 8


def school_year_of(columns: Iterable[Column], profiles: Sequence[Profile]) -> int:
    """Its first calendar year; 0 when the file has no months with their years, or those of several school years."""
    cells = {column.field: profiles[at].cells for at, column in enumerate(columns) if column.field in {"month", "year"}}
    months = cells.get("month")
    if months is None:
        return 0
    years = cells.get("year") or ("",) * len(months)
    found = Counter(begun for pair in zip(months, years, strict=True) if (begun := _begun(*pair)))
    if not found:
        return 0
    begins, times = found.most_common(1)[0]
    return begins if times >= max(ENOUGH, NEARLY_ALL * found.total()) else 0


def _begun(month: str, year: str) -> int:
    number, beside = read_month(month)
    written = int(year) if len(year) == 4 and year.isascii() and year.isdigit() else beside
    if number is None or written is None:
        return 0
    return written if number >= SEPTEMBER else written - 1
