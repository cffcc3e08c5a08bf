"""Plain data checked against frozen structs: what is wrong is told at its place, with the nearest known word."""

import difflib
import re
import tomllib
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Final

import msgspec
from msgspec import inspect

from sportello.kernel.errors import DomainError, gettext_noop, told

_UNKNOWN: Final = re.compile(r"Object contains unknown field `(?P<key>[^`]*)`")
_MISSING: Final = re.compile(r"Object missing required field `(?P<key>[^`]*)`")
_CHOICE: Final = re.compile(r"Invalid (?:enum )?value '(?P<key>[^']*)'")
_PLACE: Final = re.compile(r"^(?P<what>.*?)(?: - at `(?P<place>[^`]*)`)?$", re.DOTALL)
_STEP: Final = re.compile(r"\.(?P<key>[^.\[]+)|\[(?P<index>\d+|\.\.\.)\]")

_UNKNOWN_FAR: Final = gettext_noop("%(place)s: la chiave «%(key)s» non esiste.")
_UNKNOWN_NEAR: Final = gettext_noop("%(place)s: la chiave «%(key)s» non esiste. Forse «%(nearest)s»?")
_CHOICE_FAR: Final = gettext_noop("%(place)s: il valore «%(key)s» non è fra quelli ammessi.")
_CHOICE_NEAR: Final = gettext_noop("%(place)s: il valore «%(key)s» non è fra quelli ammessi. Forse «%(nearest)s»?")


class StructInvalid(DomainError):
    """Data do not fit their struct. ``place`` is a path such as ``fees.base.bands[2]``; ``nearest`` a known word."""

    def __init__(self, template: str, *, place: str, nearest: str | None = None, **params: object) -> None:
        super().__init__(template, place=place or "/", nearest=nearest, **params)
        self.place = place
        self.nearest = nearest


def read_struct[T](
    data: object,
    kind: type[T],
    failure: type[StructInvalid],
    decode: Callable[[type, Any], Any] | None = None,  # Any: as msgspec calls its hook
) -> T:
    """The data as a value of the struct; raises ``failure``."""
    try:
        return msgspec.convert(data, kind, dec_hook=decode)
    except msgspec.ValidationError as error:
        raise _explained(str(error), data, kind, failure) from error


def nearest_word(word: str, known: Sequence[str]) -> str | None:
    """The known word most like one that is not known; None when none is."""
    matches = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    return matches[0] if matches else None


def read_toml_text(text: str, failure: type[StructInvalid]) -> dict[str, Any]:
    """TOML as plain data; raises ``failure``."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise failure(gettext_noop("Il testo non è TOML: %(detail)s."), place="", detail=error) from error


def _explained(message: str, data: object, kind: type, failure: type[StructInvalid]) -> StructInvalid:
    """The library's message as a sentence with a place and, for a misspelt word, its nearest neighbour."""
    found = _PLACE.match(message)
    what, place = (found["what"], found["place"] or "$") if found else (message, "$")
    shown = place.removeprefix("$").removeprefix(".")
    if unknown := _UNKNOWN.search(what):
        nearest = nearest_word(unknown["key"], _keys(_known(kind, data, place)))
        return failure(_UNKNOWN_NEAR if nearest else _UNKNOWN_FAR, place=shown, key=unknown["key"], nearest=nearest)
    if missing := _MISSING.search(what):
        return failure(gettext_noop("%(place)s: manca la chiave «%(key)s»."), place=shown, key=missing["key"])
    if choice := _CHOICE.search(what):
        nearest = nearest_word(choice["key"], _choices(_known(kind, data, place)))
        return failure(_CHOICE_NEAR if nearest else _CHOICE_FAR, place=shown, key=choice["key"], nearest=nearest)
    return failure(gettext_noop("%(place)s: %(detail)s."), place=shown, detail=told(what, {}).rstrip("."))


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
