"""Settings of an adapter: a frozen struct says which there are; what is wrong in them is told at its place."""

import difflib
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import msgspec
import tomli_w
from msgspec import inspect

from sportello.kernel.errors import DomainError, gettext_noop

_UNKNOWN: Final = re.compile(r"Object contains unknown field `(?P<key>[^`]*)`")
_MISSING: Final = re.compile(r"Object missing required field `(?P<key>[^`]*)`")
_CHOICE: Final = re.compile(r"Invalid (?:enum )?value '(?P<key>[^']*)'")
_PLACE: Final = re.compile(r"^(?P<what>.*?)(?: - at `\$?\.?(?P<place>[^`]*)`)?$", re.DOTALL)
_STEP: Final = re.compile(r"(?P<key>[^.\[\]]+)|\[(?P<index>\d+|\.\.\.)\]")


class SettingsInvalid(DomainError):
    """`place` is a path such as `layout.columns[2].last`; `nearest` the known word most like the one written."""

    def __init__(self, template: str, *, place: str, nearest: str | None = None, **params: object) -> None:
        super().__init__(template, place=place or "/", nearest=nearest, **params)
        self.place = place
        self.nearest = nearest


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
    try:
        return msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        raise _explained(str(error), kind) from error


def read_toml(text: str) -> dict[str, Any]:
    """TOML as plain data. Raises SettingsInvalid."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsInvalid(gettext_noop("Il testo non è TOML: %(detail)s."), place="", detail=error) from error


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


def _explained(message: str, kind: type[msgspec.Struct]) -> SettingsInvalid:
    found = _PLACE.match(message)
    what, place = (found["what"], found["place"] or "") if found else (message, "")
    node = _below(kind, place)
    if unknown := _UNKNOWN.search(what):
        return _misspelt(
            gettext_noop("%(place)s: la chiave «%(key)s» non esiste."),
            gettext_noop("%(place)s: la chiave «%(key)s» non esiste. Forse «%(nearest)s»?"),
            place,
            unknown["key"],
            _keys(node),
        )
    if missing := _MISSING.search(what):
        return SettingsInvalid(gettext_noop("%(place)s: manca la chiave «%(key)s»."), place=place, key=missing["key"])
    if choice := _CHOICE.search(what):
        return _misspelt(
            gettext_noop("%(place)s: il valore «%(key)s» non è fra quelli ammessi."),
            gettext_noop("%(place)s: il valore «%(key)s» non è fra quelli ammessi. Forse «%(nearest)s»?"),
            place,
            choice["key"],
            _words(node),
        )
    return SettingsInvalid(gettext_noop("%(place)s: %(detail)s."), place=place, detail=what.rstrip("."))


def _misspelt(far: str, near: str, place: str, key: str, known: list[str]) -> SettingsInvalid:
    nearest = next(iter(difflib.get_close_matches(key, known, n=1, cutoff=0.5)), None)
    return SettingsInvalid(near if nearest else far, place=place, key=key, nearest=nearest)


@cache
def _described(kind: type[msgspec.Struct]) -> inspect.Type:
    return inspect.type_info(kind)


def _below(kind: type[msgspec.Struct], place: str) -> list[inspect.Type]:
    """What may stand at the place: more than one type where the struct has a choice of forms."""
    nodes = _forms(_described(kind))
    for step in _STEP.finditer(place):
        if step["index"]:
            inner = [node.item_type for node in nodes if isinstance(node, inspect.VarTupleType | inspect.ListType)]
        else:
            inner = [field.type for node in nodes if isinstance(node, inspect.StructType)
                     for field in node.fields if field.encode_name == step["key"]]  # fmt: skip
            if not inner and step["key"] in {node.tag_field for node in nodes if isinstance(node, inspect.StructType)}:
                return nodes
        nodes = [form for node in inner for form in _forms(node)]
    return nodes


def _forms(node: inspect.Type) -> list[inspect.Type]:
    _meta, bare = _unwrapped(node)
    return [form for one in bare.types for form in _forms(one)] if isinstance(bare, inspect.UnionType) else [bare]


def _keys(nodes: list[inspect.Type]) -> list[str]:
    return [field.encode_name for node in nodes if isinstance(node, inspect.StructType) for field in node.fields]


def _words(nodes: list[inspect.Type]) -> list[str]:
    literals = [str(one) for node in nodes if isinstance(node, inspect.LiteralType) for one in node.values]
    return literals + [str(node.tag) for node in nodes if isinstance(node, inspect.StructType) and node.tag]


def _without_nulls(value: Any) -> Any:  # Any: a tree of plain data
    if isinstance(value, dict):
        return {key: _without_nulls(one) for key, one in value.items() if one is not None}
    return [_without_nulls(one) for one in value] if isinstance(value, list | tuple) else value
