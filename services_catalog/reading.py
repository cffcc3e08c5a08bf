"""From TOML or JSON to the structs of the language and back, with errors that tell the place and a likely remedy."""

import difflib
import re
import tomllib
from datetime import date
from functools import cache
from typing import Any

import msgspec
from msgspec import inspect

from sportello.kernel.errors import DomainError, gettext_noop, told
from sportello.kernel.money import InvalidAmount, Money

_UNKNOWN = re.compile(r"Object contains unknown field `(?P<key>[^`]*)`")
_MISSING = re.compile(r"Object missing required field `(?P<key>[^`]*)`")
_CHOICE = re.compile(r"Invalid (?:enum )?value '(?P<key>[^']*)'")
_PLACE = re.compile(r"^(?P<what>.*?)(?: - at `(?P<place>[^`]*)`)?$", re.DOTALL)
_STEP = re.compile(r"\.(?P<key>[^.\[]+)|\[(?P<index>\d+|\.\.\.)\]")

_UNKNOWN_FAR = gettext_noop("%(place)s: la chiave «%(key)s» non esiste.")
_UNKNOWN_NEAR = gettext_noop("%(place)s: la chiave «%(key)s» non esiste. Forse «%(nearest)s»?")
_CHOICE_FAR = gettext_noop("%(place)s: il valore «%(key)s» non è fra quelli ammessi.")
_CHOICE_NEAR = gettext_noop("%(place)s: il valore «%(key)s» non è fra quelli ammessi. Forse «%(nearest)s»?")


class SchemaError(DomainError):
    """A text is not in the language. ``place`` is a path such as ``content.fees.base``; ``nearest`` a known key."""

    def __init__(self, template: str, *, place: str, nearest: str | None = None, **params: object) -> None:
        super().__init__(template, place=place or "/", nearest=nearest, **params)
        self.place = place
        self.nearest = nearest


def from_builtins[T](data: object, kind: type[T]) -> T:
    """Check plain data (from JSON or TOML) against a struct of the language; raises SchemaError."""
    try:
        return msgspec.convert(data, kind, dec_hook=_decode)
    except msgspec.ValidationError as error:
        raise _explained(str(error), data, kind) from error


def from_json[T](text: str | bytes, kind: type[T]) -> T:
    """Read JSON; raises SchemaError."""
    try:
        data = msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        raise SchemaError(gettext_noop("Il testo non è JSON: %(detail)s."), place="", detail=error) from error
    return from_builtins(data, kind)


def from_toml[T](text: str, kind: type[T]) -> T:
    """Read TOML; raises SchemaError."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SchemaError(gettext_noop("Il testo non è TOML: %(detail)s."), place="", detail=error) from error
    return from_builtins(data, kind)


def to_builtins(value: msgspec.Struct) -> dict[str, Any]:
    """Plain data as a JSON column keeps it: amounts and dates as strings, defaults left out."""
    plain: dict[str, Any] = msgspec.to_builtins(value, enc_hook=_encode)
    return plain


def to_toml_builtins(value: msgspec.Struct) -> dict[str, Any]:
    """Plain data for a TOML writer: as ``to_builtins`` but dates stay dates."""
    plain: dict[str, Any] = msgspec.to_builtins(value, enc_hook=_encode, builtin_types=(date,))
    return plain


def canonical_json(value: msgspec.Struct) -> bytes:
    """The same bytes for the same content whatever the order it was written in: what a fingerprint is made of."""
    return msgspec.json.encode(to_builtins(value), order="sorted")


def _decode(kind: type, value: object) -> object:
    if kind is Money and isinstance(value, str):
        try:
            return Money.from_decimal_string(value)
        except InvalidAmount as error:
            raise ValueError(error.message) from error
    raise ValueError(gettext_noop('scrivi l\'importo fra virgolette, per esempio "1.90"'))


def _encode(value: object) -> object:
    if isinstance(value, Money):
        return value.as_decimal_string()
    raise TypeError(f"no form for {type(value).__name__}")


def _explained(message: str, data: object, kind: type) -> SchemaError:
    """The library's message as a sentence with a place and, for a misspelt word, its nearest neighbour."""
    found = _PLACE.match(message)
    what, place = (found["what"], found["place"] or "$") if found else (message, "$")
    shown = place.removeprefix("$").removeprefix(".")
    if unknown := _UNKNOWN.search(what):
        nearest = _nearest(unknown["key"], _keys(_known(kind, data, place)))
        return SchemaError(_UNKNOWN_NEAR if nearest else _UNKNOWN_FAR, place=shown, key=unknown["key"], nearest=nearest)
    if missing := _MISSING.search(what):
        return SchemaError(gettext_noop("%(place)s: manca la chiave «%(key)s»."), place=shown, key=missing["key"])
    if choice := _CHOICE.search(what):
        nearest = _nearest(choice["key"], _choices(_known(kind, data, place)))
        return SchemaError(_CHOICE_NEAR if nearest else _CHOICE_FAR, place=shown, key=choice["key"], nearest=nearest)
    return SchemaError(gettext_noop("%(place)s: %(detail)s."), place=shown, detail=told(what, {}).rstrip("."))


