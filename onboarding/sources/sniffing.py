"""How a file is written, told by its content: the layout that everything else builds on."""

from itertools import islice
from typing import Final

from onboarding.mapping.structs import Layout
from onboarding.sources.cells import Dialect
from onboarding.sources.delimited import delimited_rows
from onboarding.sources.headings import find_heading
from onboarding.sources.separators import Parted, Sample, fixed_width, part
from onboarding.sources.text import TextSource
from onboarding.sources.types import Source, SourceRow

_FIRST: Final = 300


def sniff(source: Source) -> Layout:
    """The layout of the source: separator and quoting, fixed width, or sheet; and the line of names.

    Nothing is refused here: a text in which nothing repeats is one column. What the letters of records of fixed
    width mean, and what its columns are, is for recognition.
    """
    return _sniff_text(source) if isinstance(source, TextSource) else _sniff_sheets(source)


def _sniff_text(source: TextSource) -> Layout:
    sample = Sample.of(source.decoded())
    parted = part(sample)
    encoding = source.encoding
    if width := fixed_width(sample, parted):
        return Layout(form="fixed", encoding=encoding, width=width)
    if parted is None:
        parted = Parted(Dialect(""), 1, 1.0, 0.0)
    dialect = parted.dialect
    rows = list(islice(delimited_rows(source.decoded(), dialect, parted.width), _FIRST))
    heading = find_heading(rows, parted.width)
    return Layout(
        form="delimited",
        encoding=encoding,
        separator=dialect.separator,
        quote=dialect.quote,
        escape=dialect.escape,
        header_line=heading.number if heading else 0,
        header=heading.cells if heading else (),
    )


def _sniff_sheets(source: Source) -> Layout:
    """The sheet with the most cells among the first rows, and its line of names."""
    sheets = {name: list(islice(source.rows(Layout(form="sheet", sheet=name)), _FIRST)) for name in source.sheets()}
    name = max(sheets, key=lambda name: _cells(sheets[name]))
    heading = find_heading(sheets[name], 0)
    return Layout(
        form="sheet",
        sheet=name,
        header_line=heading.number if heading else 0,
        header=_without_tail(heading.cells) if heading else (),
    )


def _cells(rows: list[SourceRow]) -> int:
    return sum(bool(cell) for row in rows for cell in row.cells)


def _without_tail(cells: tuple[str, ...]) -> tuple[str, ...]:
    """The cells up to the last that says something: a sheet is as wide as its widest row."""
    last = max(place for place, cell in enumerate(cells, 1) if cell)
    return cells[:last]
