"""The columns of a struct of the language: what each field holds, read from its type."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from typing import Final

import msgspec
from msgspec import inspect

from services_catalog.grids.words import HEADINGS, LABELS, OWN_LABELS, Words

KEPT: Final = frozenset({"first_use"})
"""What a row keeps as it is, found again by its code: the file of the edition says it, the grid has no cell for it."""


class Kind(StrEnum):
    """What a cell holds."""

    MONEY = "money"
    PERCENT = "percent"
    COUNT = "count"
    DAY = "day"
    TEXT = "text"
    FLAG = "flag"
    YES_NO = "yes_no"
    CHOICE = "choice"
    CHOICES = "choices"
    LIST = "list"
    LINES = "lines"


_MOST: Final = {("Statement", "percent"): 10_000}
"""Percentages that may be above 100: a text says that a block costs twenty times a meal."""


@dataclass(frozen=True, slots=True)
class GridColumn:
    """A field of a struct: ``name`` is its path below the struct (``label.it``).

    ``default`` is what the language takes when it is not written, None where nothing stands for it. ``empty_as`` is
    the value that is shown as an empty cell, because it excludes nobody.
    """

    name: str
    label: Words
    kind: Kind
    optional: bool = False
    values: tuple[str, ...] = ()
    low: int | None = None
    high: int | None = None
    default: object = None
    empty_as: object = None
    headings: tuple[str, ...] = ()
    hidden: bool = False

    @property
    def field(self) -> str:
        """The name of its control on the page."""
        return self.name.replace(".", "__")


@cache
def columns_of(struct: type[msgspec.Struct]) -> tuple[GridColumn, ...]:
    """The columns of a struct, in the order of the page: bounds first, assumptions last.

    Fields that hold structs are not columns, but for small texts (``label.it``); they are pieces of their own.
    """
    found = list(_columns(struct))
    return tuple(sorted(found, key=_rank))


def is_flat(struct: type[msgspec.Struct]) -> bool:
    """Whether all of a struct fits in one row of a grid, but for what a row only keeps."""
    return all(
        _kind(_bare(one.type)[0]) or _is_text(one.type) or _is_amounts(one.type) or one.name in KEPT
        for one in _fields(struct)
    )


def amount_columns(codes: Sequence[str], labels: Sequence[Words]) -> tuple[GridColumn, ...]:
    """The columns of a row of a matrix, one for each of its own."""
    return tuple(
        GridColumn(f"amounts.{index}", label, Kind.MONEY, headings=(code.replace("_", " "),))
        for index, (code, label) in enumerate(zip(codes, labels, strict=True))
    )


def _columns(struct: type[msgspec.Struct]) -> Iterator[GridColumn]:
    for one in _fields(struct):
        bare, optional = _bare(one.type)
        kind = _kind(bare)
        if kind is not None:
            kind = Kind.YES_NO if kind is Kind.FLAG and optional else kind
            column = _column(struct, one, bare, kind)
            yield replace(column, optional=True) if optional or one.default in ("", ()) else column
        elif _is_text(one.type):
            for name in ("it", "en"):
                path = f"{one.name}.{name}"
                yield GridColumn(
                    path, LABELS[path], Kind.TEXT, name == "en", headings=HEADINGS.get(path, ()), hidden=name == "en"
                )


def _column(struct: type[msgspec.Struct], field: inspect.Field, bare: inspect.Type, kind: Kind) -> GridColumn:
    label = OWN_LABELS.get((struct.__name__, field.name)) or LABELS[field.name]
    values, low, high = _limits(bare)
    high = _MOST.get((struct.__name__, field.name), high)
    excludes_nobody = field.name == "children_from" and field.default == 1
    is_own_code = struct.__name__ == "Window" and field.name == "code"
    return GridColumn(
        field.name,
        label,
        kind,
        optional=excludes_nobody or is_own_code,
        values=values,
        low=low,
        high=high,
        default=None if field.default in (msgspec.NODEFAULT, "", ()) else field.default,
        empty_as=1 if excludes_nobody else None,
        headings=HEADINGS.get(field.name, ()),
        hidden=is_own_code,
    )


def _limits(bare: inspect.Type) -> tuple[tuple[str, ...], int | None, int | None]:
    inner = bare.item_type if isinstance(bare, inspect.VarTupleType) else bare
    if isinstance(inner, inspect.LiteralType):
        return tuple(str(value) for value in inner.values), None, None
    if isinstance(inner, inspect.IntType):
        return (), inner.ge, inner.le
    return (), None, None


def _fields(struct: type[msgspec.Struct]) -> Sequence[inspect.Field]:
    described = inspect.type_info(struct)
    assert isinstance(described, inspect.StructType)  # noqa: S101  # the type of a struct is described as one
    return described.fields


def _bare(kind: inspect.Type) -> tuple[inspect.Type, bool]:
    """The type without its metadata and without None; whether None was among its kinds."""
    while isinstance(kind, inspect.Metadata):
        kind = kind.type
    if isinstance(kind, inspect.UnionType) and any(isinstance(one, inspect.NoneType) for one in kind.types):
        rest = [one for one in kind.types if not isinstance(one, inspect.NoneType)]
        return (_bare(rest[0])[0] if len(rest) == 1 else kind), True
    return kind, False


def _kind(bare: inspect.Type) -> Kind | None:
    """What a cell of the type holds; None for what is no cell."""
    if isinstance(bare, inspect.VarTupleType):
        return _list_kind(_bare(bare.item_type)[0])
    return _KINDS.get(type(bare))


_KINDS: Mapping[type[inspect.Type], Kind] = {
    inspect.CustomType: Kind.MONEY,
    inspect.DecimalType: Kind.PERCENT,
    inspect.IntType: Kind.COUNT,
    inspect.DateType: Kind.DAY,
    inspect.StrType: Kind.TEXT,
    inspect.BoolType: Kind.FLAG,
    inspect.LiteralType: Kind.CHOICE,
}


def _list_kind(item: inspect.Type) -> Kind | None:
    match item:
        case inspect.LiteralType():
            return Kind.CHOICES
        case inspect.StrType(pattern=None):
            return Kind.LINES
        case inspect.StrType() | inspect.IntType():
            return Kind.LIST
        case _:
            return None


def _is_text(kind: inspect.Type) -> bool:
    bare = _bare(kind)[0]
    return isinstance(bare, inspect.StructType) and bare.cls.__name__ == "Text"


def _is_amounts(kind: inspect.Type) -> bool:
    bare = _bare(kind)[0]
    return isinstance(bare, inspect.VarTupleType) and isinstance(_bare(bare.item_type)[0], inspect.CustomType)


def _rank(column: GridColumn) -> int:
    """Bounds before what they hold for, what was supposed at the end; else as the language has them."""
    if column.name in ("isee_from", "count_from", "rank_from", "level", "code", "first"):
        return 0
    if column.name in ("isee_to", "count_to", "rank_to"):
        return 1
    if column.name in ("children_from", "children_to"):
        return 2
    return 9 if column.name == "assumption" else 5
