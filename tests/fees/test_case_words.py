"""A step of an explanation says for whom its rule is, in the words of the table, never by a code."""

from typing import Any

import pytest
from django.utils import translation

from services_catalog.fee_table import FeeTable
from services_catalog.reading import from_builtins
from sportello.fees.case_words import case_words
from sportello.fees.explanation import explain_with
from sportello.fees.facts import Facts
from sportello.fees.rules import price

LABELS = {"disability": "bambino con disabilità"}
SLOPE = {"kind": "excess_slope", "threshold": "5000.00", "percent_of_excess": "1"}
THREE = {"minors_from": 3}
TEN = {"kind": "single_price", "amount": "10.00"}
CHILD = Facts(level="primaria", isee_cents=7_000_00, minors=3, conditions=frozenset({"disability"}), sibling_rank=2)


def told(facts: Facts = CHILD, **parts: Any) -> list[str]:
    table = from_builtins({"unit": {"kind": "month"}, "base": TEN, **parts}, FeeTable)
    with translation.override("it"):
        return [line.text for line in explain_with(price(table, facts).steps, LABELS, table)]


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        (
            {"kind": "discount", "when": THREE, "discount_percent": 10},
            "Riduzione (minori nel nucleo da 3 in su): 10 % in meno, da 10,00 € a 9,00 €",
        ),
        (
            {"kind": "discount", "when": THREE, "discount_amount": "2.00"},
            "Riduzione (minori nel nucleo da 3 in su): 2,00 € in meno, da 10,00 € a 8,00 €",
        ),
        ({"kind": "discount", "discount_percent": 10}, "Riduzione: 10 % in meno, da 10,00 € a 9,00 €"),
        (
            {"kind": "fixed_price", "when": {"all_of": ["disability"]}, "amount": "4.00"},
            "Prezzo fisso (bambino con disabilità): da 10,00 € a 4,00 €",
        ),
        (
            {"kind": "surcharge", "when": {"levels": ["primaria"]}, "more_percent": 10},
            "Maggiorazione (scuola primaria): 10 % in più, da 10,00 € a 11,00 €",
        ),
        ({"kind": "exemption", "when": {"isee_to": "9000.00"}}, "Esenzione (ISEE fino a 9.000,00 €): non si paga"),
        ({"kind": "exemption", "when": {"all_of": ["disability"]}}, "Esenzione (bambino con disabilità): non si paga"),
    ],
)
def test_a_reduction_names_its_reason(step: dict[str, Any], sentence: str) -> None:
    assert told(reductions=[step])[1:] == [sentence]


def test_a_cell_names_the_children_of_its_column() -> None:
    columns = [{"code": "a", "when": {"rank_to": 1}}, {"code": "b", "when": {"levels": ["primaria"], "rank_from": 2}}]
    base = {"kind": "matrix", "columns": columns, "rows": [{"amounts": ["1.00", "2.00"]}]}
    words = "scuola primaria, figlio numero da 2 in su: 2,00 €"
    assert told(base=base) == [f"Fascia ISEE da 0,00 € in su, {words}"]
    other = {"when": THREE, "base": base}
    assert told(replacements=[other]) == [
        "Si applica un'altra tariffa (minori nel nucleo da 3 in su)",
        f"Fascia ISEE da 0,00 € in su, {words}",
    ]


def test_an_option_and_a_part_name_theirs() -> None:
    best = {"kind": "best_of", "options": [{"kind": "discount", "when": THREE, "discount_percent": 10}] * 2}
    assert told(reductions=[best])[1].startswith("Riduzione (minori nel nucleo da 3 in su)")
    table = from_builtins({"unit": {"kind": "month"}, "base": TEN, "shifts": [{"when": THREE}]}, FeeTable)
    assert case_words(table, "fees.shifts[0]", LABELS)
    assert case_words(table, "fees.shifts[7]", LABELS) == case_words(table, "fees.nothing[0].x", LABELS) == ""


@pytest.mark.parametrize(
    ("ends", "sentence"),
    [
        ({}, "1 % dell'ISEE oltre 5.000,00 €: 20,00 €"),
        ({"lowest": "5.00"}, "5,00 €, più 1 % dell'ISEE oltre 5.000,00 €: 25,00 €"),
        (
            {"lowest": "5.00", "highest": "12.00"},
            "5,00 €, più 1 % dell'ISEE oltre 5.000,00 €, ma non oltre il massimo: 12,00 €",
        ),
    ],
)
def test_a_slope_tells_where_it_starts_and_where_it_ends(ends: dict[str, Any], sentence: str) -> None:
    assert told(base={**SLOPE, **ends}) == [sentence]
