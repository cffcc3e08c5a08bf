"""What only prices show of a table: falls that its reductions make, and steps that change no price."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services_catalog.fee_table import FeeTable
from services_catalog.lint import errors_of, lint
from services_catalog.reading import from_builtins
from sportello.fees.facts import Facts
from sportello.fees.lint_prices import price_findings
from sportello.fees.rules import price
from tests.factories.editions import edition_content
from tests.fees.reading_tables import names, table_of

BANDS = {
    "kind": "flat_bands",
    "bands": [{"isee_to": "6000.00", "amount": "20.00"}, {"isee_from": "6000.01", "amount": "30.00"}],
}
MORE_FOR_THE_RICHER = {
    "kind": "isee_discounts",
    "rows": [{"isee_to": "4000.00", "discount_percent": 10}, {"isee_from": "4000.01", "discount_percent": 50}],
}
SECOND = {"kind": "discount", "when": {"rank_from": 2}, "discount_percent": 10}


def table(**parts: Any) -> FeeTable:
    return from_builtins({"unit": {"kind": "month"}, "base": BANDS, **parts}, FeeTable)


def asked(**parts: Any) -> list[tuple[str, str, str]]:
    found = price_findings(table(**parts), {"disability": "bambino con disabilità"})
    return [(one.severity.value, one.code, one.place) for one in found]


ASKED = {"campi_bisenzio_mensa": [("amount_falls", "fees.reductions[0].rows[0]")]}
"""Ten per cent less for the second child, but only from 10,000.01 on: who has a cent more pays less."""


@pytest.mark.parametrize("name", names())
def test_a_printed_table_is_asked_about_what_is_odd_in_its_prices_and_nothing_else(name: str) -> None:
    found = price_findings(table_of(name).fees, {})
    assert [(one.code, one.place) for one in found] == ASKED.get(name, [])


@pytest.mark.parametrize(("never_falls", "severity"), [(True, "error"), (False, "warning")])
def test_a_fall_that_a_reduction_makes_is_an_error_where_the_table_says_it_never_falls(
    never_falls: bool, severity: str
) -> None:
    reductions = [MORE_FOR_THE_RICHER, {"kind": "exemption", "when": {"isee_above": "50000.00"}}]
    assert asked(reductions=reductions, never_falls=never_falls) == [
        (severity, "amount_falls", "fees.reductions[0].rows[1]"),
        (severity, "amount_falls", "fees.reductions[1]"),
    ]


def test_the_question_names_the_child_and_the_figures() -> None:
    step = {"kind": "exemption", "when": {"all_of": ["disability"], "minors_from": 3, "isee_from": "9000.00"}}
    (found,) = price_findings(table(reductions=[step]), {"disability": "bambino con disabilità"})
    assert found.message == (
        "Bambino con disabilità, minori nel nucleo da 3 in su: da 9.000,00 € di ISEE si paga meno di prima "
        "(0,00 € invece di 30,00 €): è voluto?"
    )


def test_a_fall_for_who_another_tariff_is_for_is_found() -> None:
    other = {"when": {"isee_above": "9000.00", "resident": True}, "base": {"kind": "single_price", "amount": "5.00"}}
    assert asked(replacements=[other]) == [("warning", "amount_falls", "fees.replacements[0].base")]


def test_a_fall_in_a_further_part_is_found() -> None:
    part = {"code": "days", "unit": {"kind": "day"}, "base": BANDS, "reductions": [MORE_FOR_THE_RICHER]}
    assert asked(parts=[part]) == [("warning", "amount_falls", "fees.parts[0].reductions[0].rows[1]")]


def test_what_the_catalogue_asks_is_not_asked_twice() -> None:
    falling = {
        **BANDS,
        "bands": [{"isee_to": "6000.00", "amount": "40.00"}, {"isee_from": "6000.01", "amount": "30.00"}],
    }
    assert asked(base=falling, reductions=[SECOND]) == []
    assert asked(reductions=[SECOND, SECOND]) == []  # the second is written twice: "unreachable"


@pytest.mark.parametrize(
    ("parts", "place"),
    [
        ({"reductions": [{**SECOND, "when": {"isee_to": "1.00", "isee_above": "3000.00"}}]}, "fees.reductions[0]"),
        (
            {"reductions": [{"kind": "sibling_prices", "rows": [{"rank_from": 2, "amount": "99.00"}]}]},
            "fees.reductions[0].rows[0]",
        ),
        (
            {
                "replacements": [
                    {"when": {"resident": False}, "base": {"kind": "single_price", "amount": "90.00"}},
                    {"when": {"resident": False, "rank_from": 2}, "base": {"kind": "single_price", "amount": "9.00"}},
                ]
            },
            "fees.replacements[1]",
        ),
        (
            {
                "reductions": [
                    {
                        "kind": "best_of",
                        "options": [
                            {"kind": "discount", "discount_percent": 20},
                            {"kind": "discount", "when": {"children_from": 3}, "discount_percent": 10},
                        ],
                    }
                ]
            },
            "fees.reductions[0].options[1]",
        ),
        (
            {"base": {"kind": "single_price", "amount": "9.00"}, "shifts": [{"when": {"minors_from": 3}}]},
            "fees.shifts[0]",
        ),
        (
            {"minimum": "30.00", "maximum": "30.00", "shifts": [{"when": {"minors_from": 3}, "not_last": True}]},
            "fees.shifts[0]",
        ),
    ],
)
def test_a_step_that_changes_no_price_is_asked_about(parts: dict[str, Any], place: str) -> None:
    assert asked(**parts) == [("warning", "no_effect", place)]


@pytest.mark.parametrize(
    "reductions",
    [
        [{"kind": "exemption", "when": {"resident": True}}, SECOND],  # for who lives elsewhere
        [{"kind": "exemption", "when": {"none_of": ["disability"]}}, SECOND],  # for disabled children
        [{"kind": "exemption", "when": {"levels": ["nido"]}}, {**SECOND, "when": {"levels": ["nido", "infanzia"]}}],
        [
            {
                "kind": "isee_discounts",
                "rows": [
                    {"isee_to": "4000.00", "discount_percent": 5},
                    {"isee_from": "4000.01", "discount_percent": 0},
                ],
            }
        ],
    ],
)
def test_a_step_that_some_child_meets_is_left_alone(reductions: list[dict[str, Any]]) -> None:
    assert [code for _severity, code, _place in asked(reductions=reductions)] == []


def test_a_table_without_amounts_is_asked_nothing() -> None:
    to_confirm = {"kind": "stated_amount", "name": "fee", "to_confirm": True}
    assert asked(base=to_confirm, reductions=[SECOND]) == []


def test_such_a_fall_keeps_an_edition_from_being_put_in_force() -> None:
    fees = {"unit": {"kind": "meal"}, "base": BANDS, "reductions": [MORE_FOR_THE_RICHER], "never_falls": True}
    assert [error.place for error in errors_of(lint(edition_content(fees=fees)))] == ["fees.reductions[0].rows[1]"]


WHEN = st.fixed_dictionaries(
    {},
    optional={
        "all_of": st.sampled_from([[], ["disability"]]),
        "resident": st.booleans(),
        "rank_from": st.integers(1, 3),
        "isee_from": st.sampled_from(["3000.00", "6000.01"]),
        "isee_below": st.sampled_from(["6500.00", "8000.00"]),
    },
)
POINTS = sorted(
    cents + more for cents in (0, 300_000, 600_000, 650_000, 800_000) for more in (0, 1, 2, -1) if cents + more >= 0
)
STEPS = st.lists(
    st.one_of(
        st.fixed_dictionaries({"kind": st.just("exemption"), "when": WHEN}),
        st.fixed_dictionaries(
            {"kind": st.just("discount"), "when": WHEN, "discount_percent": st.sampled_from([10, 50])}
        ),
        st.fixed_dictionaries({"kind": st.just("surcharge"), "when": WHEN, "more_amount": st.just("4.00")}),
    ),
    min_size=1,
    max_size=1,
)


@settings(max_examples=150, deadline=None)
@given(STEPS, st.sampled_from([frozenset(), frozenset({"disability"})]), st.booleans(), st.integers(1, 4))
def test_a_table_without_questions_never_falls(
    reductions: list[dict[str, Any]], conditions: frozenset[str], resident: bool, rank: int
) -> None:
    """Whatever the child: at every ISEE at which something may change, who has more pays no less."""
    drawn = table(reductions=reductions, never_falls=True)
    if any(one.code == "amount_falls" for one in price_findings(drawn, {})):
        return
    child = Facts(level="", conditions=conditions, resident=resident, sibling_rank=rank, children_using=rank)
    found = [price(drawn, replace(child, isee_cents=isee)).amount for isee in POINTS]
    assert found == sorted(found)
