"""The proposal for a file of fixed width without a line of names."""

from typing import Final, NamedTuple

import msgspec
from django.utils.translation import gettext_noop

from onboarding.fields import FIELDS
from onboarding.mapping import phrases
from onboarding.mapping.structs import Column, Control, Layout, RecordMark
from onboarding.recognition.controls import Target, declared_by, find_controls
from onboarding.recognition.cuts import Cut, find_cuts, has_shifted
from onboarding.recognition.records import Lines, details, find_mark, read_lines
from onboarding.recognition.sampling import Sampled
from onboarding.recognition.tags import amount_parts
from onboarding.sources.types import Source

WIDEST: Final = 2000
_DECLARED: Final = gettext_noop("la somma delle righe è quella dichiarata in coda")


class FixedRead(msgspec.Struct, frozen=True):
    """What a file of fixed width is, before its columns have meanings."""

    layout: Layout
    lines: Lines
    cuts: tuple[Cut, ...]
    sample: Sampled


def read_fixed(source: Source, layout: Layout) -> FixedRead:
    """Read the file once; find its marks and cut its details into columns."""
    lines = read_lines(source, layout.width)
    mark = find_mark(lines)
    sampled = details(lines, mark)
    begin = mark.first - 1 + mark.width if mark is not None else 0
    cuts = find_cuts([line[:WIDEST] for _, line in sampled], min(layout.width, WIDEST), begin) if sampled else ()
    whole = [(number, line) for number, line in sampled if not has_shifted(line, cuts)]
    rows = tuple((number, tuple(line[cut.first : cut.end] for cut in cuts)) for number, line in whole)
    count = sum(times for start, times in lines.starts.items() if mark is None or start == mark.detail[:1])
    sample = Sampled(rows, (None,) * len(cuts), count, len(cuts))
    return FixedRead(msgspec.structs.replace(layout, mark=mark), lines, cuts, sample)


def placed(columns: tuple[Column, ...], cuts: tuple[Cut, ...]) -> tuple[Column, ...]:
    """Columns by characters instead of by cells; blanks that no column fills are told as such."""
    return tuple(
        msgspec.structs.replace(
            column,
            place=cut.first + 1,
            width=cut.width,
            reason=gettext_noop("sempre vuoto: riempitivo") if column.reason == phrases.EMPTY else column.reason,
        )
        for column, cut in zip(columns, cuts, strict=True)
    )


def controls_of(source: Source, read: FixedRead, columns: tuple[Column, ...], kind: str) -> tuple[Control, ...]:
    """What the tail line declares of the columns: the file is read again to add them up."""
    mark = read.layout.mark
    if mark is None or not mark.trailer:
        return ()
    amounts = {field.name for field in FIELDS[kind] if field.reader == "amount"}
    summed = [column for column in columns if column.field in amounts]
    sums = _sums(source, read, mark, [(column.place - 1, column.width) for column in summed])
    tail = read.lines.last[-1]
    counted = find_controls(tail, mark, [Target("", sums.lines, "cents")])
    declared = next((declared_by(control, tail) for control in counted), sums.lines)
    # Damaged lines are left out of the sums, repeated ones are in: the declared count sets the scale.
    targets = [Target("", declared, "cents")]
    targets += [
        Target(column.field, round(total * declared / max(1, sums.whole)), column.unit)
        for column, total in zip(summed, sums.totals, strict=True)
    ]
    return find_controls(tail, mark, targets)


class _Sums(NamedTuple):
    """Detail lines, those of them that have not shifted, and the sums of columns over the latter."""

    lines: int
    whole: int
    totals: list[int]


def _sums(source: Source, read: FixedRead, mark: RecordMark, places: list[tuple[int, int]]) -> _Sums:
    count, whole, totals = 0, 0, [0] * len(places)
    for _, line in source.lines():
        if not line.startswith(mark.detail):
            continue
        count += 1
        if has_shifted(line, read.cuts):
            continue
        whole += 1
        cells = [line[first : first + width].replace(" ", "") for first, width in places]
        for at, cell in enumerate(cells):
            number = amount_parts(cell)
            if number is not None:
                value = int((number[0] + number[2]).replace(".", "").replace(",", ""))
                totals[at] += -value if number[3] else value
    return _Sums(count, whole, totals)


def proved(columns: tuple[Column, ...], controls: tuple[Control, ...]) -> tuple[Column, ...]:
    """Columns whose sum is the declared one are cut right: their confidence says so."""
    declared = {control.of for control in controls}
    return tuple(
        msgspec.structs.replace(
            column,
            confidence=max(column.confidence, 0.95),
            reason=f"{column.reason}; {_DECLARED}",
        )
        if column.field and column.field in declared
        else column
        for column in columns
    )
