"""A household simulated: the same cents as the engine, as the printed examples, and as the charges of real meals."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services_catalog.fee_table import FeeTable
from services_catalog.reading import from_builtins
from sportello.canteen.month import Month
from sportello.canteen.rules import PricedDays, days_of_opening, meals_by_price
from sportello.fees.cases import Case
from sportello.fees.rules import price
from sportello.fees.simulating import PlannedChild, PlannedHousehold, PlannedService, Simulated, simulate
from sportello.fees.timeline import EditionSpan, IseeSpan
from sportello.kernel.dates import DateRange
from sportello.kernel.errors import DomainError
from sportello.kernel.money import Money
from tests.factories.editions import BANDS
from tests.factories.numbering import YEAR
from tests.fees.reading_tables import cases_of, names, table_of

WHOLE = YEAR.period
WEEKDAYS = tuple(day for day in DateRange(date(2026, 9, 14), date(2027, 6, 5)).days() if day.weekday() < 5)
HALF = {"kind": "sibling_discounts", "rows": [{"rank_from": 2, "discount_percent": 50}]}


def table(**parts: Any) -> FeeTable:
    return from_builtins({"unit": {"kind": "meal"}, "base": BANDS, **parts}, FeeTable)


def service(*tables: FeeTable, from_day: date | None = None) -> PlannedService:
    """One table for the year, or a second one from a day on."""
    periods = [WHOLE] if from_day is None else list(WHOLE.split(from_day))
    spans = [EditionSpan(number, period, one) for number, (period, one) in enumerate(zip(periods, tables, strict=True))]
    return PlannedService("mensa", tuple(spans), WHOLE)


def household(
    children: int = 1, *, cents: int | None = 900_000, days: Sequence[date] = WEEKDAYS, level: str = "primaria",
    conditions: Sequence[str] = (), resident: bool = True,
) -> PlannedHousehold:  # fmt: skip
    one = PlannedChild(level, frozenset(conditions), {"mensa": tuple(days)})
    isee = () if cents is None else (IseeSpan(DateRange(WHOLE.start), cents, (False,)),)
    return PlannedHousehold((one,) * children, isee, resident)


def test_each_month_costs_its_meals_and_the_year_is_their_sum() -> None:
    (one,) = simulate(household(), service(table()))
    october = next(charge for charge in one.charges if charge.first_day == date(2026, 10, 1))
    assert (october.units, october.amount) == (22, Money(22 * 190))
    assert one.total == Money(190 * len(WEEKDAYS))
    assert (one.months, one.monthly) == (10, Money(round(190 * len(WEEKDAYS) / 10)))


def test_brothers_and_sisters_count_as_the_edition_says() -> None:
    eldest = [found.first for found in simulate(household(3), service(table(reductions=[HALF])))]
    assert [one.price.amount.cents for one in eldest if one] == [190, 95, 95]
    youngest = table(reductions=[HALF], siblings={"order": "youngest_first"})
    assert [one.first.price.amount.cents for one in simulate(household(3), service(youngest)) if one.first] == [
        95, 95, 190,
    ]  # fmt: skip


def test_a_sister_at_another_service_counts_only_among_the_minors() -> None:
    alone = PlannedChild("primaria", days={"mensa": WEEKDAYS})
    on_the_bus = PlannedChild("primaria", days={"trasporto": WEEKDAYS})
    both = PlannedHousehold((on_the_bus, alone), household().isee)
    users, minors = table(reductions=[HALF]), table(reductions=[HALF], siblings={"counted": "minors_of_household"})
    found = [simulate(both, service(one))[0].first for one in (users, minors)]
    assert [one.price.amount.cents for one in found if one] == [190, 95]


def test_an_act_that_changes_in_mid_month_changes_the_meals_from_its_day() -> None:
    dearer = table(base={"kind": "single_price", "amount": "5.00"})
    (one,) = simulate(household(), service(table(), dearer, from_day=date(2027, 2, 10)))
    february = [charge for charge in one.charges if charge.first_day.month == 2]
    assert [(charge.units, charge.amount.cents) for charge in february] == [(7, 7 * 190), (13, 13 * 500)]


def test_blocks_are_opened_one_after_the_other() -> None:
    blocks = table(unit={"kind": "block", "meals": 21})
    (one,) = simulate(household(), service(blocks))
    openings = days_of_opening(bought=0, eaten=WEEKDAYS, size_on=lambda _day: 21)
    assert sum(charge.units for charge in one.charges) == len(openings) == -(-len(WEEKDAYS) // 21)
    assert [charge.first_day for charge in one.charges][:2] == openings[:2]
    assert one.total == Money(190 * len(openings))


def test_a_monthly_fee_is_due_each_month_and_a_yearly_one_in_its_instalments() -> None:
    (month,) = simulate(household(), service(table(unit={"kind": "month"})))
    assert ([charge.amount.cents for charge in month.charges], month.total) == ([190] * 10, Money(1900))
    plan = [
        {"code": "first", "due_on": "2026-10-31", "share_percent": 60},
        {"code": "second", "due_on": "2027-02-28", "share_percent": 40},
    ]
    (year,) = simulate(household(), service(table(unit={"kind": "year"}, instalments=plan)))
    assert (year.total, [amount.cents for _part, amount in year.instalments]) == (Money(190), [114, 76])
    (period,) = simulate(household(), service(table(unit={"kind": "period", "months": 4})))
    assert (period.charges[0].units, period.total) == (3, Money(570))


def test_months_in_which_nothing_is_due_cost_nothing() -> None:
    spared = table(unit={"kind": "month"}, proration=[{"kind": "not_due", "months": [9, 6]}])
    (one,) = simulate(household(), service(spared))
    assert [charge.amount.cents for charge in one.charges] == [0, *[190] * 8, 0]


def test_free_meals_are_given_once_and_not_every_month() -> None:
    free = {"rows": [{"isee_to": "10000.00", "free_units": 37}]}
    (one,) = simulate(household(), service(table(free_units=free)))
    assert one.total == Money(190 * (len(WEEKDAYS) - 37))


def test_what_the_table_cannot_say_is_told_and_the_others_have_their_answer() -> None:
    stated = table(base={"kind": "stated_amount", "name": "meal"})
    assert [type(one.failure).__name__ for one in simulate(household(), service(stated))] == ["FactNotGiven"]
    costs = {"kind": "cost_share", "unit_costs": [{"level": "primaria", "unit_cost": "4.00"}]}
    only_primary = table(base=costs | {"bands": [{"share_percent": 50}]})
    infant = PlannedChild("infanzia", days={"mensa": WEEKDAYS})
    pupil = PlannedChild("primaria", days={"mensa": WEEKDAYS})
    found = simulate(PlannedHousehold((infant, pupil), ()), service(only_primary))
    assert [(type(one.failure).__name__, one.total.cents > 0) for one in found] == [
        ("NoCostForLevel", False), ("NoneType", True),
    ]  # fmt: skip


def told_by_facts() -> list[object]:
    """The printed examples whose facts a household can state: children who use the service, the eldest first."""
    return [
        pytest.param(name, case, id=f"{name}-{case.name}")
        for name in names()
        for case in cases_of(name).cases
        if not case.refused and _can_be_stated(table_of(name).fees, case)
    ]


def _can_be_stated(fees: FeeTable, case: Case) -> bool:
    facts, children = case.facts, case.children_using
    plain = facts.isee_state == "attested" and facts.income_cents is None and not facts.amounts
    household_of = {facts.minors, facts.enrolled, facts.members}
    return (
        plain
        and facts.sibling_rank <= children
        and fees.siblings.order == "eldest_first"
        and (not fees.reads_household() or household_of == {children})
    )


def test_most_examples_can_be_stated_by_a_household() -> None:
    assert len(told_by_facts()) > 80


@pytest.mark.parametrize(("name", "case"), told_by_facts())
def test_the_price_is_that_of_the_printed_example(name: str, case: Case) -> None:
    fees, facts = table_of(name).fees, case.facts
    stated = household(
        case.children_using, cents=facts.isee_cents, level=facts.level, conditions=sorted(facts.conditions),
        resident=facts.resident,
    )  # fmt: skip
    found = simulate(stated, service(fees))[facts.sibling_rank - 1]
    assert found.first is not None
    assert found.first.price == price(fees, facts)


@st.composite
def households(draw: st.DrawFn) -> tuple[PlannedHousehold, PlannedService]:
    """One to four children who eat on some days, ISEE that change in the year, two tables of which one follows."""
    starts = sorted(draw(st.lists(st.integers(0, 260), min_size=0, max_size=3, unique=True)))
    spans = tuple(
        IseeSpan(DateRange(WHOLE.start + timedelta(days=start)), draw(st.integers(0, 2_000_000)), (False, start))
        for start in starts
    )
    days = st.lists(st.sampled_from(WEEKDAYS), max_size=60, unique=True).map(lambda some: tuple(sorted(some)))
    children = tuple(PlannedChild("primaria", days={"mensa": draw(days)}) for _number in range(draw(st.integers(1, 4))))
    tables = [
        table(
            base={
                **BANDS,
                "bands": [{"isee_to": "5000.00", "amount": "1.00"}, {"isee_from": "5000.01", "amount": euro}],
            },
            reductions=[{"kind": "sibling_discounts", "rows": [{"rank_from": 2, "discount_percent": percent}]}],
            siblings={"order": draw(st.sampled_from(["eldest_first", "youngest_first", "dearest_first"]))},
        )
        for euro, percent in draw(st.tuples(*[st.tuples(st.sampled_from(["2.37", "3.33"]), st.integers(0, 100))] * 2))
    ]
    change = WHOLE.start + timedelta(days=draw(st.integers(20, 250)))
    return PlannedHousehold(children, spans, draw(st.booleans())), service(*tables, from_day=change)


@given(households())
@settings(max_examples=60, deadline=None)
def test_every_month_is_what_the_close_of_the_month_would_charge(
    drawn: tuple[PlannedHousehold, PlannedService],
) -> None:
    stated, planned = drawn
    for one in simulate(stated, planned):
        eaten = stated.children[one.child].days["mensa"]
        for month in sorted({Month.of(day) for day in eaten}):
            served = sum(1 << (day.day - 1) for day in eaten if Month.of(day) == month)
            prices = [PricedDays(month.mask(held), decided.price.amount.cents) for held, decided in one.prices]
            charged = sum(cents * meals for cents, meals in meals_by_price(served, prices).items())
            assert _of_month(one, month) == charged


@given(households())
@settings(max_examples=30, deadline=None)
def test_a_simulation_is_never_below_nothing_and_says_the_same_twice(
    drawn: tuple[PlannedHousehold, PlannedService],
) -> None:
    stated, planned = drawn
    found = simulate(stated, planned)
    assert simulate(stated, planned) == found
    assert all(charge.amount.cents >= 0 for one in found for charge in one.charges)
    assert all(not isinstance(one.failure, DomainError) for one in found)


def _of_month(one: Simulated, month: Month) -> int:
    return sum(charge.amount.cents for charge in one.charges if Month.of(charge.first_day) == month)