def _nearest(word: str, known: list[str]) -> str | None:
    matches = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    return matches[0] if matches else None


def _keys(node: inspect.Type | None) -> list[str]:
    return [field.encode_name for field in node.fields] if isinstance(node, inspect.StructType) else []


def _choices(node: inspect.Type | None) -> list[str]:
    if isinstance(node, inspect.LiteralType):
        return [str(value) for value in node.values]
    if isinstance(node, inspect.UnionType):
        words = [word for kind in node.types if isinstance(kind, inspect.LiteralType) for word in _choices(kind)]
        return words + [str(kind.tag) for kind in _structs(node) if kind.tag]
    return []


@cache
def _described(kind: type) -> inspect.Type:
    return inspect.type_info(kind)


def _known(kind: type, data: object, place: str) -> inspect.Type | None:
    """The description of the type at a place of the data, following tags through unions; None where it ends."""
    node: inspect.Type | None = _resolved(_described(kind), data)
    for step in _STEP.finditer(place):
        data = _child(data, step["key"], step["index"])
        node = _resolved(_below(node, step["key"]), data)
    return node


def _child(data: object, key: str | None, index: str | None) -> object:
    if isinstance(data, dict):
        return data.get(key)
    if isinstance(data, list | tuple) and index and index.isdigit():
        return data[int(index)]
    return None


def _below(node: inspect.Type | None, key: str | None) -> inspect.Type | None:
    if isinstance(node, inspect.StructType):
        return next((field.type for field in node.fields if field.encode_name == key), None)
    if isinstance(node, inspect.VarTupleType | inspect.ListType):
        return node.item_type
    if isinstance(node, inspect.UnionType) and any(kind.tag_field == key for kind in _structs(node)):
        return node
    return None


def _resolved(node: inspect.Type | None, data: object) -> inspect.Type | None:
    """Unwrap metadata; of a union take the struct the data's tag names, or the only struct there is."""
    while isinstance(node, inspect.Metadata):
        node = node.type
    if not isinstance(node, inspect.UnionType):
        return node
    structs = _structs(node)
    if len(structs) == 1:
        return structs[0]
    if isinstance(data, dict):
        return next((kind for kind in structs if kind.tag_field and data.get(kind.tag_field) == kind.tag), node)
    return node


def _structs(union: inspect.UnionType) -> list[inspect.StructType]:
    """The structs of a union, those of the unions within it too: a name for some of them makes one."""
    found: list[inspect.StructType] = []
    for kind in union.types:
        if isinstance(kind, inspect.StructType):
            found.append(kind)
        elif isinstance(kind, inspect.UnionType):
            found += _structs(kind)
    return found
