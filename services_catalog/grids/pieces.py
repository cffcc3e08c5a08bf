"""The pieces of an edition that the office edits in the page: grids of rows, and blocks of single fields."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from msgspec import inspect

from services_catalog.describing_cases import who
from services_catalog.fee_table import Matrix, Tariff, When
from services_catalog.grids.columns import GridColumn, amount_columns, columns_of, is_flat
from services_catalog.grids.words import TITLES
from services_catalog.schema import EditionContent

type Row = dict[str, Any]  # Any: a value of the language, as its column's kind says


@dataclass(frozen=True, slots=True)
class Piece:
    """A grid, or a block of fields (a grid of the one row that is always there).

    ``place`` is its path in the content, ``struct`` the name of the struct of a row, ``of`` says whom or what part of
    the tariff it concerns, ``rows`` hold the values by the name of their column.
    """

    place: str
    struct: str
    of: str
    columns: tuple[GridColumn, ...]
    rows: tuple[Row, ...]
    is_grid: bool

    @property
    def prefix(self) -> str:
        """Its name on the page: «bands», «reductions_0_rows»."""
        return prefix_of(self.place)

    @property
    def title(self) -> str:
        """Its heading, in the reader's language."""
        name = str(TITLES.get(self.struct, self.struct))
        return f"{name}: {self.of}" if self.of else name


def prefix_of(place: str) -> str:
    """The name on the page of a place in the content."""
    if place == "fees":
        return "head"
    words = [word for word in place.replace("[", ".").replace("]", "").split(".") if word]
    while len(words) > 1 and words[0] in ("fees", "base"):
        words = words[1:]
    return "_".join(words)


def pieces_of(content: EditionContent) -> list[Piece]:
    """Every piece of an edition: what is priced first, the policies around it, the windows at the end."""
    named = {condition.code: condition.label.within(get_language() or "it") for condition in content.conditions}
    found = list(_struct(content.fees, "fees", "", named))
    policies = [piece for piece in found if not _is_of_tariff(piece)]
    return [
        *(piece for piece in found if _is_of_tariff(piece)),
        *policies,
        _grid(content.windows, "windows", "", _item(EditionContent, "windows")),
    ]


def _is_of_tariff(piece: Piece) -> bool:
    return not piece.place.startswith(
        ("fees.isee", "fees.siblings", "fees.arrears", "fees.credit", "fees.payment", "fees.statements")
    )


def _struct(node: msgspec.Struct, place: str, of: str, named: Mapping[str, str]) -> Iterator[Piece]:
    """The pieces of a struct: its fields and, before them for a tariff, after them elsewhere, what it holds."""
    own = list(_block(node, place, of))
    held = list(_held(node, place, of, named))
    yield from (*held, *own) if isinstance(node, Tariff) else (*own, *held)


def _block(node: msgspec.Struct, place: str, of: str) -> Iterator[Piece]:
    columns = (*columns_of(type(node)), *_circumstance(node))
    if columns:
        row = {column.name: value_at(node, column.name) for column in columns}
        yield Piece(place, type(node).__name__, of, tuple(sorted(columns, key=_supposed_last)), (row,), is_grid=False)


def _supposed_last(column: GridColumn) -> bool:
    return column.name == "assumption"


def _circumstance(node: msgspec.Struct) -> Iterator[GridColumn]:
    """The limits that ``when`` writes: each may be changed; a new one is written in the file."""
    when = getattr(node, "when", None)
    if not isinstance(when, When):
        return
    for column in columns_of(When):
        if value_at(when, column.name) not in (None, ()):
            yield replace(column, name=f"when.{column.name}", optional=True)
    if when.income is not None:
        for column in columns_of(type(when.income)):
            yield replace(column, name=f"when.income.{column.name}")


def _held(node: msgspec.Struct, place: str, of: str, named: Mapping[str, str]) -> Iterator[Piece]:
    fields = ("rows", "columns") if isinstance(node, Matrix) else node.__struct_fields__
    for field in fields:
        value, below = getattr(node, field), f"{place}.{field}"
        if isinstance(value, When):
            continue
        if isinstance(value, msgspec.Struct):
            yield from _struct(value, below, of, named)
        elif isinstance(value, tuple):
            yield from _list(node, field, below, of, named)


def _list(node: msgspec.Struct, field: str, place: str, of: str, named: Mapping[str, str]) -> Iterator[Piece]:
    """A list of structs: one grid when a row holds them whole, else one piece after another."""
    values: tuple[object, ...] = getattr(node, field)
    kind = _item(type(node), field)
    if isinstance(node, Matrix) and field == "rows":
        yield _matrix(node, place, of, named)
    elif kind is not None:
        yield _grid(values, place, of, kind)
    else:
        for index, value in enumerate(values):
            if isinstance(value, msgspec.Struct):
                alone = sum(type(one) is type(value) for one in values) == 1
                yield from _struct(
                    value, f"{place}[{index}]", _about(value, of, 0 if alone else index + 1, named), named
                )


def _about(node: msgspec.Struct, of: str, number: int, named: Mapping[str, str]) -> str:
    """Whom a step is for, after what it is a step of; where it says nothing, which one of its kind it is."""
    condition, when, code = (getattr(node, name, None) for name in ("condition", "when", "code"))
    words = [named.get(condition, condition)] if isinstance(condition, str) else []
    words += [who(when, named)] if isinstance(when, When) and not when.everybody else []
    words += [f"«{code}»"] if isinstance(code, str) else []
    if not words and number:
        words = [_("numero %(number)s") % {"number": number}]
    return ", ".join(word for word in (of, *words) if word)


def _grid(
    values: Sequence[object], place: str, of: str, kind: type[msgspec.Struct] | None, extra: Sequence[GridColumn] = ()
) -> Piece:
    assert kind is not None  # noqa: S101  # asked only of lists of one kind
    columns = columns_of(kind)
    cut = next((at for at, column in enumerate(columns) if column.name == "assumption"), len(columns))
    columns = (*columns[:cut], *extra, *columns[cut:])
    rows = tuple({column.name: value_at(value, column.name) for column in columns} for value in values)
    return Piece(place, kind.__name__, of, columns, rows, is_grid=True)


def _matrix(node: Matrix, place: str, of: str, named: Mapping[str, str]) -> Piece:
    labels: list[str | Promise] = [
        capfirst(column.code.replace("_", " ") if column.when.everybody else who(column.when, named))
        for column in node.columns
    ]
    extra = amount_columns([column.code for column in node.columns], labels)
    return _grid(node.rows, place, of, type(node.rows[0]), extra)


def _item(owner: type[msgspec.Struct], field: str) -> type[msgspec.Struct] | None:
    """The struct of the rows of a list, when it is one that fits in a row."""
    described = inspect.type_info(owner)
    assert isinstance(described, inspect.StructType)  # noqa: S101  # the type of a struct is described as one
    kind = next(one.type for one in described.fields if one.name == field)
    while isinstance(kind, inspect.Metadata):
        kind = kind.type
    if not isinstance(kind, inspect.VarTupleType) or not isinstance(kind.item_type, inspect.StructType):
        return None
    struct: type[msgspec.Struct] = kind.item_type.cls
    return struct if is_flat(struct) else None


def value_at(node: object, path: str) -> Any:  # Any: whatever the language holds there
    """The value of a field, by its path below a struct (``label.it``, ``amounts.2``)."""
    for step in path.split("."):
        node = node[int(step)] if isinstance(node, tuple) else getattr(node, step)
    return node
