"""Half-open periods, school years, and the timeline that prices and charges are worked out on."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sportello.kernel.dates import DateRange, EmptyPeriod, change_dates, cut, merge_equal
from sportello.kernel.school_year import InvalidSchoolYear, SchoolYear

DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))


@st.composite
def periods(draw: st.DrawFn) -> DateRange:
    start = draw(DAYS)
    length = draw(st.one_of(st.none(), st.integers(1, 1000)))
    return DateRange(start, None if length is None else start + timedelta(days=length))


def test_a_period_holds_its_first_day_and_not_its_end() -> None:
    autumn = DateRange(date(2026, 9, 1), date(2026, 12, 1))
    assert date(2026, 9, 1) in autumn
    assert date(2026, 12, 1) not in autumn
    assert autumn.last_day == date(2026, 11, 30)
    assert autumn == DateRange.inclusive(date(2026, 9, 1), date(2026, 11, 30))


def test_an_empty_period_is_refused() -> None:
    with pytest.raises(EmptyPeriod):
        DateRange(date(2026, 9, 1), date(2026, 9, 1))


@given(periods(), periods(), DAYS)
def test_intersection_and_difference_agree_day_by_day(one: DateRange, other: DateRange, day: date) -> None:
    both = one.intersect(other)
    assert (both is not None and day in both) == (day in one and day in other)
    assert any(day in piece for piece in one.subtract(other)) == (day in one and day not in other)
    assert one.overlaps(other) == (both is not None)
    assert one.covers(other) == (both == other)


@given(periods(), st.lists(DAYS, max_size=8))
def test_cut_pieces_are_neighbours_that_make_up_the_whole(period: DateRange, at: list[date]) -> None:
    pieces = cut(period, at)
    assert pieces[0].start == period.start
    assert pieces[-1].end == period.end
    assert all(before.end == after.start for before, after in itertools.pairwise(pieces))
    assert {piece.start for piece in pieces[1:]} == {day for day in at if day in period and day != period.start}


@given(periods(), st.lists(DAYS, max_size=8), st.lists(st.booleans(), min_size=9, max_size=9))
def test_merging_joins_equal_neighbours_and_loses_no_day(period: DateRange, at: list[date], values: list[bool]) -> None:
    pieces = list(zip(cut(period, at), values, strict=False))
    merged = merge_equal(pieces)
    assert merged[0][0].start == period.start
    assert merged[-1][0].end == period.end
    assert all(before[1] != after[1] for before, after in itertools.pairwise(merged))


def test_a_hole_keeps_equal_pieces_apart() -> None:
    one, other = DateRange.one_day(date(2026, 9, 1)), DateRange.one_day(date(2026, 9, 3))
    assert merge_equal([(one, "a"), (other, "a")]) == [(one, "a"), (other, "a")]


def test_periods_say_where_a_timeline_must_be_cut() -> None:
    open_end, closed = DateRange(date(2026, 9, 1)), DateRange(date(2026, 10, 1), date(2027, 1, 1))
    assert change_dates([open_end, closed]) == {date(2026, 9, 1), date(2026, 10, 1), date(2027, 1, 1)}


@given(DAYS)
def test_every_day_belongs_to_one_school_year(day: date) -> None:
    year = SchoolYear.of(day)
    assert day in year
    assert day not in year.next
    assert day not in year.previous
    assert SchoolYear.parse(str(year)) == SchoolYear.parse(year.slug) == year


@pytest.mark.parametrize("text", ["2026", "2026/28", "2026/2028", "26/27", "2026/27/28"])
def test_what_is_not_a_school_year_is_refused(text: str) -> None:
    with pytest.raises(InvalidSchoolYear):
        SchoolYear.parse(text)
