"""Conditions that a part of the language reads by name and nobody declared: where, and which one was meant."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from sportello.kernel.errors import gettext_noop, told
from sportello.kernel.structs import nearest_word

_FAR = gettext_noop("la condizione «%(code)s» non è dichiarata in «conditions» (la legge %(where)s)")
_NEAR = gettext_noop(
    "la condizione «%(code)s» non è dichiarata in «conditions» (la legge %(where)s; forse è «%(nearest)s»)"
)
_NAMES = ("condition", "conditions", "all_of", "any_of", "none_of", "spared")


def check_declared(root: msgspec.Struct, read: Iterable[str], declared: Sequence[str]) -> None:
    """Refuse a condition that is read and not declared, with its place below the root and the nearest declared one."""
    for code in sorted(set(read) - set(declared)):
        nearest = nearest_word(code, declared)
        params = {"code": code, "where": next(_places(root, code, ""), "/"), "nearest": nearest or ""}
        raise ValueError(told(_NEAR if nearest else _FAR, params))


def _places(node: object, code: str, place: str) -> Iterator[str]:
    """Every place where a code is named."""
    if isinstance(node, msgspec.Struct):
        for name in node.__struct_fields__:
            value, below = getattr(node, name), f"{place}.{name}".lstrip(".")
            if name in _NAMES and (value == code or (isinstance(value, tuple) and code in value)):
                yield below
            yield from _places(value, code, below)
    elif isinstance(node, tuple):
        for index, item in enumerate(node):
            yield from _places(item, code, f"{place}[{index}]")
