"""Free meals, the least and the most of a month: to the cent, whatever changes inside it, and as simulated. Pure."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services_catalog.fee_table import FeeTable
from services_catalog.reading import from_builtins
from sportello.enrolment.charging_rules import owed
from sportello.enrolment.competences import Frame
from sportello.enrolment.registers import DaysRegister, Registers
from sportello.enrolment.weighing import ChildUse, PricedPeriod
from sportello.fees.facts import Facts
from sportello.fees.operations import replayed
from sportello.fees.rules import price
from sportello.fees.simulated_use import dues_of_year
from sportello.fees.timeline import Decided
from sportello.kernel.dates import DateRange
from sportello.kernel.money import Money
from sportello.kernel.month import Month

YEAR = DateRange(date(2026, 9, 1), date(2027, 9, 1))
WEEKDAYS = [day for day in DateRange(date(2026, 9, 14), date(2027, 6, 12)).days() if day.weekday() < 5]
MONTHS = sorted({Month.of(day) for day in WEEKDAYS})
BY_ISEE = {
    "kind": "flat_bands",
    "bands": [{"isee_to": "8000.00", "amount": "2.00"}, {"isee_from": "8000.01", "amount": "5.00"}],
}


def table(**parts: Any) -> FeeTable:
    return from_builtins({"unit": {"kind": "meal"}, "base": BY_ISEE, **parts}, FeeTable)


def facts(isee: int) -> Facts:
    return Facts(level="primaria", isee_cents=isee)


def charged(prices: Sequence[PricedPeriod], eaten: Sequence[date], month: Month) -> list[int]:
    """What the close of the month charges; each explanation gives its cents again by itself."""
    register = Registers([DaysRegister({"meals": frozenset(eaten)})])
    use = ChildUse(days=WEEKDAYS, prices=prices, register=register)
    found = owed(use, Frame(month=month, begins=Month(2026, 9), horizon=month))
    assert [replayed(one.steps) for one in found] == [one.amount.cents for one in found]
    return [one.amount.cents for one in found]


def in_month(month: Month) -> list[date]:
    return [day for day in WEEKDAYS if Month.of(day) == month]


def test_a_month_has_its_least_and_its_most_and_nothing_where_nobody_ate() -> None:
    november = in_month(Month(2026, 11))
    prices = [PricedPeriod(YEAR, 1, table(due_minimum="12.00", due_maximum="60.00"), facts(900_000))]
    assert charged(prices, november, Month(2026, 11)) == [6000]
    assert charged(prices, november[:4], Month(2026, 11)) == [2000]
    assert charged(prices, november[:1], Month(2026, 11)) == [1200]
    assert charged(prices, [], Month(2026, 11)) == []


def test_the_limit_is_of_all_the_meals_and_not_of_each_price() -> None:
    """Two prices inside November, 8 meals at 5 euro and 4 at 2: 48 euro; the most of 45 is of their sum."""
    before, after = YEAR.split(date(2026, 11, 16))
    november = in_month(Month(2026, 11))
    eaten = [*[day for day in november if day in before][:8], *[day for day in november if day in after][:4]]
    for limit, cents in (("50.00", 4800), ("45.00", 4500)):
        fees = table(due_maximum=limit)
        prices = [PricedPeriod(before, 1, fees, facts(900_000)), PricedPeriod(after, 1, fees, facts(500_000))]
        assert charged(prices, eaten, Month(2026, 11)) == [cents]


def test_two_acts_in_a_month_have_each_its_limit_by_its_days() -> None:
    """16 November splits 21 days of service into 10 and 11: of 21 euro each act has 10 and 11."""
    before, after = YEAR.split(date(2026, 11, 16))
    fees = table(due_maximum="21.00")
    prices = [PricedPeriod(before, 1, fees, facts(900_000)), PricedPeriod(after, 2, fees, facts(900_000))]
    november = in_month(Month(2026, 11))
    assert charged(prices, november, Month(2026, 11)) == [2100]
    assert charged(prices, [day for day in november if day in after], Month(2026, 11)) == [1100]


def test_free_meals_are_a_credit_of_the_year_taken_in_order() -> None:
    """15 free for an ISEE under 8,000, none above: what one price has used another does not give again."""
    fees = table(free_units={"rows": [{"isee_to": "8000.00", "free_units": 15}]})
    before, after = YEAR.split(date(2026, 10, 12))
    eaten = [*in_month(Month(2026, 9))[:8], *in_month(Month(2026, 10))[:10]]
    poor = [PricedPeriod(before, 1, fees, facts(500_000)), PricedPeriod(after, 1, fees, facts(700_000))]
    assert [charged(poor, eaten, Month(2026, number)) for number in (9, 10)] == [[0], [3 * 200]]
    late = [PricedPeriod(before, 1, fees, facts(900_000)), PricedPeriod(after, 1, fees, facts(500_000))]
    assert [charged(late, eaten, Month(2026, number)) for number in (9, 10)] == [[8 * 500], [7 * 500]]


AMOUNTS = st.integers(0, 9000).map(lambda cents: Money(cents).as_decimal_string())
LIMITED = st.one_of(
    st.fixed_dictionaries({"due_maximum": AMOUNTS}),
    st.fixed_dictionaries({"due_minimum": AMOUNTS}),
    st.integers(0, 60).map(lambda free: {"free_units": {"rows": [{"isee_to": "9000.00", "free_units": free}]}}),
    st.tuples(AMOUNTS, st.integers(0, 40)).map(
        lambda two: {"due_maximum": two[0], "free_units": {"rows": [{"isee_to": "9000.00", "free_units": two[1]}]}}
    ),
)


@settings(deadline=None, max_examples=60)
@given(
    limits=st.tuples(LIMITED, LIMITED),
    changes=st.lists(st.sampled_from(WEEKDAYS), unique=True, max_size=3).map(sorted),
    isee=st.lists(st.integers(0, 1_500_000), min_size=4, max_size=4),
    editions=st.lists(st.integers(0, 1), min_size=4, max_size=4).map(sorted),
    eaten=st.sets(st.sampled_from(WEEKDAYS), min_size=1),
)
def test_what_is_charged_is_what_was_simulated(
    limits: tuple[dict[str, Any], dict[str, Any]],
    changes: list[date],
    isee: list[int],
    editions: list[int],
    eaten: set[date],
) -> None:
    """Every day eaten, as the simulation plans it: month by month the same cents. Fewer meals never cost more."""
    tables = [table(**one) for one in limits]
    periods = [DateRange(one, two) for one, two in pairwise([YEAR.start, *changes, date(2027, 9, 1)])]
    parts = [(period, editions[at], facts(isee[at])) for at, period in enumerate(periods)]
    prices = [PricedPeriod(period, edition, tables[edition], known) for period, edition, known in parts]
    pieces = [(period, Decided(edition, known, price(tables[edition], known))) for period, edition, known in parts]
    planned = dues_of_year(pieces, dict(enumerate(tables)), WEEKDAYS)
    for month in MONTHS:
        simulated = sum(one.amount.cents for one in planned if Month.of(one.first_day) == month)
        assert sum(charged(prices, WEEKDAYS, month)) == simulated
        fewer = sum(charged(prices, [day for day in WEEKDAYS if day in eaten], month))
        assert 0 <= fewer <= simulated
