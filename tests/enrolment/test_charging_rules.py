"""What a child owes in a month: every printed example with a price by time, and what changes inside a time. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services_catalog.fee_table import FeeTable, PerBlock, PerMeal
from services_catalog.reading import from_builtins
from sportello.enrolment.charging_rules import Owed, Posted, changes, owed, reads_register, unpriced_days
from sportello.enrolment.competences import Frame, charged_here
from sportello.enrolment.registers import DaysRegister, MonthsRegister, Registers
from sportello.enrolment.weighing import ChildUse, LimitsOverSeveralTimes, PricedPeriod
from sportello.fees.cases import Case
from sportello.fees.facts import FactNotGiven, Facts
from sportello.fees.operations import replayed
from sportello.kernel.dates import DateRange
from sportello.kernel.money import Money
from sportello.kernel.month import Month
from tests.fees.reading_tables import cases_of, names, table_of

SEPTEMBER, NOVEMBER, JANUARY, JUNE = Month(2026, 9), Month(2026, 11), Month(2027, 1), Month(2027, 6)
YEAR = DateRange(date(2026, 9, 1), date(2027, 9, 1))
WORKING = [day for day in DateRange(date(2026, 9, 14), date(2027, 6, 12)).days() if day.weekday() < 5]
FREE = Facts(level="primaria", isee_cents=900_000)
TEN = {"kind": "single_price", "amount": "10.00"}


def table(**parts: Any) -> FeeTable:
    return from_builtins({"unit": {"kind": "month"}, "base": TEN, **parts}, FeeTable)


def priced(fees: FeeTable, facts: Facts = FREE, period: DateRange = YEAR, edition: int = 1) -> PricedPeriod:
    return PricedPeriod(period, edition, fees, facts)


def frame(month: Month, horizon: Month | None = None) -> Frame:
    return Frame(month=month, begins=SEPTEMBER, horizon=max(month, horizon or month))


def using(*prices: PricedPeriod, days: Sequence[date] = WORKING, **fields: Any) -> ChildUse:
    return ChildUse(days=days, prices=prices, **fields)


def cents(found: Sequence[Owed]) -> list[int]:
    for one in found:
        assert replayed(one.steps) == one.amount.cents
    return [one.amount.cents for one in found]


def total(use: ChildUse, month: Month) -> int:
    return sum(cents(owed(use, frame(month))))


BY_TIME = [name for name in names() if charged_here(table_of(name).fees)]


def examples() -> list[Any]:
    return [
        pytest.param(name, case, id=case.name)
        for name in BY_TIME
        for case in cases_of(name).cases
        if case.pays is not None
    ]


def days_of(case: Case, unit: str) -> list[date]:
    """Days of service such that the calendar counts what the case counts: so many months, or the days of a month."""
    month = case.month or 11
    if unit == "year":
        months = case.counts.get("months", 9)
        every = [day for day in WORKING if day < date(2027, 6, 1)]
        kept = sorted({Month.of(day) for day in every})[:months]
        return [day for day in every if Month.of(day) in kept][: case.counts.get("days_of_service", 400)]
    year = 2026 if month >= 9 else 2027
    first = Month(year, month)
    return [day for day in first.period.days() if day.weekday() < 5]


@pytest.mark.parametrize(("name", "case"), examples())
def test_every_printed_example_of_a_price_by_time_is_charged_to_the_cent(name: str, case: Case) -> None:
    """A subscription and a month (or a year of months) give the printed total."""
    fees = table_of(name).fees
    yearly = fees.unit.__struct_config__.tag == "year"
    days = days_of(case, "year" if yearly else "month")
    month = Month.of(days[0])
    counts = {"meals": case.units, **case.counts} if isinstance(fees.unit, PerMeal) else case.counts
    numbers = {(month, counted): number for counted, number in counts.items()}
    register = MonthsRegister(numbers, [day for day in days if Month.of(day) == month])
    use = using(priced(fees, case.facts), days=days, register=_OfFirstMonth(register, month))
    found = owed(use, frame(month))
    assert case.pays is not None
    assert sum(cents(found)) == case.pays.cents
    assert not found or {one.part for one in found} == {code for _place, _tariff, code in charged_here(fees)}


class _OfFirstMonth:
    """The counts of an example, all written in its first month: those of the year are asked up to the horizon."""

    def __init__(self, register: MonthsRegister, month: Month) -> None:
        self.register, self.month = register, month

    def count(self, name: Any, days: Sequence[date]) -> int | None:
        return self.register.count(name, [day for day in days if Month.of(day) == self.month])


def test_the_tables_by_time_are_those_of_the_sources() -> None:
    assert BY_TIME == [
        "bari_trasporto_2021_22",
        "bologna_free_meals_credit",
        "canicattini_nido",
        "fasano_mensa",
        "fasano_trasporto",
        "portoviro_mensa_infanzia",
        "rapallo_nido_band_shift",
        "ravenna_nido_linear",
        "rubiera_nido",
        "torino_mensa_fixed_plus_meal",
        "tresignana_trasporto_proration",
    ]


def test_a_price_that_changes_in_the_month_is_weighed_by_days_of_service() -> None:
    """November 2026 has 21 days of service here: 5 before the 9th, 16 from it on."""
    cheap, dear = table(), table(base={"kind": "single_price", "amount": "35.00"})
    before, after = YEAR.split(date(2026, 11, 9))
    use = using(priced(cheap, period=before), priced(dear, period=after, edition=2))
    (one,) = owed(use, frame(NOVEMBER))
    assert cents([one]) == [238 + 2667]
    assert [step.code for step in one.steps] == ["single_price", "days_share", "single_price", "days_share", "together"]
    assert one.edition_id == 2
    assert cents(owed(use, frame(Month(2026, 10)))) == [1000]
    assert cents(owed(use, frame(JANUARY))) == [3500]


def test_a_change_that_changes_no_amount_leaves_no_cent_behind() -> None:
    odd = table(base={"kind": "single_price", "amount": "10.01"})
    before, after = YEAR.split(date(2026, 11, 16))
    use = using(priced(odd, period=before), priced(odd, period=after, edition=2))
    (one,) = owed(use, frame(NOVEMBER))
    assert (cents([one]), [step.code for step in one.steps]) == ([1001], ["single_price"])


def test_a_closed_day_weighs_nothing_and_a_closed_month_costs_nothing() -> None:
    before, after = YEAR.split(date(2026, 11, 9))
    dear = table(base={"kind": "single_price", "amount": "35.00"})
    use = using(priced(table(), period=before), priced(dear, period=after))
    closed = replace(use, days=[day for day in WORKING if day not in DateRange(date(2026, 11, 2), date(2026, 11, 9))])
    assert total(closed, NOVEMBER) == 3500
    shut = replace(use, days=[day for day in WORKING if Month.of(day) != NOVEMBER])
    assert total(shut, NOVEMBER) == total(use, Month(2027, 7)) == 0


def test_a_day_costs_only_if_there_is_service() -> None:
    daily = table(unit={"kind": "day"})
    november = [day for day in WORKING if Month.of(day) == NOVEMBER]
    assert total(using(priced(daily)), NOVEMBER) == 1000 * len(november)
    present = DaysRegister({"days_present": frozenset(november[:4])})
    assert total(using(priced(daily), register=present), NOVEMBER) == 4000
    absent = DaysRegister({"days_absent": frozenset(november[:4])})
    assert total(using(priced(daily), register=absent), NOVEMBER) == 1000 * (len(november) - 4)


def test_days_are_counted_at_the_price_of_each() -> None:
    before, after = YEAR.split(date(2026, 11, 9))
    dear = table(unit={"kind": "day"}, base={"kind": "single_price", "amount": "2.00"})
    use = using(priced(table(unit={"kind": "day"}), period=before), priced(dear, period=after))
    present = DaysRegister({"days_present": frozenset([date(2026, 11, 3), date(2026, 11, 10), date(2026, 11, 11)])})
    (one,) = owed(replace(use, register=present), frame(NOVEMBER))
    assert cents([one]) == [1000 + 400]
    number = MonthsRegister({(NOVEMBER, "days_present"): 7}, WORKING)
    assert total(replace(use, register=number), NOVEMBER) == 2 * 1000 + 5 * 200


def test_further_parts_are_lines_of_their_own() -> None:
    fees = table(parts=[{"code": "daily", "unit": {"kind": "day"}, "base": {"kind": "single_price", "amount": "1.50"}}])
    found = owed(using(priced(fees)), frame(NOVEMBER))
    assert [(one.part, one.amount.cents) for one in found] == [("", 1000), ("daily", 21 * 150)]
    assert len({one.slot for one in found}) == 2


def test_the_limits_of_the_whole_are_one_line() -> None:
    parts = [{"code": "daily", "unit": {"kind": "day"}, "base": {"kind": "single_price", "amount": "1.50"}}]
    (one,) = owed(using(priced(table(parts=parts, due_maximum="25.00"))), frame(NOVEMBER))
    assert (one.part, cents([one]), one.steps[-1].code) == ("", [2500], "maximum")
    (least,) = owed(using(priced(table(parts=parts, due_minimum="90.00"))), frame(NOVEMBER))
    assert cents([least]) == [9000]
    yearly = [{"code": "fixed", "unit": {"kind": "year"}, "base": TEN}]
    with pytest.raises(LimitsOverSeveralTimes):
        owed(using(priced(table(parts=yearly, due_maximum="25.00"))), frame(NOVEMBER))


def test_free_months_are_the_first_of_the_year() -> None:
    fees = table(free_units={"rows": [{"isee_to": "9000.00", "free_units": 2}]})
    use = using(priced(fees))
    assert [total(use, month) for month in (SEPTEMBER, Month(2026, 10), NOVEMBER, JUNE)] == [0, 0, 1000, 1000]


def test_a_month_that_is_not_due_costs_nothing_and_says_so() -> None:
    fees = table(proration=[{"kind": "not_due", "months": [9]}])
    (one,) = owed(using(priced(fees)), frame(SEPTEMBER))
    assert (cents([one]), one.steps[-1].code) == ([0], "not_due")
    assert total(using(priced(fees)), NOVEMBER) == 1000


def test_who_begins_in_mid_month_pays_what_the_edition_says() -> None:
    half = {"kind": "count_steps", "counted": "entry_day", "rows": [{"count_from": 16, "discount_percent": 50}]}
    late = [day for day in WORKING if day >= date(2026, 11, 16)]
    use = using(priced(table(proration=[half])), days=late, entries=frozenset({date(2026, 11, 16)}))
    assert [total(use, month) for month in (NOVEMBER, JANUARY)] == [500, 1000]
    assert total(using(priced(table()), days=late), NOVEMBER) == 1000
    weeks = {"kind": "parts", "counted": "weeks", "of": 4}
    assert total(using(priced(table(proration=[weeks])), days=late), NOVEMBER) == 750


def test_a_count_nobody_kept_stops_the_child() -> None:
    fees = table(proration=[{"kind": "each_time", "counted": "days_sick", "amount": "1.00"}])
    assert reads_register(fees)
    with pytest.raises(FactNotGiven, match="days_sick"):
        owed(using(priced(fees)), frame(NOVEMBER))
    register = Registers([DaysRegister({}), MonthsRegister({(NOVEMBER, "days_sick"): 3}, WORKING)])
    assert total(using(priced(fees), register=register), NOVEMBER) == 700


PLAN = [
    {"code": "first", "due_on": "2026-10-31", "share_percent": "50"},
    {"code": "second", "due_on": "2027-01-31", "share_percent": "33.33"},
    {"code": "last", "due_on": "2027-04-30", "share_percent": "16.67"},
]
NINTHS = {"kind": "parts", "counted": "months", "of": 9, "at_least_percent": "50"}
BUS = table(unit={"kind": "year"}, base={"kind": "single_price", "amount": "180.00"}, proration=[NINTHS])
BY_INSTALMENTS = table(
    unit={"kind": "year"}, base={"kind": "single_price", "amount": "180.01"}, proration=[NINTHS], instalments=PLAN
)


def test_a_year_is_due_at_its_start_or_by_instalments() -> None:
    use = using(priced(BUS))
    (one,) = owed(use, frame(SEPTEMBER))
    assert (one.competence.key, one.day, cents([one])) == ("y2026", WORKING[0], [18000])
    use = using(priced(BY_INSTALMENTS))
    assert [cents(owed(use, frame(month))) for month in (SEPTEMBER, NOVEMBER, JANUARY, JUNE)] == [
        [],
        [9001],
        [9001, 6000],
        [9001, 6000, 3000],
    ]
    assert [one.day for one in owed(use, frame(JUNE))] == [date(2026, 10, 31), date(2027, 1, 31), date(2027, 4, 30)]


def test_who_withdraws_owes_the_months_of_use_as_the_edition_says() -> None:
    """Six months are six ninths; two are half, the floor of the act; later months do not change an earlier charge."""
    six = using(priced(BUS), days=[day for day in WORKING if day < date(2027, 3, 1)])
    two = using(priced(BUS), days=[day for day in WORKING if day < date(2026, 11, 1)])
    assert (total(six, SEPTEMBER), total(two, SEPTEMBER)) == (12000, 9000)


def test_who_begins_late_owes_the_instalments_already_due_from_the_first_day() -> None:
    late = [day for day in WORKING if day >= date(2027, 2, 1)]
    found = owed(using(priced(BY_INSTALMENTS), days=late), frame(Month(2027, 2)))
    assert cents(found) == [5001, 3333]
    assert {one.day for one in found} == {date(2027, 2, 1)}
    assert owed(using(priced(BY_INSTALMENTS), days=late), frame(JANUARY)) == []


def test_a_period_has_its_months_from_the_first_of_the_service() -> None:
    term = table(unit={"kind": "period", "months": 4})
    use = using(priced(term))
    found = owed(use, frame(JUNE))
    assert [(one.competence.number, one.day) for one in found] == [
        (1, date(2026, 9, 14)),
        (2, date(2027, 1, 1)),
        (3, date(2027, 5, 3)),
    ]
    assert [len(owed(use, frame(month))) for month in (SEPTEMBER, Month(2026, 12), JANUARY)] == [1, 1, 2]


def test_a_year_is_looked_at_from_the_latest_month_charged() -> None:
    """Charging October again in January neither takes the January instalment back nor forgets its absences."""
    use = using(priced(BY_INSTALMENTS))
    assert cents(owed(use, frame(Month(2026, 10), JANUARY))) == [9001, 6000]


def test_days_without_a_price_are_counted() -> None:
    use = using(priced(table(), period=DateRange(date(2026, 9, 1), date(2026, 11, 30))))
    assert unpriced_days(use, NOVEMBER.period) == 1


def test_a_line_is_posted_once_corrected_by_difference_and_given_back() -> None:
    use = using(priced(table()))
    wanted = owed(use, frame(NOVEMBER))
    (first,) = changes(wanted, {})
    assert (first.cents, first.ordinal, first.corrects) == (1000, 0, None)
    posted = {first.slot: Posted(cents=1000, entries=1, first_entry_id=7)}
    assert list(changes(wanted, posted)) == []
    dearer = owed(using(priced(table(base={"kind": "single_price", "amount": "35.00"}))), frame(NOVEMBER))
    (more,) = changes(dearer, posted)
    assert (more.cents, more.ordinal, more.corrects, more.already) == (2500, 1, 7, 1000)
    (back,) = changes([], posted)
    assert (back.cents, back.owed) == (-1000, None)


def test_what_costs_nothing_is_posted_once_for_its_reasons() -> None:
    nothing = owed(using(priced(table(base={"kind": "single_price", "amount": "0.00"}))), frame(NOVEMBER))
    (first,) = changes(nothing, {})
    assert first.cents == 0
    assert list(changes(nothing, {first.slot: Posted(0, 1, 7)})) == []


shares = st.lists(st.integers(1, 40), min_size=1, max_size=6)


@settings(max_examples=60, deadline=None)
@given(parts=shares, amount=st.integers(0, 100_000), cut=st.integers(1, 250), second=st.integers(0, 100_000))
def test_instalments_add_up_to_the_year_whatever_their_size(
    parts: list[int], amount: int, cut: int, second: int
) -> None:
    percents = [round(100 * part / sum(parts), 2) for part in parts]
    percents[-1] = round(100 - sum(percents[:-1]), 2)
    plan = [
        {
            "code": f"n{at}",
            "due_on": (date(2026, 9, 30) + timedelta(days=31 * at)).isoformat(),
            "share_percent": f"{one:.2f}",
        }
        for at, one in enumerate(percents)
    ]
    whole, split = (
        [
            priced(
                table(
                    unit={"kind": "year"},
                    base={"kind": "single_price", "amount": Money(price).as_decimal_string()},
                    instalments=instalments,
                ),
                period=period,
            )
            for price, period in zip((amount, second), YEAR.split(date(2026, 9, 14) + timedelta(days=cut)), strict=True)
        ]
        for instalments in ([], plan)
    )
    once = cents(owed(using(*whole), frame(JUNE)))
    assert sum(cents(owed(using(*split), frame(JUNE)))) == sum(once)
    low, high = sorted((amount, second))
    assert low - 1 <= sum(once) <= high + 1


@settings(max_examples=60, deadline=None)
@given(
    amounts=st.lists(st.integers(0, 50_000), min_size=1, max_size=4),
    cuts=st.sets(st.integers(2, 30), max_size=3),
    present=st.sets(st.integers(1, 30)),
)
def test_no_day_is_lost_or_charged_twice_when_prices_change(
    amounts: list[int], cuts: set[int], present: set[int]
) -> None:
    """A month of any prices lies between the lowest and the highest, and a day costs its own price."""
    edges = [YEAR.start, *sorted(date(2026, 11, cut) for cut in cuts), YEAR.end]
    periods = [DateRange(start, end) for start, end in pairwise(edges)]
    fees = [Money(amounts[at % len(amounts)]).as_decimal_string() for at in range(len(periods))]
    for unit in ("month", "day"):
        prices = [
            priced(table(unit={"kind": unit}, base={"kind": "single_price", "amount": fee}), period=period)
            for fee, period in zip(fees, periods, strict=True)
        ]
        days = frozenset(date(2026, 11, number) for number in present)
        use = using(*prices, register=DaysRegister({"days_present": days}))
        due = total(use, NOVEMBER)
        if unit == "month":
            assert min(amounts) - len(periods) <= due <= max(amounts) + len(periods)
        else:
            own = [day for day in days if day in WORKING]
            by_hand = [fee for fee, period in zip(fees, periods, strict=True) for day in own if day in period]
            assert due == Money.sum(Money.from_decimal_string(fee) for fee in by_hand).cents


def test_a_tariff_by_the_meal_is_left_to_the_canteen() -> None:
    for name in names():
        unit = table_of(name).fees.unit
        codes = [code for _place, _tariff, code in charged_here(table_of(name).fees)]
        by_the_month = name == "bologna_free_meals_credit"  # its meals are free up to so many a year
        assert ("" in codes) == (not isinstance(unit, PerMeal | PerBlock) or by_the_month)
