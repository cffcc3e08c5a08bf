"""A new ISEE filed on a day: from when it counts, up to which day filing it does the same, what is saved."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services_catalog.fee_table import IseePolicy
from services_catalog.reading import from_builtins
from sportello.fees.isee_change import FilingEffect, change_of_isee, effect_of_filing, new_isee
from sportello.fees.isee_dates import Filing, counted_period
from sportello.fees.simulating import PlannedHousehold, simulate
from sportello.kernel.dates import DateRange
from sportello.kernel.money import Money
from sportello.means.rules import Kind, period_of_validity
from tests.fees.test_simulating import WEEKDAYS, household, service, table

BY_THE_15TH = {"effective": "month_of_filing", "cut_off_day": 15}
POLICIES: list[dict[str, Any]] = [
    {},
    {"effective": "same_day"},
    {"effective": "month_of_filing"},
    BY_THE_15TH,
    {"effective": "next_month"},
    {"effective": "next_month", "kept_until": "end_of_school_year"},
    {"filed_by": "10-31"},
    {"windows": [{"first": "10-01", "last": "11-15", "starts": "11-01"}], "effective": "next_month"},
]


def policy(**parts: Any) -> IseePolicy:
    return from_builtins(parts, IseePolicy)


def test_by_the_fifteenth_it_counts_from_the_first_and_afterwards_from_the_next() -> None:
    november = DateRange(date(2026, 11, 1), date(2027, 1, 1))
    assert effect_of_filing(policy(**BY_THE_15TH), date(2026, 11, 10)) == FilingEffect(
        date(2026, 11, 10), november, date(2026, 11, 15), date(2026, 12, 1)
    )
    later = effect_of_filing(policy(**BY_THE_15TH), date(2026, 11, 16))
    assert (later.counts, later.last_day, later.then_from) == (
        DateRange(date(2026, 12, 1), date(2027, 1, 1)), date(2026, 12, 15), None,
    )  # fmt: skip


def test_filed_at_the_end_of_december_it_lapses_before_it_counts() -> None:
    effect = effect_of_filing(policy(**BY_THE_15TH), date(2026, 12, 20))
    assert (effect.counts, effect.resumes) == (None, (date(2027, 1, 1), date(2027, 1, 1)))
    assert effect_of_filing(policy(**BY_THE_15TH, kept_until="end_of_school_year"), date(2026, 12, 20)).counts == (
        DateRange(date(2027, 1, 1), date(2027, 9, 1))
    )


def test_where_each_day_counts_by_itself_no_day_is_the_last() -> None:
    effect = effect_of_filing(policy(effective="same_day"), date(2026, 11, 10))
    assert (effect.last_day, effect.then_from) == (None, None)


@given(st.sampled_from(POLICIES), st.dates(date(2026, 9, 1), date(2027, 8, 31)))
@settings(max_examples=150, deadline=None)
def test_the_last_day_is_the_last_that_does_the_same(parts: dict[str, Any], filed_on: date) -> None:
    held, effect = policy(**parts), effect_of_filing(policy(**parts), filed_on)
    assert effect.counts == _counted(held, filed_on)
    if effect.last_day is not None:
        last, following = _counted(held, effect.last_day), _counted(held, effect.last_day.fromordinal(
            effect.last_day.toordinal() + 1
        ))  # fmt: skip
        assert last is not None
        assert effect.counts is not None
        assert last.start == effect.counts.start
        assert (None if following is None else following.start) == effect.then_from != effect.counts.start


def _counted(held: IseePolicy, day: date) -> DateRange | None:
    return counted_period(held, Filing(filed_on=day), period_of_validity(Kind.MINORS, day))


def test_what_is_saved_is_the_difference_of_two_simulations() -> None:
    fees = table(isee=BY_THE_15TH)
    dear = household(2, cents=2_000_000)
    change = change_of_isee(dear, service(fees), fees.isee, cents=500_000, filed_on=date(2026, 11, 10))
    meals = len([day for day in WEEKDAYS if date(2026, 11, 1) <= day <= date(2026, 12, 31)])
    assert (change.from_day, change.until) == (date(2026, 11, 1), date(2026, 12, 31))
    assert change.saved == Money(2 * 300 * meals)
    assert [(one.before.amount.cents, one.after.amount.cents) for one in change.children] == [(300, 0)] * 2


def test_a_higher_isee_costs_more_and_says_so() -> None:
    fees = table(isee={"effective": "same_day"})
    poor = household(cents=500_000)
    change = change_of_isee(poor, service(fees), fees.isee, cents=900_000, filed_on=date(2026, 12, 1))
    assert change.saved.cents < 0


def test_one_that_never_counts_changes_nothing() -> None:
    fees = table(isee={"filed_by": "10-31"})
    change = change_of_isee(household(), service(fees), fees.isee, cents=0, filed_on=date(2026, 11, 10))
    assert (change.effect.counts, change.children, change.saved) == (None, (), Money(0))


@pytest.mark.parametrize("parts", POLICIES)
def test_with_nothing_new_nothing_changes(parts: dict[str, Any]) -> None:
    """The same value filed anew leaves every cent where it is."""
    fees = table(isee=parts)
    change = change_of_isee(household(2), service(fees), fees.isee, cents=900_000, filed_on=date(2026, 10, 20))
    assert change.saved == Money(0)


def test_after_it_lapses_the_last_known_goes_on_where_the_comune_keeps_it() -> None:
    fees = table(isee={"effective": "same_day", "missing": "last_known"})
    filed = new_isee(fees.isee, 500_000, date(2026, 12, 1))
    (one,) = simulate(PlannedHousehold(household().children, (filed,)), service(fees))
    in_june = one.on(date(2027, 6, 1))
    assert in_june is not None
    assert in_june.price.amount == Money(0)
