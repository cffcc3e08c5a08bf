"""What holds for every fee table, drawn or printed: order, limits, sign, and the record that stands alone."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from services_catalog.fee_table import FeeTable, SiblingCounting
from services_catalog.lint import lint_fees
from services_catalog.reading import from_builtins
from sportello.fees.dues import due, replay
from sportello.fees.facts import Facts, Use
from sportello.fees.first_child import Ranked, in_order
from sportello.fees.rules import isee_bounds, price
from sportello.kernel.errors import DomainError
from sportello.kernel.money import Money
from tests.fees.reading_tables import names, table_of

EURO = st.integers(0, 60_000).map(lambda cents: Money(cents).as_decimal_string())
PERCENT = st.integers(0, 100)
WHEN = st.fixed_dictionaries(
    {},
    optional={
        "all_of": st.lists(st.sampled_from(["disability", "foster_care"]), max_size=1),
        "resident": st.booleans(),
        "rank_from": st.integers(1, 4),
        "minors_from": st.integers(0, 4),
        "isee_below": st.integers(1, 4_000_000).map(lambda cents: Money(cents).as_decimal_string()),
    },
)
DISCOUNTS = st.fixed_dictionaries({"kind": st.just("discount"), "when": WHEN, "discount_percent": PERCENT})
CUTS = st.fixed_dictionaries({"kind": st.just("discount"), "when": WHEN, "discount_amount": EURO})
EXEMPTIONS = st.fixed_dictionaries({"kind": st.just("exemption"), "when": WHEN})
FIXED = st.fixed_dictionaries({"kind": st.just("fixed_price"), "when": WHEN, "amount": EURO})
SURCHARGES = st.fixed_dictionaries({"kind": st.just("surcharge"), "when": WHEN, "more_percent": PERCENT})
SINGLE = st.one_of(DISCOUNTS, CUTS, EXEMPTIONS, FIXED, SURCHARGES)
SEVERAL = st.fixed_dictionaries(
    {"kind": st.sampled_from(["best_of", "added_up"]), "options": st.lists(SINGLE, min_size=2, max_size=3)}
)
BOUNDS = st.lists(st.integers(1, 4_000_000), unique=True, max_size=5).map(sorted)


@st.composite
def bases(draw: st.DrawFn) -> dict[str, Any]:
    """Bands or lines that cover every ISEE, with amounts that never fall."""
    bounds = draw(BOUNDS)
    starts = [0, *(bound + 1 for bound in bounds)]
    amounts = sorted(draw(st.lists(st.integers(0, 60_000), min_size=len(starts) + 1, max_size=len(starts) + 1)))
    rows = []
    lines = draw(st.booleans())
    for index, start in enumerate(starts):
        row = {"isee_from": text(start)} | ({"isee_to": text(bounds[index])} if index < len(bounds) else {})
        if not lines:
            rows.append(row | {"amount": text(amounts[index])})
        else:
            end = {"amount_to": text(amounts[index + 1])} if index < len(bounds) else {}
            rows.append(row | {"amount_from": text(amounts[index])} | end)
    return {"kind": "piecewise_linear", "segments": rows} if lines else {"kind": "flat_bands", "bands": rows}


def text(cents: int) -> str:
    return Money(cents).as_decimal_string()


TABLES = st.fixed_dictionaries(
    {
        "unit": st.just({"kind": "month"}),
        "base": bases(),
        "reductions": st.lists(st.one_of(SINGLE, SEVERAL), max_size=3),
        "proration": st.just(
            [
                {"kind": "parts", "counted": "months", "of": 9, "at_least_percent": 30},
                {"kind": "absence_share"},
                {"kind": "each_time", "counted": "days_sick", "amount": "0.70"},
            ]
        ),
        "parts": st.just(
            [{"code": "daily", "unit": {"kind": "day"}, "base": {"kind": "single_price", "amount": "1.11"}}]
        ),
        "round_to": st.sampled_from(["0.01", "0.05", "1.00"]),
        "rounding": st.sampled_from(["half_up", "down", "up"]),
    },
    optional={"maximum": EURO, "due_maximum": EURO},
).map(lambda content: from_builtins(content, FeeTable))
FACTS = st.builds(
    Facts,
    level=st.sampled_from(["nido", "infanzia", "primaria"]),
    isee_cents=st.one_of(st.none(), st.integers(0, 5_000_000)),
    sibling_rank=st.integers(1, 5),
    children_using=st.integers(1, 5),
    conditions=st.sets(st.sampled_from(["disability", "foster_care"])).map(frozenset),
    resident=st.booleans(),
    minors=st.integers(0, 5),
)
USES = st.builds(
    lambda units, months, present, absent, sick: Use(
        units=units,
        counts={
            "months": months,
            "days_present": present,
            "days_absent": absent,
            "days_sick": sick,
            "days_of_service": 22,
        },
        month=10,
    ),
    st.integers(0, 30),
    st.integers(0, 12),
    st.integers(0, 31),
    st.integers(0, 31),
    st.integers(0, 31),
)


@settings(max_examples=200, deadline=None)
@given(TABLES, FACTS, USES)
def test_what_is_due_is_never_negative_never_above_its_caps_and_can_be_worked_out_again(
    table: FeeTable, facts: Facts, use: Use
) -> None:
    found = due(table, facts, use)
    assert found.amount.cents >= 0
    assert all(step.after_cents >= 0 for step in found.all_steps())
    assert table.maximum is None or found.parts[0].price.amount <= table.maximum
    assert table.due_maximum is None or found.amount <= table.due_maximum
    assert replay(found) == found.amount


@settings(max_examples=150, deadline=None)
@given(bases(), st.integers(0, 5_000_000), st.integers(0, 5_000_000))
def test_a_base_that_never_falls_gives_no_less_to_who_has_more(base: dict[str, Any], one: int, other: int) -> None:
    table = from_builtins({"unit": {"kind": "month"}, "base": base, "never_falls": True}, FeeTable)
    low, high = sorted((one, other))
    assert price(table, Facts(level="", isee_cents=low)).amount <= price(table, Facts(level="", isee_cents=high)).amount
    assert price(table, Facts(level="", isee_cents=high)).amount <= price(table, Facts(level="")).amount


RISING = [name for name in names() if table_of(name).fees.never_falls]


@pytest.mark.parametrize("name", RISING)
@settings(max_examples=60, deadline=None)
@given(facts=FACTS, drawn=st.data())
def test_a_printed_table_that_never_falls_never_does(name: str, facts: Facts, drawn: st.DataObject) -> None:
    """Where it has an answer for both: the linter has asked about its holes. Often on either side of a bound."""
    table = table_of(name).fees
    beside = [(bound - 1, bound) for bound in sorted(isee_bounds(table)) if bound] or [(0, 1)]
    anywhere = st.tuples(st.integers(0, 5_000_000), st.integers(0, 5_000_000))
    one, other = drawn.draw(st.one_of(st.sampled_from(beside), anywhere))
    facts = replace(facts, conditions=frozenset())
    low, high = (amount(table, replace(facts, isee_cents=isee)) for isee in sorted((one, other)))
    assume(low is not None and high is not None)
    assert low is not None
    assert high is not None
    assert 0 <= low <= high


def amount(table: FeeTable, facts: Facts) -> int | None:
    try:
        return price(table, facts).amount.cents
    except DomainError:
        return None


CHILDREN = st.lists(
    st.builds(
        Ranked,
        child_id=st.integers(1, 99),
        birth_date=st.one_of(st.none(), st.dates()),
        service=st.sampled_from(["mensa", "nido"]),
        alone_cents=st.integers(0, 3),
    ),
    unique_by=lambda child: child.child_id,
    max_size=6,
)
COUNTING = st.fixed_dictionaries(
    {
        "order": st.sampled_from(["eldest_first", "youngest_first", "dearest_first", "cheapest_first"]),
        "services": st.sampled_from([[], ["nido"], ["mensa", "nido"]]),
    }
).map(lambda setting: from_builtins(setting, SiblingCounting))


@given(CHILDREN, COUNTING, st.randoms(use_true_random=False))
def test_the_first_child_does_not_depend_on_the_order_in_which_children_are_given(
    children: list[Ranked], counting: SiblingCounting, random: Any
) -> None:
    shuffled = random.sample(children, len(children))
    assert in_order(children, counting) == in_order(shuffled, counting)


@settings(max_examples=100, deadline=None)
@given(bases(), st.lists(SINGLE, min_size=2, max_size=3), FACTS, st.randoms(use_true_random=False))
def test_reductions_that_compete_or_add_up_do_not_depend_on_their_order(
    base: dict[str, Any], options: list[dict[str, Any]], facts: Facts, random: Any
) -> None:
    shuffled = random.sample(options, len(options))
    for kind in ("best_of", "added_up"):
        amounts = {
            price(
                from_builtins(
                    {"unit": {"kind": "month"}, "base": base, "reductions": [{"kind": kind, "options": some}]}, FeeTable
                ),
                facts,
            ).amount
            for some in (options, shuffled)
        }
        if kind == "best_of" or not any(option["kind"] == "surcharge" for option in options):
            assert len(amounts) == 1


@settings(max_examples=100, deadline=None)
@given(TABLES)
def test_tables_without_holes_are_asked_about_none(table: FeeTable) -> None:
    assert {found.code for found in lint_fees(table)} & {"gap", "overlap", "no_top_band", "amount_falls"} == set()
