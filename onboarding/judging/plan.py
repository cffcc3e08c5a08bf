"""A mapping compiled once for a whole file: which cells are whose, what is known, which columns there are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Final

from onboarding.fields import FIELDS, Reader
from onboarding.judging.errors import FieldOfOtherKind, NothingToRead, WidthMissing
from onboarding.judging.types import Known
from onboarding.mapping.structs import Column, Mapping

type Cells = Sequence[str]
type Texts = dict[str, str]
type Placed = tuple[Column, int]

JOINED: Final[frozenset[Reader]] = frozenset({"note", "text", "street", "surname", "given_name", "full_name"})
BOTH: Final = 2
OWED: Final = "balance:debt"
"""The text of a column of debts that stands beside one of credits."""
AS_WRITTEN: Final[frozenset[Reader]] = frozenset({"fiscal_code"})  # spaces around a code are a defect of their own


@dataclass(frozen=True, slots=True)
class Plan:
    """What the themes may ask. `columns` is the first column of each field, `readers` how each field is read.

    `owed` is a column of debts beside the balance column, which then has the credits alone.
    """

    mapping: Mapping
    known: Known
    columns: dict[str, Column]
    readers: dict[str, Reader]
    texts: Callable[[Cells], Texts]
    parts: Callable[[Cells], dict[str, dict[str, str]]]
    cells: int
    owed: Column | None = None

    @property
    def is_fixed(self) -> bool:
        return self.mapping.layout.form == "fixed"

    def has(self, *fields: str) -> bool:
        """Whether the file has a column for one of the fields."""
        return not self.columns.keys().isdisjoint(fields)


def compiled(mapping: Mapping, known: Known) -> Plan:
    """Raises FieldOfOtherKind, NothingToRead or WidthMissing for a mapping that cannot be followed."""
    readers: dict[str, Reader] = {field.name: field.reader for field in FIELDS[mapping.kind]}
    used = [column for column in mapping.columns if column.field]
    unknown = sorted({column.field for column in used} - set(readers))
    if unknown:
        raise FieldOfOtherKind(mapping.kind, unknown)
    if not used:
        raise NothingToRead
    if mapping.layout.form == "fixed" and not all(column.width for column in mapping.columns):
        raise WidthMissing
    columns: dict[str, Column] = {}
    for column in used:
        columns.setdefault(column.field, column)
    owed = _owed(used)
    if owed is not None:
        columns["balance"] = next(one for one in used if one.field == "balance" and one.sign == "credit")
    fixed = mapping.layout.form == "fixed"
    placed = [
        (column, number if fixed else column.place - 1) for number, column in enumerate(mapping.columns) if column.field
    ]
    return Plan(
        mapping=mapping,
        known=known,
        columns=columns,
        readers={field: readers[field] for field in columns},
        texts=_texts([pair for pair in placed if not pair[0].part], readers, owed, fixed=fixed),
        parts=_parts([pair for pair in placed if pair[0].part]),
        cells=_width(mapping, used),
        owed=owed,
    )


def _width(mapping: Mapping, used: Sequence[Column]) -> int:
    """How many cells a line has: those with a name, and those that are read beyond them.

    A line of names may end with a separator where the lines of data do not.
    """
    header, places = mapping.layout.header, max(column.place for column in mapping.columns)
    if not header:
        return places
    named = max((place for place, name in enumerate(header, 1) if name.strip()), default=0)
    return max(named, min(len(header), places), *(column.place for column in used))


def _owed(used: Sequence[Column]) -> Column | None:
    """The column of debts, where another one has the credits."""
    balances = [column for column in used if column.field == "balance"]
    if len({column.sign for column in balances}) < BOTH:
        return None
    return next(column for column in balances if column.sign == "debt")


def _texts(
    placed: list[Placed], readers: dict[str, Reader], owed: Column | None, *, fixed: bool
) -> Callable[[Cells], Texts]:
    """The trimmed texts by field. Where several columns have one field, texts are joined, else the first one stands."""
    single: dict[str, int] = {}
    more: list[tuple[str, int]] = []
    for column, place in placed:
        name = OWED if column is owed else column.field
        if name in single:
            more.append((name, place))
        else:
            single[name] = place
    tables = {column.field: _folded(column.values) for column, _place in placed if column.values}
    names, places = tuple(single), tuple(single.values())
    pick = _picker(places)
    whole = {name for name in names if readers.get(name) in AS_WRITTEN and not fixed}

    def texts(cells: Cells) -> Texts:
        found = dict(zip(names, pick(cells), strict=True))
        for name, text in found.items():
            if name not in whole:
                found[name] = text.strip()
        for name, place in more:
            text = cells[place].strip()
            if text and (readers.get(name) in JOINED or not found[name]):
                found[name] = f"{found[name]} {text}".strip()
        for name, table in tables.items():
            found[name] = table.get(found[name].strip().casefold(), found[name])
        return found

    return texts


def _picker(places: tuple[int, ...]) -> Callable[[Cells], tuple[str, ...]]:
    if len(places) > 1:
        return itemgetter(*places)
    return lambda cells: tuple(cells[place] for place in places)


def _parts(placed: list[Placed]) -> Callable[[Cells], dict[str, dict[str, str]]]:
    places = [(column.field, column.part, place) for column, place in placed]

    def parts(cells: Cells) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for field, part, place in places:
            found.setdefault(field, {})[part] = cells[place].strip()
        return found

    return parts


def _folded(values: dict[str, str]) -> dict[str, str]:
    return {text.strip().casefold(): value for text, value in values.items()}
