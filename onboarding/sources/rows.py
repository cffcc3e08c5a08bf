"""The rows of a source as a mapping reads them."""

from collections.abc import Iterator

from onboarding.mapping.structs import Mapping
from onboarding.sources.types import Cut, Source, SourceRow


def cuts_of(mapping: Mapping) -> tuple[Cut, ...]:
    """Where the cells of a file of fixed width stand: one for each column of the mapping, in its order."""
    if mapping.layout.form != "fixed":
        return ()
    return tuple((column.place, column.width) for column in mapping.columns)


def read_rows(source: Source, mapping: Mapping) -> Iterator[SourceRow]:
    """Every physical line in order, cut as the mapping says.

    In a file of fixed width the cell of the n-th column of the mapping is `cells[n]`; elsewhere that of a column is
    `cells[column.place - 1]`, and a short line has fewer.
    """
    return source.rows(mapping.layout, cuts_of(mapping))
