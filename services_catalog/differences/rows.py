"""What changes in the rows of a grid: rows are paired by what they are about, then told apart."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from services_catalog.differences.phrases import subject, value_words
from services_catalog.differences.sentences import OTHER_ROWS, ROWS, field_sentence
from services_catalog.grids.columns import GridColumn, columns_of
from services_catalog.grids.pieces import value_at
from services_catalog.grids.words import Words
from services_catalog.schema import Window

type Pair[T] = tuple[T | None, T | None]

_ISEE = (("isee_from", "isee_to"), ("isee_from",), ("isee_to",))
_CHILDREN = (("rank_from", "rank_to", "children_from", "children_to"), ("rank_from", "children_from"))
_KEYS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "LevelCost": (("level",),),
    "SiblingDiscount": _CHILDREN,
    "SiblingPrice": _CHILDREN,
    "CountRow": (("count_from", "count_to"), ("count_from",), ("count_to",)),
    "Instalment": (("code",),),
    "Window": (("code",),),
    "Statement": (("text",),),
    "FilingWindow": (("first", "last"),),
}
_TOGETHER = frozenset({"Band", "ShareBand", "Segment", "MatrixRow", "IseeDiscount", "FreeRow"})
_ABOUT = frozenset(
    {"isee_from", "isee_to", "rank_from", "rank_to", "children_from", "children_to", "count_from", "count_to"}
)


def row_sentences(
    before: Sequence[msgspec.Struct],
    after: Sequence[msgspec.Struct],
    *,
    owner: msgspec.Struct | None = None,
    cells: Sequence[tuple[Words, int | None, int | None]] = (),
) -> Iterator[str]:
    """The sentences about two versions of a grid.

    ``owner`` holds the rows after the change; ``cells`` are the columns of a matrix: heading, place before and after.
    """
    for old, new in paired(before, after):
        kind = type(new or old).__name__
        added, gone, moved = ROWS.get(kind, OTHER_ROWS)
        if new is None and old is not None:
            yield str(gone) % {"row": subject(old, owner), "value": row_values(old)}
        elif old is None and new is not None:
            yield str(added) % {"row": subject(new, owner), "value": row_values(new)}
        elif old is not None and new is not None and old != new:
            was, row = subject(old, owner), subject(new, owner)
            if was != row and kind != "Window":
                yield str(moved) % {"was": was, "row": row}
            yield from _cells(old, new, row, cells)
    if sorted(map(repr, before)) == sorted(map(repr, after)) and list(before) != list(after):
        yield _("Le righe sono le stesse, in un altro ordine.")


def paired[T: msgspec.Struct](before: Sequence[T], after: Sequence[T]) -> Iterator[Pair[T]]:
    """Which row became which: the same, one about the same, else the one in its place when as many are left."""
    kind = type(next(iter((*after, *before)), None)).__name__
    old, new = list(range(len(before))), list(range(len(after)))
    found: dict[int, int] = {}
    for fields in (None, *_KEYS.get(kind, _ISEE if kind in _TOGETHER else ())):
        for index in list(new):
            match = next((one for one in old if _same(before[one], after[index], fields)), None)
            if match is not None:
                found[index] = match
                old.remove(match)
                new.remove(index)
    if len(old) == len(new) and kind not in ("Window", "Instalment", "LevelCost"):
        found |= dict(zip(new, old, strict=True))
        old = []
    for index, row in enumerate(after):
        yield (before[found[index]] if index in found else None), row
    yield from ((before[index], None) for index in old)


def _same(one: msgspec.Struct, other: msgspec.Struct, fields: tuple[str, ...] | None) -> bool:
    if fields is None:
        return one == other
    return all(getattr(one, name) == getattr(other, name) for name in fields)


def _cells(
    old: msgspec.Struct, new: msgspec.Struct, row: str, cells: Sequence[tuple[Words, int | None, int | None]]
) -> Iterator[str]:
    """What changed in a row that stays."""
    kind = type(new).__name__
    for column in _told(type(new)):
        was, now = _shown(old, column.name), _shown(new, column.name)
        if was != now:
            words = {"row": row, "before": was, "after": now}
            yield field_sentence(kind, column.name, f"{capfirst(row)}, {column.label}", words)
    for heading, at, place in cells:
        if at is None or place is None:
            continue
        was, now = _shown(old, f"amounts.{at}"), _shown(new, f"amounts.{place}")
        if was != now:
            words = {"row": row, "column": str(heading), "before": was, "after": now}
            yield field_sentence(kind, "amounts", str(heading), words)


def _shown(row: msgspec.Struct, name: str) -> str:
    """A value of a row; a line that says no final amount ends where it began."""
    value = value_at(row, name)
    if name == "amount_to" and value is None:
        value = value_at(row, "amount_from")
    return value_words(value)


def _told(kind: type[msgspec.Struct]) -> list[GridColumn]:
    """The columns of a row that are not what the row is about."""
    return [column for column in columns_of(kind) if column.name not in _ABOUT and column.name not in ("code", "level")]


def row_values(row: msgspec.Struct) -> str:
    """What a row says, without what it is about and without what was supposed."""
    if isinstance(row, Window):
        days = {"first": value_words(row.opens), "last": value_words(row.closes)}
        return _("dal %(first)s al %(last)s") % days
    amounts = getattr(row, "amounts", ())
    told = [_shown(row, column.name) for column in _told(type(row)) if column.name != "assumption"]
    return ", ".join(word for word in (*told, *map(value_words, amounts)) if word)
