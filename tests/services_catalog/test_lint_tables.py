"""What the linter asks about the tables that were really printed, and about what none of them printed."""

from typing import Any

import pytest

from services_catalog.fee_table import FeeTable
from services_catalog.lint import Severity, errors_of, lint_fees, lint_table
from services_catalog.reading import from_builtins
from tests.fees.reading_tables import names, table_of

ASKED = {
    "bari_trasporto_2021_22": ["sibling_hole"],
    "bitonto_mensa_2021": ["gap", "sibling_hole"],
    "bologna_free_meals_credit": ["cents_boundary"],
    "castelbuono_mensa_level_x_isee": ["gap", "cents_boundary"],
    "fasano_mensa": ["column_gap"],
    "fasano_trasporto": ["percent_disagrees", "percent_disagrees"],
    "progressive_2026": ["sibling_hole"],
    "ravenna_nido_linear": ["line_breaks", "line_breaks"],
    "rubiera_nido": ["cents_boundary"],
    "terlizzi_mensa_block21": ["no_top_band"],
    "torino_mensa_fixed_plus_meal": ["gap", "no_top_band", "jump", "percent_disagrees"],
    "trani_mensa_2016": ["gap"] * 5,
    "uras_mensa_2024_25": ["overlap", *["gap"] * 7, "printed_differs"],
}


@pytest.mark.parametrize("name", names())
def test_a_printed_table_is_asked_about_what_is_odd_in_it_and_nothing_else(name: str) -> None:
    assert [found.code for found in lint_fees(table_of(name).fees)] == ASKED.get(name, [])


def test_the_questions_name_the_figures() -> None:
    words = {name: [found.message for found in lint_table(table_of(name).fees)] for name in ASKED}
    assert (
        "Manca la fascia da 6.000,00 € a 6.000,00 €: quanto paga chi ha un ISEE in mezzo?"
        in (words["castelbuono_mensa_level_x_isee"])
    )
    assert (
        "Manca la fascia da 3.500,01 € a 3.500,99 €: quanto paga chi ha un ISEE in mezzo?"
        in (words["trani_mensa_2016"])
    )
    assert any("fa 2,86 €, ma è stampato 2,85 €" in sentence for sentence in words["uras_mensa_2024_25"])
    assert any("farebbe 17,50 €, ma è stampato 17,00 €" in sentence for sentence in words["fasano_trasporto"])
    assert any(
        "farebbe 37,40 €, ma è stampato 37,00 €" in sentence for sentence in words["torino_mensa_fixed_plus_meal"]
    )
    assert any("a 4.500,01 €, porta da 0,00 € a 30,00 €" in sentence for sentence in words["ravenna_nido_linear"])
    assert any("rank=3" in sentence for sentence in words["fasano_mensa"])


def test_the_slip_of_a_printer_makes_two_bands_overlap() -> None:
    """Bologna prints "from 5,000" for 15,000: as printed, two bands hold from 5,000 to 14,999.99."""
    rows = [
        {"isee_to": "7999.99", "free_units": 37},
        {"isee_from": "8000.00", "isee_to": "14999.99", "free_units": 25},
        {"isee_from": "5000.00", "isee_to": "24999.99", "free_units": 15},
    ]
    found = lint_fees(table(free_units={"rows": rows}))
    assert [one.code for one in errors_of(found)] == ["overlap", "overlap"]


def table(**parts: Any) -> FeeTable:
    base = {"kind": "flat_bands", "bands": [{"isee_to": "1", "amount": "1"}, {"isee_from": "1.01", "amount": "2"}]}
    return from_builtins({"unit": {"kind": "meal"}, "base": base, **parts}, FeeTable)


SAME = {"kind": "exemption", "condition": "disability"}
SIBLINGS = {
    "kind": "sibling_discounts",
    "rows": [{"rank_from": 2, "discount_percent": 10}, {"rank_from": 3, "discount_percent": 20}],
}
SLOPE = {"kind": "excess_slope", "percent_of_excess": 1, "lowest": "20.00", "highest": "80.00"}
LINE = {"kind": "piecewise_linear", "segments": [{"amount_from": "3.00"}]}
CELLS = {
    "kind": "matrix",
    "columns": [{"code": "a", "when": {"rank_to": 1}}, {"code": "b", "when": {"rank_from": 2}}],
    "rows": [{"amounts": ["4.00", "3.00"]}],
}
OTHER = {"condition": "arrears", "base": {"kind": "single_price", "amount": "3.00"}}


