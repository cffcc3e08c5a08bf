"""On which day the demo lives: one on which its fictional Comuni take applications and serve meals.

The packs are of the school year 2026/27. Inside the season the demo follows the real calendar; outside it, its calendar
is moved by whole weeks and a remainder, to the same weekday of the season's second week.
"""

from datetime import date, timedelta
from pathlib import Path
from typing import Final

FIRST: Final = date(2026, 11, 16)
LAST: Final = date(2026, 12, 11)
SECOND_MONDAY: Final = date(2026, 11, 23)


def season_shift(kept: Path, today: date) -> int:
    """The days to add to the real calendar; remembered in `kept`, so that the demo's time never runs backwards.

    Chosen anew only when the moved calendar would leave the season.
    """
    held = int(kept.read_text(encoding="ascii")) if kept.exists() else 0
    if FIRST <= today + timedelta(days=held) <= LAST:
        return held
    shift = (SECOND_MONDAY + timedelta(days=today.weekday()) - today).days
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(str(shift), encoding="ascii")
    return shift
