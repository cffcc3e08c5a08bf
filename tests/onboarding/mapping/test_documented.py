"""Every key and every field that a mapping may have stands in the page people read."""

import re
from pathlib import Path

import msgspec

from onboarding.fields import FIELDS
from onboarding.mapping.spoken import SPOKEN
from onboarding.mapping.structs import Column, Control, Layout, Mapping, RecordMark
from onboarding.mapping.texts import read_mapping

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "how-to" / "map-an-export.md").read_text(encoding="utf-8")


def test_every_field_is_in_the_tables() -> None:
    told = set(re.findall(r"`([a-z_]+)`", PAGE))
    assert {field.name for fields in FIELDS.values() for field in fields} - told == set()


def test_every_key_has_an_example() -> None:
    keys = {
        field.name for part in (Mapping, Layout, RecordMark, Column, Control) for field in msgspec.structs.fields(part)
    }
    shown = set(re.findall(r"^([a-z_]+) = ", PAGE, re.MULTILINE)) | set(re.findall(r"`([a-z_]+) = ", PAGE))
    shown |= set(re.findall(r"^\[+(?:layout\.|columns\.)?([a-z]+)\]+", PAGE, re.MULTILINE))
    assert keys - shown == set()


def test_every_field_is_spoken_in_italian() -> None:
    assert {field.name for fields in FIELDS.values() for field in fields} == SPOKEN.keys()


def test_the_examples_are_mappings() -> None:
    """The text of the page is read as it stands: an example that has grown old fails here."""
    blocks = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    text = "\n".join(block for block in blocks).replace("[[controls]]                  # how", "[[controls]] # how")
    mapping = read_mapping(text.replace('of = "due"', 'of = "balance"'))
    assert mapping.columns[0].field == "child_fiscal_code"
    assert mapping.columns[0].values["CEL"] == "medical:celiac"
    assert [control.of for control in mapping.controls] == ["", "balance"]
