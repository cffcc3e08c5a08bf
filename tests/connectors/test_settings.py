"""Settings are typed: what is wrong is told at its place, with the word that was probably meant."""

from typing import Any

import pytest

from integrations.registry import adapters_of, kinds
from integrations.tributi.file import FileSettings
from integrations.tributi.mapping import FIXED_160
from integrations.typed_settings import SettingsInvalid, as_plain, as_toml, fields_of, read_settings, read_toml
from tests.connectors.stand_ins import OracleSettings


def refusal(data: dict[str, Any]) -> tuple[str, str | None, str]:
    with pytest.raises(SettingsInvalid) as caught:
        read_settings(data, OracleSettings)
    return caught.value.place, caught.value.nearest, str(caught.value)


def test_a_misspelt_key_is_told_with_the_nearest_one() -> None:
    assert refusal({"address": "x", "secnds": 3}) == (
        "",
        "seconds",
        "/: la chiave «secnds» non esiste. Forse «seconds»?",
    )


def test_a_word_deep_inside_is_told_at_its_place() -> None:
    assert refusal({"address": "x", "columns": [{"name": "code"}, {"name": "anwser"}]}) == (
        "columns[1].name",
        "answer",
        "columns[1].name: il valore «anwser» non è fra quelli ammessi. Forse «answer»?",
    )
    assert refusal({"address": "x", "columns": [{"name": "code", "widht": 2}]})[:2] == ("columns[0]", "width")


def test_a_missing_key_and_a_number_out_of_range_are_told() -> None:
    assert refusal({})[2] == "/: manca la chiave «address»."
    assert refusal({"address": "x", "seconds": 0})[0] == "seconds"


def test_one_of_two_layouts_is_told_by_its_form() -> None:
    plain = {"legal_basis": "Regolamento, articolo 1", "layout": {"form": "fixd", "columns": []}}
    with pytest.raises(SettingsInvalid) as caught:
        read_settings(plain, FileSettings)
    assert (caught.value.place, caught.value.nearest) == ("layout.form", "fixed")


def test_a_form_is_drawn_from_the_fields() -> None:
    drawn = [(one.name, one.label, one.help, one.shape, one.required) for one in fields_of(OracleSettings)]
    assert drawn == [
        ("address", "Indirizzo", "Dove sta.", "text", True),
        ("seconds", "Attesa", "", "number", False),
        ("quiet", "quiet", "", "yes_no", False),
        ("columns", "columns", "", "toml", False),
    ]


def test_every_field_of_every_adapter_has_a_label_of_its_own() -> None:
    bare = [
        f"{kind}/{adapter.name}.{field.name}"
        for kind in kinds()
        for adapter in adapters_of(kind)
        for field in fields_of(adapter.settings_type)
        if field.label == field.name
    ]
    assert bare == []


def test_a_layout_goes_to_toml_and_back() -> None:
    chosen = FileSettings(legal_basis="Regolamento, articolo 1", layout=FIXED_160)
    assert read_settings(read_toml(as_toml(as_plain(chosen))), FileSettings) == chosen
