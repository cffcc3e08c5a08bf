"""What a child pays follows from the table alone, and each step of it is told."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services_catalog.fee_table import FeeTable
from services_catalog.reading import from_builtins
from sportello.fees.rules import (
    Facts,
    NoBandForIsee,
    NoCostForLevel,
    Pricer,
    SeveralBandsForIsee,
    price,
    price_many,
)
from sportello.kernel.money import Money
from tests.factories.editions import BANDS

EXEMPT = {"kind": "exemption", "condition": "social_services"}
SIBLINGS = {
    "kind": "sibling_discounts",
    "rows": [{"rank_from": 2, "rank_to": 2, "discount_percent": 25}, {"rank_from": 3, "discount_percent": 100}],
}


def table(**parts: Any) -> FeeTable:
    return from_builtins({"unit": {"kind": "meal"}, "base": BANDS, **parts}, FeeTable)


def cents(facts: Facts, **parts: Any) -> int:
    return price(table(**parts), facts).amount.cents


def primary(isee: int | None = 1500000, **facts: Any) -> Facts:
    return Facts(level="primaria", isee_cents=isee, **facts)


def test_the_bounds_of_a_band_belong_to_it() -> None:
    assert [cents(primary(isee)) for isee in (0, 600000, 600001, 1250000, 1250001)] == [0, 0, 190, 190, 300]


def test_without_an_isee_the_top_band_counts_and_the_step_says_why() -> None:
    found = price(table(), primary(None))
    assert found.amount == Money(300)
    assert found.steps[0].params["reason"] == "missing"


def test_a_non_resident_pays_the_top_band_only_where_the_act_says_so() -> None:
    assert cents(primary(0, resident=False)) == 0
    assert cents(primary(0, resident=False), isee={"non_resident": "top_band"}) == 300


def test_each_step_tells_before_after_and_where_the_rule_stands() -> None:
    found = price(table(reductions=[EXEMPT, SIBLINGS]), primary(sibling_rank=2, children_using=2))
    assert [(step.code, step.before_cents, step.after_cents, step.place) for step in found.steps] == [
        ("band", None, 300, "fees.base.bands[2]"),
        ("sibling_discount", 300, 225, "fees.reductions[1].rows[0]"),
    ]


def test_an_exemption_leaves_nothing_to_reduce() -> None:
    facts = primary(sibling_rank=2, children_using=2, conditions=frozenset({"social_services"}))
    found = price(table(reductions=[EXEMPT, SIBLINGS], minimum="0.50"), facts)
    assert [step.code for step in found.steps] == ["band", "exemption"]
    assert found.amount == Money(0)


def test_an_exemption_may_have_an_isee_limit_of_its_own() -> None:
    limited = {**EXEMPT, "isee_to": "8000.00"}
    held = frozenset({"social_services"})
    assert cents(primary(800000, conditions=held), reductions=[limited]) == 0
    assert cents(primary(800001, conditions=held), reductions=[limited]) == 190
    assert cents(primary(None, conditions=held), reductions=[limited]) == 300


def test_a_sibling_reduction_may_hold_in_one_band_only() -> None:
    only = {"kind": "sibling_discounts", "isee_from": "12500.01", "rows": [{"rank_from": 2, "discount_percent": 10}]}
    assert cents(primary(1250001, sibling_rank=2), reductions=[only]) == 270
    assert cents(primary(1250000, sibling_rank=2), reductions=[only]) == 190


def test_a_sibling_row_may_want_a_number_of_children() -> None:
    row = {"rank_from": 2, "rank_to": 2, "children_to": 2, "discount_percent": 15}
    steps = [{"kind": "sibling_discounts", "rows": [row]}]
    assert cents(primary(sibling_rank=2, children_using=2), reductions=steps) == 255
    assert cents(primary(sibling_rank=2, children_using=3), reductions=steps) == 300


def test_a_fixed_price_for_siblings_never_costs_more_unless_the_act_says_so() -> None:
    step = {"kind": "sibling_prices", "rows": [{"rank_from": 2, "amount": "2.00"}]}
    assert cents(primary(700000, sibling_rank=2), reductions=[step]) == 190
    assert cents(primary(700000, sibling_rank=2), reductions=[{**step, "only_if_lower": False}]) == 200


def test_a_condition_may_take_another_table() -> None:
    other = [{"condition": "arrears", "base": {"kind": "single_price", "amount": "5.00"}}]
    found = price(table(replacements=other), primary(conditions=frozenset({"arrears"})))
    assert [step.code for step in found.steps] == ["replacement", "single_price"]
    assert found.amount == Money(500)


def test_rounding_minimum_and_maximum_come_last() -> None:
    half = [{"kind": "condition_discount", "condition": "social_services", "discount_percent": 50}]
    held = primary(700000, conditions=frozenset({"social_services"}))
    assert cents(held, reductions=half) == 95
    assert cents(held, reductions=half, round_to="0.10") == 100
    assert cents(held, reductions=half, minimum="1.50") == 150
    assert cents(primary(), maximum="2.80") == 280


def test_a_block_says_how_many_meals_it_holds() -> None:
    found = price(table(unit={"kind": "block", "meals": 21}), primary())
    assert (found.unit, found.block_meals) == ("block", 21)


def test_a_hole_and_an_overlap_are_never_guessed() -> None:
    rows = [{"isee_to": "3500", "amount": "1"}, {"isee_from": "3501", "amount": "2"}]
    with pytest.raises(NoBandForIsee, match=r"3\.500,50"):
        cents(primary(350050), base={"kind": "flat_bands", "bands": rows})
    rows[1]["isee_from"] = "3000"
    with pytest.raises(SeveralBandsForIsee):
        cents(primary(320000), base={"kind": "flat_bands", "bands": rows})


def test_a_level_without_a_cost_is_never_guessed() -> None:
    costs = [{"level": "infanzia", "unit_cost": "4.67"}]
    base = {"kind": "cost_share", "unit_costs": costs, "bands": [{"share_percent": 100}]}
    with pytest.raises(NoCostForLevel):
        cents(primary(), base=base)


FACTS = st.builds(
    Facts,
    level=st.just("primaria"),
    isee_cents=st.one_of(st.none(), st.integers(0, 3_000_000)),
    sibling_rank=st.integers(1, 6),
    children_using=st.integers(1, 6),
    conditions=st.sets(st.sampled_from(["social_services"])).map(frozenset),
    resident=st.booleans(),
)
WHOLE = table(reductions=[EXEMPT, SIBLINGS], minimum="0.20", maximum="2.90", isee={"non_resident": "top_band"})


@given(st.lists(FACTS, max_size=30))
def test_many_prices_are_the_single_ones_in_order(many: list[Facts]) -> None:
    assert price_many(WHOLE, many) == [price(WHOLE, one) for one in many]


@given(FACTS)
def test_the_steps_are_a_chain_that_ends_at_the_price(facts: Facts) -> None:
    found = price(WHOLE, facts)
    assert found.steps[0].before_cents is None
    for before, after in zip(found.steps, found.steps[1:], strict=False):
        assert after.before_cents == before.after_cents
    assert found.steps[-1].after_cents == found.amount.cents >= 0


def test_children_alike_in_all_that_matters_are_worked_out_once() -> None:
    many = [primary(isee * 137 % 3_000_000, sibling_rank=1 + isee % 3) for isee in range(20_000)]
    pricer = Pricer(WHOLE)
    assert len({id(pricer.price(one)) for one in many}) == 9  # three bands by three ranks