@pytest.mark.parametrize(
    ("parts", "code", "place"),
    [
        ({"reductions": [SAME, SAME]}, "unreachable", "fees.reductions[1]"),
        ({"reductions": [{"kind": "exemption", "when": {}}, SAME]}, "unreachable", "fees.reductions[1]"),
        ({"reductions": [SIBLINGS]}, "unreachable", "fees.reductions[0].rows[1]"),
        ({"replacements": [OTHER, OTHER]}, "unreachable", "fees.replacements[1]"),
        ({"maximum": "1.50"}, "unreachable", "fees.base.bands[1]"),
        (
            {
                "proration": [
                    {
                        "kind": "count_steps",
                        "counted": "days_present",
                        "rows": [{"count_to": 5, "discount_percent": 50}, {"count_from": 4, "discount_percent": 10}],
                    }
                ]
            },
            "count_overlap",
            "fees.proration[0].rows[1]",
        ),
        ({"base": {"kind": "excess_slope", "percent_of_excess": 1}}, "no_amount_without_isee", "fees.base"),
        (
            {
                "instalments": [
                    {"code": "a", "due_on": "2027-01-31", "share_percent": 50},
                    {"code": "b", "due_on": "2026-10-31", "share_percent": 50},
                ]
            },
            "instalments_order",
            "fees.instalments",
        ),
        *(
            (
                {"instalments": [one, {"code": "a", "due_on": "2026-10-31", "share_percent": 50, **other}]},
                "instalments_twice",
                "fees.instalments[1]",
            )
            for one in [{"code": "a", "due_on": "2026-10-31", "share_percent": 50}]
            for other in [{"code": "b"}, {"due_on": "2026-12-31"}]
        ),
        (
            {
                "isee": {
                    "windows": [
                        {"first": "09-01", "last": "09-30", "starts": "09-01"},
                        {"first": "09-30", "last": "10-31", "starts": "10-01"},
                    ]
                }
            },
            "windows_overlap",
            "fees.isee.windows[1]",
        ),
        ({"base": SLOPE, "maximum": "25.00"}, "unreachable", "fees.base.highest"),
        ({"base": LINE, "maximum": "2.50"}, "unreachable", "fees.base.segments[0]"),
        ({"base": CELLS, "maximum": "2.50"}, "unreachable", "fees.base.rows[0]"),
        ({"base": {"kind": "single_price", "amount": "3.00"}, "maximum": "2.50"}, "unreachable", "fees.base"),
    ],
)
def test_what_nobody_can_reach_is_asked_about(parts: dict[str, Any], code: str, place: str) -> None:
    assert [(found.code, found.place) for found in lint_fees(table(**parts))] == [(code, place)]


def test_a_fall_is_an_error_where_the_comune_said_that_it_never_falls() -> None:
    falling = [{"isee_to": "1", "amount": "3"}, {"isee_from": "1.01", "amount": "2"}]
    lines = [
        {"isee_to": "9", "amount_from": "3", "amount_to": "2"},
        {"isee_from": "9.01", "amount_from": "1"},
    ]
    for base, falls in (
        ({"kind": "flat_bands", "bands": falling}, 1),
        ({"kind": "piecewise_linear", "segments": lines}, 2),
    ):
        assert [one.code for one in lint_fees(table(base=base))] == ["amount_falls"] * falls
        assert errors_of(lint_fees(table(base=base))) == []
        assert len(errors_of(lint_fees(table(base=base, never_falls=True)))) == falls


def test_two_columns_for_one_child_are_an_error() -> None:
    columns = [{"code": "a", "when": {"minors_to": 2}}, {"code": "b", "when": {"minors_from": 2}}]
    base = {"kind": "matrix", "columns": columns, "rows": [{"amounts": ["1.00", "2.00"]}]}
    assert [(one.severity, one.code) for one in lint_fees(table(base=base))] == [(Severity.ERROR, "column_overlap")]
