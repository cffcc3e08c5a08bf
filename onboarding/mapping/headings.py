"""The headings of a file: known again by their fingerprint, and carried over to another version of it."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from onboarding.mapping.structs import Column, Layout, Mapping

_SPACES: Final = re.compile(r"[\W_]+")
OURS: Final = frozenset({"riga", "errori", "suggerimento"})
"""Headings that our own list of errors adds at the end: a corrected list is the same file."""
FROM_BEFORE: Final = "come nella versione confermata prima"


def plain_heading(heading: str) -> str:
    """A heading without accents, case, spaces and signs: `Cod. Fisc.` and `COD_FISC` are one."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", heading) if not unicodedata.combining(c))
    return _SPACES.sub("", bare).casefold()


def fingerprint_of(mapping: Mapping) -> str:
    """The same for two files whose columns have the same headings in the same order.

    A file without headings is known by its form: its width and record marks, or how many columns it has.
    """
    layout = mapping.layout
    if layout.header:
        names = [plain_heading(name) for name in layout.header]
        shape = "\x1f".join(name for name in names if name not in OURS)
    elif layout.form == "fixed":
        mark = layout.mark
        shape = f"{layout.width}\x1f{(mark.first, mark.header, mark.detail, mark.trailer) if mark else ''}"
    else:
        shape = f"{mapping.kind}\x1f{max((column.place for column in mapping.columns), default=0)}"
    return hashlib.sha256(f"{layout.form == 'fixed'}\x1f{shape}".encode()).hexdigest()


def as_this_file_is_written(mapping: Mapping, layout: Layout) -> Mapping:
    """The mapping for another file of the same headings: encoding, separator, place of the headings are its own."""
    same = replace(
        mapping.layout,
        form=layout.form,
        encoding=layout.encoding,
        separator=layout.separator,
        quote=layout.quote,
        escape=layout.escape,
        sheet=layout.sheet,
        header_line=layout.header_line,
        header=layout.header or mapping.layout.header,
    )
    return replace(mapping, layout=same)


def likeness(before: Layout, after: Layout) -> float:
    """How many of all the headings both have: 0 nothing, 1 the same ones."""
    old, new = {plain_heading(name) for name in before.header}, {plain_heading(name) for name in after.header}
    return len(old & new) / len(old | new) if old | new else 0.0


def carried_over(proposal: Mapping, confirmed: Mapping) -> Mapping:
    """The proposal, with what a person confirmed before for the columns of the same heading."""
    known = {plain_heading(column.source): column for column in confirmed.columns if column.source}
    return replace(
        proposal,
        kind=confirmed.kind,
        columns=tuple(_carried(column, known.get(plain_heading(column.source))) for column in proposal.columns),
    )


def _carried(column: Column, known: Column | None) -> Column:
    if known is None:
        return column
    return replace(
        known,
        source=column.source,
        place=column.place,
        width=column.width,
        values={**column.values, **known.values},
        confidence=1.0,
        reason=FROM_BEFORE,
    )


def without_data(mapping: Mapping, open_vocabularies: Sequence[str]) -> Mapping:
    """What another Comune may see of a mapping: no Comune, no year, and no value tables but of closed vocabularies."""
    return replace(
        mapping,
        municipality="",
        school_year=0,
        questions=(),
        columns=tuple(
            replace(column, values=column.values if column.field in open_vocabularies else {})
            for column in mapping.columns
        ),
    )
