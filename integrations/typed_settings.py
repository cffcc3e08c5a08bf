"""Settings of an adapter: a frozen struct says which there are; what is wrong in them is told at its place."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import msgspec
import tomli_w
from msgspec import inspect

from sportello.kernel.structs import StructInvalid, read_struct, read_toml_text


class SettingsInvalid(StructInvalid):
    """`place` is a path such as `layout.columns[2].last`; `nearest` the known word most like the one written."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of every adapter's settings and of what they hold: an unknown key is an error. Heirs are `kw_only`."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a settings struct as a form draws it. `shape`: text, number, yes_no, choice, or toml."""

    name: str
    label: str
    help: str
    shape: str
    required: bool
    choices: tuple[str, ...] = ()


def read_settings[T: msgspec.Struct](data: object, kind: type[T]) -> T:
    """Checks plain data against the struct. Raises SettingsInvalid."""
    return read_struct(data, kind, SettingsInvalid)


def read_toml(text: str) -> dict[str, Any]:
    """TOML as plain data. Raises SettingsInvalid."""
    return read_toml_text(text, SettingsInvalid)


def as_plain(value: msgspec.Struct) -> dict[str, Any]:
    """As a JSON column keeps it."""
    plain: dict[str, Any] = msgspec.to_builtins(value)
    return plain


def as_toml(plain: dict[str, Any]) -> str:
    """As a person edits it; nothing is left of what is null."""
    return tomli_w.dumps(_without_nulls(plain))


def fields_of(kind: type[msgspec.Struct]) -> Iterator[Field]:
    """The fields in the order of the struct, with the labels of their annotations (`msgspec.Meta`)."""
    described = _described(kind)
    for field in described.fields if isinstance(described, inspect.StructType) else ():
        meta, node = _unwrapped(field.type)
        yield Field(
            name=field.encode_name,
            label=meta.get("title", field.encode_name),
            help=meta.get("description", ""),
            shape=_shape(node),
            required=field.required,
            choices=tuple(str(one) for one in node.values) if isinstance(node, inspect.LiteralType) else (),
        )


def _shape(node: inspect.Type) -> str:
    if isinstance(node, inspect.BoolType):
        return "yes_no"
    if isinstance(node, inspect.IntType):
        return "number"
    if isinstance(node, inspect.LiteralType):
        return "choice"
    return "text" if isinstance(node, inspect.StrType) else "toml"


def _unwrapped(node: inspect.Type) -> tuple[dict[str, Any], inspect.Type]:
    meta: dict[str, Any] = {}
    while isinstance(node, inspect.Metadata):
        meta |= node.extra_json_schema or {}
        node = node.type
    return meta, node


@cache
def _described(kind: type[msgspec.Struct]) -> inspect.Type:
    return inspect.type_info(kind)


def _without_nulls(value: Any) -> Any:  # Any: a tree of plain data
    if isinstance(value, dict):
        return {key: _without_nulls(one) for key, one in value.items() if one is not None}
    return [_without_nulls(one) for one in value] if isinstance(value, list | tuple) else value
