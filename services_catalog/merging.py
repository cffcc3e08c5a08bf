"""What differs between two contents, point by point; and three of them merged so that no override is ever lost. Pure.

A **point** is what is decided as one thing: a value, a table of amounts, a list of reductions. Lists whose rows have a
name (windows, questions, levels) are compared row by row; all others are taken whole: half of one table and half of
another is a table that nobody decided. The order of named rows is not a point: one's own is kept.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, Literal

from services_catalog.reading import SchemaError, from_builtins, to_builtins
from services_catalog.schema import EditionContent

type Plain = Any  # what JSON holds; Any because its nesting has no end


class Missing(Enum):
    """The mark of what is not there: a default, or a row that one of the two does not have."""

    MISSING = "missing"


MISSING: Final = Missing.MISSING
NAMES: Final = ("code", "level")
"""The keys that name a row."""


@dataclass(frozen=True, slots=True)
class Point:
    """A place that differs; a side is MISSING where it does not have it."""

    place: str
    before: Plain | Literal[Missing.MISSING]
    after: Plain | Literal[Missing.MISSING]


@dataclass(frozen=True, slots=True)
class Merged:
    """One's own content with what the template changed and one had left alone.

    ``taken`` are the points that came from the template, before and after; ``conflicts`` those both changed: one's own,
    which stayed, and what the template now says.
    """

    content: EditionContent
    taken: tuple[Point, ...]
    conflicts: tuple[Point, ...]


def points(before: EditionContent, after: EditionContent) -> list[Point]:
    """The points in which two contents differ, in the order in which they are written."""
    return list(differing(to_builtins(before), to_builtins(after)))


def merge(*, base: EditionContent, own: EditionContent, theirs: EditionContent) -> Merged:
    """What the template changed from ``base`` to ``theirs``, brought into ``own``; every override stays.

    Where the two together are no edition (a question that reads a circumstance one had taken away), one's own stays
    whole and every change of the template is a conflict to be settled by hand.
    """
    offered, mine = points(base, theirs), to_builtins(own)
    places: list[str] = []
    plain = merged(to_builtins(base), mine, to_builtins(theirs), "", places)
    try:
        content = from_builtins(plain, EditionContent)
    except SchemaError:
        content, places = own, [point.place for point in offered]
    conflicts = [point for point in offered if _touches(point.place, places)]
    taken = tuple(point for point in offered if point not in conflicts)
    return Merged(content, taken, tuple(Point(one.place, at(mine, one.place), one.after) for one in conflicts))


def differing(before: Plain, after: Plain, place: str = "") -> Iterator[Point]:
    """The points of plain data."""
    if before == after:
        return
    if _splits(before, after):
        rows = not isinstance(before, dict)
        for key, (was, now) in _paired(before, after):
            yield from differing(was, now, _below(place, key, row=rows))
    else:
        yield Point(place, before, after)


def merged(base: Plain, own: Plain, theirs: Plain, place: str, conflicts: list[str]) -> Plain:
    """Plain data merged; the places where one's own was kept against the template are added to ``conflicts``."""
    if own == base:
        return theirs
    if theirs in (base, own):
        return own
    if not _splits(base, own, theirs):
        conflicts.append(place)
        return own
    rows = not isinstance(own, dict)
    parts = {
        key: merged(first, second, third, _below(place, key, row=rows), conflicts)
        for key, (first, second, third) in _paired(base, own, theirs)
    }
    kept = {key: value for key, value in parts.items() if value is not MISSING}
    return list(kept.values()) if rows else kept


def at(plain: Plain, place: str) -> Plain:
    """What plain data hold at a place; MISSING where there is nothing."""
    for name, row in re.findall(r"([^.\[\]]+)|\[([^\]]+)\]", place):
        if name:
            plain = plain.get(name, MISSING) if isinstance(plain, dict) else MISSING
        else:
            plain = _by_name(plain).get(row, MISSING) if isinstance(plain, list | tuple) and plain else MISSING
    return plain


def _splits(*sides: Plain) -> bool:
    """Whether the sides are compared part by part: all records, or all lists of named rows with the same name."""
    if all(isinstance(side, dict) for side in sides):
        return not any("kind" in side and "code" not in side for side in sides)
    if not all(isinstance(side, list | tuple) for side in sides):
        return False
    names = {_name(side) for side in sides if side}
    return len(names) == 1 and names != {None}


def _name(rows: Sequence[Plain]) -> str | None:
    """The key that names the rows of a list, all of them and each differently."""
    for name in NAMES:
        held = [row.get(name) if isinstance(row, dict) else None for row in rows]
        if None not in held and len(set(held)) == len(held):
            return name
    return None


def _paired(*sides: Plain) -> Iterator[tuple[str, tuple[Plain, ...]]]:
    """Each part of the sides under its key: in the order of the second, one's own, then what only others have."""
    keyed = [side if isinstance(side, dict) else _by_name(side) for side in sides]
    order = dict.fromkeys([*keyed[1], *(key for side in keyed for key in side)])
    for key in order:
        yield key, tuple(side.get(key, MISSING) for side in keyed)


def _by_name(rows: Sequence[Plain]) -> dict[str, Plain]:
    name = _name(rows) or ""
    return {row[name]: row for row in rows}


def _below(place: str, key: str, *, row: bool) -> str:
    if row:
        return f"{place}[{key}]"
    return f"{place}.{key}" if place else key


def _touches(place: str, others: list[str]) -> bool:
    """Whether a place is one of the others, above one or below one."""
    return any(place == other or _within(place, other) or _within(other, place) for other in others)


def _within(inner: str, outer: str) -> bool:
    return inner.startswith((f"{outer}.", f"{outer}["))
