"""Whatever the language may say of a fee has Italian words in the editor: every struct, field and value."""

from collections.abc import Iterator

import msgspec
import pytest
from msgspec import inspect

from services_catalog.differences.sentences import CHANGED, ROWS
from services_catalog.fee_table import FeeTable, IncomeLimit, When
from services_catalog.grids.columns import Kind, columns_of
from services_catalog.grids.words import TITLES, VALUES
from services_catalog.schema import Window

INSIDE_OTHERS = {When, IncomeLimit}


def structs_below(kind: inspect.Type, seen: set[type[msgspec.Struct]]) -> Iterator[type[msgspec.Struct]]:
    """Every struct that a type may hold, at any depth."""
    match kind:
        case inspect.Metadata(type=inner) | inspect.VarTupleType(item_type=inner):
            yield from structs_below(inner, seen)
        case inspect.UnionType(types=types):
            for one in types:
                yield from structs_below(one, seen)
        case inspect.StructType(cls=struct, fields=fields) if struct not in seen:
            seen.add(struct)
            yield struct
            for field in fields:
                yield from structs_below(field.type, seen)


STRUCTS = [*structs_below(inspect.type_info(FeeTable), set()), Window]


@pytest.mark.parametrize("struct", STRUCTS, ids=lambda struct: struct.__name__)
def test_a_struct_of_the_language_has_its_words(struct: type[msgspec.Struct]) -> None:
    assert struct in INSIDE_OTHERS or struct.__name__ in TITLES
    for column in columns_of(struct):
        assert str(column.label)
        if column.kind in (Kind.CHOICE, Kind.CHOICES):
            assert set(column.values) <= VALUES.keys()


def test_a_sentence_speaks_of_a_field_that_there_is() -> None:
    fields = {(struct.__name__, column.name) for struct in STRUCTS for column in columns_of(struct)}
    assert set(CHANGED) - fields == {("MatrixRow", "amounts")}
    assert ROWS.keys() <= {struct.__name__ for struct in STRUCTS}
