"""A mapping as text: TOML for people and files, plain data for the database."""

from typing import Any

import msgspec
import tomli_w

from onboarding.mapping.structs import Layout, Mapping
from sportello.kernel.structs import StructInvalid, read_struct, read_toml_text


class MappingInvalid(StructInvalid):
    """A text is no mapping; the sentence says where and what was probably meant."""


def mapping_text(mapping: Mapping) -> str:
    """TOML that `read_mapping` gives back as the same mapping; what equals its default is left out."""
    plain: dict[str, Any] = msgspec.to_builtins(mapping)
    return tomli_w.dumps(plain)


def read_mapping(text: str) -> Mapping:
    """Raises MappingInvalid."""
    return read_struct(read_toml_text(text, MappingInvalid), Mapping, MappingInvalid)


def layout_data(layout: Layout) -> dict[str, Any]:
    """As a JSON column keeps it."""
    plain: dict[str, Any] = msgspec.to_builtins(layout)
    return plain


def read_layout(data: object) -> Layout:
    """Raises MappingInvalid."""
    return read_struct(data, Layout, MappingInvalid)
