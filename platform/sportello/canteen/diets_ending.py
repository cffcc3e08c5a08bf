"""Special diets that run out, for who must ask for the papers again. Nothing is written."""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from sportello.canteen.models import DietKind, SpecialDiet
from sportello.kernel.dates import DateRange


@dataclass(frozen=True, slots=True)
class EndingDiet:
    """A diet and its last day; ``medical`` tells whether a certificate stands behind it."""

    child_id: int
    last_day: date
    medical: bool


def diets_ending(*, today: date, until: date) -> list[EndingDiet]:
    """The diets that hold today or later and run out by ``until`` (inclusive) with none after them; one query."""
    held: dict[int, list[tuple[DateRange, str]]] = {}
    rows = SpecialDiet.objects.filter(valid_during__overlap=(today, None)).order_by("child", "valid_during")
    for child, days, kind in rows.values_list("child_id", "valid_during", "kind"):
        held.setdefault(child, []).append((DateRange.from_bounds(days), kind))
    found = []
    for child, periods in held.items():
        last = _last_of_chain(periods)
        if last is not None and last[0] <= until:
            found.append(EndingDiet(child, last[0], last[1] == DietKind.MEDICAL))
    return found


def _last_of_chain(periods: list[tuple[DateRange, str]]) -> tuple[date, str] | None:
    """The first day up to which some diet holds without a break, and of which kind; None when it has no end."""
    end, kind = periods[0][0].last_day, periods[0][1]
    for before, (period, after) in pairwise(periods):
        if before[0].end != period.start:
            break
        end, kind = period.last_day, after
    return None if end is None else (end, kind)
