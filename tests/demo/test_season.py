"""The demo always finds its canteen open, and its time never runs backwards from one start to the next."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from sportello.demo.season import FIRST, LAST, season_shift


@pytest.mark.parametrize("today", [FIRST, date(2026, 11, 23), LAST])
def test_in_season_the_demo_follows_the_calendar(tmp_path: Path, today: date) -> None:
    assert season_shift(tmp_path / "shift", today) == 0


@pytest.mark.parametrize("today", [date(2026, 10, 1), date(2026, 12, 12), date(2029, 2, 28)])
def test_out_of_season_it_lives_on_the_same_weekday_of_the_season(tmp_path: Path, today: date) -> None:
    lived = today + timedelta(days=season_shift(tmp_path / "shift", today))
    assert FIRST <= lived <= LAST
    assert lived.weekday() == today.weekday()


def test_the_next_start_goes_on_from_there(tmp_path: Path) -> None:
    kept, first_start = tmp_path / "shift", date(2027, 1, 10)
    shift = season_shift(kept, first_start)
    assert season_shift(kept, first_start + timedelta(days=10)) == shift


def test_when_the_season_is_over_again_it_begins_anew(tmp_path: Path) -> None:
    kept, first_start = tmp_path / "shift", date(2027, 1, 10)
    season_shift(kept, first_start)
    later = first_start + timedelta(days=30)
    assert FIRST <= later + timedelta(days=season_shift(kept, later)) <= LAST
