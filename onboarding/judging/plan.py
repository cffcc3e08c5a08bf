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

AS_WRITTEN: Final = frozenset({"fiscal_code"})  # spaces around a code are a defect of their own


@dataclass(frozen=True, slots=True)
class Plan:
    """What the themes may ask. `columns` is the first column of each field, `readers` how each field is read."""

    mapping: Mapping
    known: Known
    columns: dict[str, Column]
    readers: dict[str, Reader]
    texts: Callable[[Cells], Texts]
    parts: Callable[[Cells], dict[str, dict[str, str]]]
    cells: int

    @property
    def is_fixed(self) -> bool:
        return self.mapping.layout.form == "fixed"

    def has(self, *fields: str) -> bool:
        """Whether the file has a column for one of the fields."""
        return any(field in self.columns for field in fields)


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
    return Plan(
        mapping=mapping,
        known=known,
        columns=columns,
        readers={field: readers[field] for field in columns},
        texts=_texts([column for column in used if not column.part], readers, fixed=mapping.layout.form == "fixed"),
        parts=_parts([column for column in used if column.part]),
        cells=len(mapping.layout.header) or max(column.place for column in mapping.columns),
    )


def _texts(columns: list[Column], readers: dict[str, Reader], *, fixed: bool) -> Callable[[Cells], Texts]:
    """The trimmed texts by field. Of several columns of one field the texts that are there are put together."""
    single: dict[str, int] = {}
    more: list[tuple[str, int]] = []
    for number, column in enumerate(columns):
        place = number if fixed else column.place - 1
        if column.field in single:
            more.append((column.field, place))
        else:
            single[column.field] = place
    tables = {column.field: _folded(column.values) for column in columns if column.values}
    names, places = tuple(single), tuple(single.values())
    pick = itemgetter(*places) if len(places) > 1 else lambda cells: (cells[places[0]],)
    whole = {name for name in names if readers[name] in AS_WRITTEN and not fixed}

    def texts(cells: Cells) -> Texts:
        found = dict(zip(names, pick(cells), strict=True))
        for name, text in found.items():
            if name not in whole:
                found[name] = text.strip()
        for name, place in more:
            if text := cells[place].strip():
                found[name] = f"{found[name]} {text}" if found[name] else text
        for name, table in tables.items():
            found[name] = table.get(found[name].strip().casefold(), found[name])
        return found

    return texts


def _parts(columns: list[Column]) -> Callable[[Cells], dict[str, dict[str, str]]]:
    places = [(column.field, column.part, column.place - 1) for column in columns]

    def parts(cells: Cells) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for field, part, place in places:
            found.setdefault(field, {})[part] = cells[place].strip()
        return found

    return parts


def _folded(values: dict[str, str]) -> dict[str, str]:
    return {text.strip().casefold(): value for text, value in values.items()}
