"""The language is closed, and says where and what when a text is not in it."""

from typing import Any

import pytest

from services_catalog.fee_table import FeeTable
from services_catalog.reading import SchemaError, canonical_json, from_builtins, from_json, from_toml, to_builtins
from services_catalog.schema import EditionContent, PackService
from tests.factories.editions import BANDS, edition_content


def table(**changes: Any) -> dict[str, Any]:
    return {"unit": {"kind": "meal"}, "base": BANDS, **changes}


def refusal(data: dict[str, Any]) -> SchemaError:
    with pytest.raises(SchemaError) as refused:
        from_builtins(data, FeeTable)
    return refused.value


def test_an_unknown_key_is_named_with_its_place_and_its_neighbour() -> None:
    error = refusal(table(base={"kind": "flat_bands", "bands": [{"ise_to": "1.00", "amount": "1.00"}]}))
    assert (error.place, error.nearest) == ("base.bands[0]", "isee_to")
    assert error.message == "base.bands[0]: la chiave «ise_to» non esiste. Forse «isee_to»?"


def test_an_unknown_kind_of_step_is_named_with_its_neighbour() -> None:
    error = refusal(table(base={"kind": "flat_band", "bands": []}))
    assert (error.place, error.nearest) == ("base.kind", "flat_bands")


def test_an_unknown_setting_is_named_with_its_neighbour() -> None:
    error = refusal(table(siblings={"order": "eldest"}))
    assert (error.place, error.nearest) == ("siblings.order", "eldest_first")


@pytest.mark.parametrize(
    ("changes", "place", "words"),
    [
        ({"base": {"kind": "flat_bands", "bands": [{"amount": 1.9}]}}, "base.bands[0].amount", "fra virgolette"),
        ({"base": {"kind": "flat_bands", "bands": [{"amount": "x"}]}}, "base.bands[0].amount", "non è un importo"),
        ({"base": {"kind": "flat_bands", "bands": [{}]}}, "base.bands[0]", "manca la chiave «amount»"),
        ({"base": {"kind": "single_price", "amount": "-1"}}, "base", "non può essere negativo"),
        ({"minimum": "2.00", "maximum": "1.00"}, "/", "«maximum» è più piccolo"),
        (
            {"base": {"kind": "flat_bands", "bands": [{"isee_from": "2", "isee_to": "1", "amount": "1"}]}},
            "base.bands[0]",
            "«isee_to» è più piccolo",
        ),
        (
            {"reductions": [{"kind": "sibling_discounts", "rows": [{"rank_from": 2, "discount_percent": 101}]}]},
            "reductions[0].rows[0]",
            "fra 0 e 100",
        ),
    ],
)
def test_a_wrong_value_is_told_in_italian_with_its_place(changes: dict[str, Any], place: str, words: str) -> None:
    error = refusal(table(**changes))
    assert (error.place or "/") == place
    assert words in error.message


def test_a_condition_that_nobody_declared_is_refused() -> None:
    with pytest.raises(SchemaError, match="«disability» non è dichiarata"):
        edition_content(fees={"reductions": [{"kind": "exemption", "condition": "disability"}]})


def test_a_misspelt_condition_is_told_with_its_place_and_the_nearest_one() -> None:
    declared = [{"code": "disability", "label": {"it": "disabilità"}}]
    options = [{"kind": "discount", "discount_percent": 10}, {"kind": "exemption", "when": {"any_of": ["disabilty"]}}]
    with pytest.raises(SchemaError) as refused:
        edition_content(fees={"reductions": [{"kind": "best_of", "options": options}]}, conditions=declared)
    assert "fees.reductions[0].options[1].when.any_of; forse è «disability»" in refused.value.message


def test_a_level_without_days_is_refused() -> None:
    with pytest.raises(SchemaError, match="secondaria_1"):
        edition_content(audience={"levels": ["primaria", "secondaria_1"]})


def test_the_text_is_neither_json_nor_toml() -> None:
    with pytest.raises(SchemaError, match="non è JSON"):
        from_json("{", EditionContent)
    with pytest.raises(SchemaError, match="non è TOML"):
        from_toml("a = ", PackService)


def test_what_is_written_is_read_back_whatever_the_order() -> None:
    content = edition_content()
    written = to_builtins(content)
    assert from_builtins(written, EditionContent) == content
    shuffled = dict(reversed(list(written.items())))
    assert canonical_json(from_builtins(shuffled, EditionContent)) == canonical_json(content)


def test_the_window_of_a_day_and_the_next_one() -> None:
    late = {"code": "late", "label": {"it": "Tardive"}, "opens": "2026-10-01", "closes": "2026-10-31", "late": True}
    first = {"code": "first", "label": {"it": "Prime"}, "opens": "2026-06-01", "closes": "2026-06-30"}
    content = edition_content(windows=[late, first])
    start = content.windows[1].opens
    assert content.window_on(start) == content.windows[1]
    assert content.window_on(content.windows[0].closes) == content.windows[0]
    assert content.window_on(content.windows[1].closes.replace(month=8)) is None
    assert content.next_window(start) == content.windows[0]
