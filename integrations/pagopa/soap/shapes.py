"""A small language for the structure of messages: which children an element has, in which order and how often.

The official schema does not live in this repository; these shapes say the same, and a test compares their verdicts on
thousands of spoilt messages.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from integrations.pagopa.soap.errors import Beyond, Unfit

_XSI: Final = "{http://www.w3.org/2001/XMLSchema-instance}"
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
    held = _Reading()
    node = _read(element, shape, path, held)
    if held.beyond is not None:
        raise held.beyond
    return node


def has_text(element: Any) -> bool:
    """Whether more than space stands between the children of an element."""
    between = [element.text, *(child.tail for child in element)]
    return any(text and text.strip(" \t\r\n") for text in between)


class _Reading:
    """What was found on the way that the schema itself does not mind."""

    def __init__(self) -> None:
        self.beyond: Beyond | None = None


def _read(element: Any, shape: Shape, path: str, held: _Reading) -> Node:
    _no_attributes(element, path)
    children = list(element)
    if has_text(element):
        raise Unfit(f"{path}: text between the elements")
    values: dict[str, list[Any]] = {}
    place = 0
    for part in shape:
        taken = 0
        while place < len(children) and taken < part.most and children[place].tag in part.kinds:
            child = children[place]
            value = _value(child, part.kinds[child.tag], f"{path}/{child.tag}", held)
            values.setdefault(child.tag, []).append(value)
            place, taken = place + 1, taken + 1
        if taken < part.least:
            raise Unfit(f"{path}: {part.names} is missing")
    if place < len(children):
        raise Unfit(f"{path}: an element that does not belong after {_before(children, place)}")
    return Node(values)


def _value(element: Any, kind: Reader | Shape, path: str, held: _Reading) -> object:
    if isinstance(kind, tuple):
        return _read(element, kind, path, held)
    _no_attributes(element, path)
    if len(element):
        raise Unfit(f"{path}: elements where a value was expected")
    try:
        return kind(element.text or "")
    except Beyond as found:
        held.beyond = held.beyond or Beyond(f"{path}: {found}")
        return None
    except Unfit as found:
        raise Unfit(f"{path}: {found}") from found


def _no_attributes(element: Any, path: str) -> None:
    if any(name not in _HARMLESS for name in element.attrib):
        raise Unfit(f"{path}: attributes are not allowed")


def _before(children: list[Any], place: int) -> str:
    return str(children[place - 1].tag) if place else "the beginning"
