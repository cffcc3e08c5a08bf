"""The pure rules of a month, by properties: nothing lost, nothing twice, whatever the days and the prices."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sportello.canteen.month import InvalidMonth, Month
from sportello.canteen.rules import Posted, PricedDays, days_of_opening, differences, meals_by_price, unpriced
from sportello.kernel.dates import DateRange

months = st.builds(Month, st.integers(1990, 2100), st.integers(1, 12))
masks = st.integers(0, 2**31 - 1)


@given(month=months)
def test_the_months_follow_one_another(month: Month) -> None:
    assert month.next.previous == month == month.previous.next
    assert month.next.first_day - month.last_day == timedelta(days=1)
    assert Month.of(month.first_day) == Month.of(month.last_day) == month == Month.parse(str(month))
    assert month.mask(month.period).bit_count() == month.last_day.day


@given(month=months, start=st.integers(-40, 40), length=st.integers(1, 80))
def test_a_mask_holds_the_days_of_the_period_in_the_month(month: Month, start: int, length: int) -> None:
    first = month.first_day + timedelta(days=start)
    period = DateRange(first, first + timedelta(days=length))
    mask = month.mask(period)
    assert month.days(mask) == [day for day in period.days() if Month.of(day) == month]
    assert sum(1 << (day.day - 1) for day in month.days(mask)) == mask


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "2026-00", "26-11", "2026-11-01", "novembre"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(InvalidMonth):
        Month.parse(text)


@given(served=masks, cut=st.integers(0, 31), low=st.integers(0, 900), high=st.integers(0, 900))
def test_each_meal_has_one_price_or_none(served: int, cut: int, low: int, high: int) -> None:
    before, after = (1 << cut) - 1, (2**31 - 1) & ~((1 << cut) - 1)
    both = [PricedDays(before, low), PricedDays(after, high)]
    found = meals_by_price(served, both)
    assert sum(found.values()) == served.bit_count()
    assert unpriced(served, both) == 0
    assert unpriced(served, both[:1]) == served & after
    cost = sum(cents * meals for cents, meals in found.items())
    assert cost == low * (served & before).bit_count() + high * (served & after).bit_count()


counts = st.dictionaries(st.integers(0, 5), st.integers(0, 31))


@given(wanted=counts, earlier=st.lists(counts, max_size=3))
def test_differences_bring_the_ledger_to_what_is_wanted_and_then_rest(
    wanted: dict[int, int], earlier: list[dict[int, int]]
) -> None:
    ledger: dict[int, Posted] = {}
    keys: set[tuple[int, int]] = set()
    for target in [*earlier, wanted, wanted]:
        before = dict(ledger)
        for one in differences(target, ledger):
            assert (one.cents, one.ordinal) not in keys
            keys.add((one.cents, one.ordinal))
            assert (one.corrects is None) == (one.cents not in before)
            known = before.get(one.cents, Posted(0, 0, one.cents))
            ledger[one.cents] = Posted(known.meals + one.meals, known.entries + 1, known.first_entry_id)
    assert {cents: held.meals for cents, held in ledger.items() if held.meals} == {
        cents: meals for cents, meals in wanted.items() if meals
    }
    assert list(differences(wanted, ledger)) == []


@given(bought=st.integers(0, 60), eaten=st.integers(0, 60), size=st.integers(1, 25))
def test_blocks_are_opened_for_the_meals_nobody_bought(bought: int, eaten: int, size: int) -> None:
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(eaten)]
    opened = days_of_opening(bought=bought, eaten=days, size_on=lambda _day: size)
    short = max(0, eaten - bought)
    assert len(opened) == -(-short // size)
    assert opened == [days[bought + size * number] for number in range(len(opened))]
    assert days_of_opening(bought=bought + size * len(opened), eaten=days, size_on=lambda _day: size) == []
