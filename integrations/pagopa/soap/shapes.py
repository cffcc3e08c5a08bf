"""A small language for the structure of messages: which children an element has, in which order and how often.

The official schema does not live in this repository; these shapes say the same, and a test compares their verdicts on
thousands of spoilt messages.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from integrations.pagopa.soap.errors import Beyond, Unfit

_XSI: Final = "{http://www.w3.org/2001/XMLSchema-instance}"
_BLANKS: Final = " \t\r\n"
_HARMLESS: Final = frozenset({f"{_XSI}schemaLocation", f"{_XSI}noNamespaceSchemaLocation"})
type Reader = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Part:
    """A child: its name (a choice has several), what is in each, and how many there may be."""

    kinds: Mapping[str, "Reader | Shape"]
    least: int = 1
    most: int = 1

    @property
    def names(self) -> str:
        """For people."""
        return " or ".join(self.kinds)


type Shape = tuple[Part, ...]


def one(name: str, kind: Reader | Shape) -> Part:
    """A child that must be there."""
    return Part({name: kind})


def maybe(name: str, kind: Reader | Shape) -> Part:
    """A child that may be there."""
    return Part({name: kind}, least=0)


def many(name: str, kind: Reader | Shape, most: int) -> Part:
    """From one to so many children of the same name."""
    return Part({name: kind}, most=most)


def either(**kinds: Reader | Shape) -> Part:
    """One of several children."""
    return Part(kinds)


@dataclass(frozen=True, slots=True)
class Node:
    """An element that fits its shape, with its values read."""

    values: Mapping[str, list[Any]]  # Any: each name has the type its reader gives

    def get(self, name: str) -> Any:
        """The value of a child; None when it is not there."""
        found = self.values.get(name)
        return found[0] if found else None

    def text(self, name: str) -> str:
        """The text of a child, empty when it is not there."""
        return self.get(name) or ""

    def all(self, name: str) -> list[Any]:
        """The values of a child that may come several times."""
        return self.values.get(name, [])


def read(element: Any, shape: Shape, path: str) -> Node:
    """The element as a node. Raises Unfit for what the schema refuses, Beyond for what it allows and we cannot take.

    What the schema refuses counts first: a Beyond is raised only when all the rest fits.
    """
    beyond: list[Beyond] = []
    try:
        node = _read(element, shape, beyond)
    except Unfit as wrong:
        raise Unfit(f"{path}{wrong}") from wrong
    if beyond:
        raise Beyond(f"{path}{beyond[0]}")
    return node


def has_text(element: Any) -> bool:
    """Whether more than space stands between the children of an element."""
    between = [element.text, *(child.tail for child in element)]
    return any(text and text.strip(_BLANKS) for text in between)


def _read(element: Any, shape: Shape, beyond: list[Beyond]) -> Node:
    """The path in an error is put together on its way up: most messages have none."""
    _no_attributes(element)
    _only_spaces(element.text)
    children = list(element)
    values: dict[str, list[Any]] = {}
    place, count = 0, len(children)
    for part in shape:
        taken = 0
        while place < count and taken < part.most:
            child = children[place]
            name = child.tag
            kind = part.kinds.get(name)
            if kind is None:
                break
            _only_spaces(child.tail)
            values.setdefault(name, []).append(_value(child, name, kind, beyond))
            place, taken = place + 1, taken + 1
        if taken < part.least:
            raise Unfit(f": {part.names} is missing")
    if place < count:
        raise Unfit(f": an element that does not belong after {children[place - 1].tag if place else 'the beginning'}")
    return Node(values)


def _value(element: Any, name: str, kind: Reader | Shape, beyond: list[Beyond]) -> object:
    known = len(beyond)
    try:
        if isinstance(kind, tuple):
            found: object = _read(element, kind, beyond)
            if len(beyond) > known:
                beyond[known:] = [Beyond(f"/{name}{one}") for one in beyond[known:]]
            return found
        return kind(_text(element))
    except Beyond as wrong:
        beyond.append(Beyond(f"/{name}: {wrong}"))
        return None
    except Unfit as wrong:
        told = str(wrong)
        raise Unfit(f"/{name}{told}" if told.startswith((":", "/")) else f"/{name}: {told}") from wrong


def _text(element: Any) -> str:
    _no_attributes(element)
    if len(element):
        raise Unfit(": elements where a value was expected")
    return element.text or ""


def _only_spaces(text: str | None) -> None:
    if text and text.strip(_BLANKS):
        raise Unfit(": text between the elements")


def _no_attributes(element: Any) -> None:
    names = element.keys()
    if names and any(name not in _HARMLESS for name in names):
        raise Unfit(": attributes are not allowed")
