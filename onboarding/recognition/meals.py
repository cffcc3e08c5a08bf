"""Counts of meals in wide columns: a run of small numbers, named after months, whose sum stands beside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from onboarding.recognition.headings import MONTHS, month_named
from onboarding.recognition.profiles import Profile

_SCHOOL_YEAR: Final = tuple(month.upper() for month in (*MONTHS[8:], *MONTHS[:6]))

_NOTHING: Final = frozenset({"0", "-", "0,0", "0.0", "/"})
_MOST: Final = 24
_FIRST: Final = 80
"""Rows that are enough to find which columns add up."""


@dataclass(frozen=True, slots=True)
class Meals:
    """`months` column -> month; `total` the column of sums or -1; `agreeing` the share of rows whose sum is right."""

    months: dict[int, str]
    total: int = -1
    agreeing: float = 0.0
    named: bool = False


def find_meals(profiles: Sequence[Profile]) -> Meals:
    """The columns of months, or none. Columns without names are held to be months where their sum stands beside."""
    named = {profile.at: month for profile in profiles if (month := month_named(profile.name)) and _counts(profile)}
    if len(named) >= 2 and len(set(named.values())) == len(named):
        total, agreeing = _total(profiles, tuple(named))
        return Meals(named, total, agreeing, named=True)
    return _unnamed(profiles)


def _counts(profile: Profile) -> bool:
    fitting = sum(1 for cell in profile.filled if _small(cell))
    return fitting >= 0.9 * len(profile.filled)


def _small(cell: str) -> bool:
    number = _as_count(cell)
    return number is not None and 0 <= number <= 62


def _as_count(cell: str) -> float | None:
    if cell in {"", "-", "/"}:
        return 0.0
    text = cell.replace(",", ".")
    return float(text) if text.replace(".", "", 1).isdigit() and len(text) <= 8 and text.isascii() else None


def _total(profiles: Sequence[Profile], months: Sequence[int], rows: int | None = None) -> tuple[int, float]:
    """The column that holds the sum of the months in most rows."""
    sums: list[float | None] = []
    for cells in zip(*(profiles[at].cells[:rows] for at in months), strict=True):
        counts = [_as_count(cell) for cell in cells]
        sums.append(sum(count for count in counts if count is not None) if None not in counts else None)
    best = (0.0, -1)
    for profile in profiles:
        if profile.at in months:
            continue
        pairs = [
            (_as_count(cell), total) for cell, total in zip(profile.cells[:rows], sums, strict=True) if cell and total
        ]
        if len(pairs) >= 3:
            best = max(best, (sum(number == total for number, total in pairs) / len(pairs), profile.at))
    return (best[1], best[0]) if best[0] >= 0.6 else (-1, 0.0)


def _unnamed(profiles: Sequence[Profile]) -> Meals:
    """Every column of small counts whose sum is in another: the months of the school year, in the order they stand."""
    counts = [profile.at for profile in profiles if _counts(profile) and profile.filled and profile.distinct > 3]
    for left_out in range(4 if len(counts) <= _MOST else 0):
        for others in combinations(counts, left_out):
            some = [at for at in counts if at not in others]
            if len(some) < 3:
                continue
            total, agreeing = _total(profiles, some, _FIRST)
            if total >= 0 and agreeing >= 0.8:
                empty = [profile.at for profile in profiles if profile.filled and set(profile.filled) <= _NOTHING]
                months = sorted([*some, *empty])
                return Meals(dict(zip(months, _in_order(len(months)), strict=False)), *_total(profiles, some))
    return Meals({})


def _in_order(length: int) -> tuple[str, ...]:
    if length <= len(_SCHOOL_YEAR):
        return _SCHOOL_YEAR[:length]
    return (*_SCHOOL_YEAR, "LUG", "AGO")[:length]
