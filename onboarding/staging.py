"""Judging a file line by line and writing its lines by COPY, in constant memory."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import batched
from typing import Any, Final

import msgspec
from django.db import connection

from onboarding.engine import rows_of, verdicts
from onboarding.errors import NoRows
from onboarding.identity import key_of
from onboarding.judging.types import Amendment, Defect, Judged, Known, Verdict
from onboarding.mapping.structs import Mapping
from onboarding.models import RosterLoad, StagedRow
from onboarding.sources.types import Source, SourceRow
from sportello.jobs.registry import Progress

BATCH: Final = 5_000
LONGEST: Final = 20_000
"""Characters of a line that the desk keeps; the file has them all."""
COLUMNS: Final = (
    "load_id",
    "line",
    "raw",
    "verdict",
    "duplicate_of_line",
    "key",
    "record",
    "beside",
    "defects",
    "suggestion",
    "cells",
)
_WITHOUT_DATA: Final = (Verdict.NOT_DATA, Verdict.CONTROL)
_written = msgspec.json.Encoder().encode


def stage(*, load: RosterLoad, source: Source, mapping: Mapping, known: Known, progress: Progress) -> int:
    """Write every line of the file with its verdict and defects; returns how many there are.

    Raises NoRows where no line holds data. Lines of an earlier attempt must be gone.
    """
    remembered = Remembered(rows_of(source, mapping))
    judging = verdicts(remembered.rows(), mapping, known)
    seen, read, data = 0, 0, 0
    for batch in batched(judging, BATCH):
        _copy(staged(load, mapping.kind, judged, remembered.cells_of(judged)) for judged in batch)
        seen += len(batch)
        data += sum(judged.verdict not in _WITHOUT_DATA for judged in batch)
        read += sum(len(judged.raw) + 2 for judged in batch)
        progress.advance(done=seen, total=max(seen, seen * source.size // max(read, 1)))
    if not data:
        raise NoRows
    _amend(load, source, mapping, judging.amendments)
    progress.advance(done=seen, total=seen)
    return seen


def _amend(load: RosterLoad, source: Source, mapping: Mapping, amendments: Sequence[Amendment]) -> None:
    """What later lines told of earlier ones, with the cells that a person will need."""
    told: dict[int, list[Amendment]] = {}
    for amendment in amendments:
        told.setdefault(amendment.line, []).append(amendment)
    if not told:
        return
    cells = {row.number: row.cells for row in rows_of(source, mapping) if row.number in told}
    for lines in batched(sorted(told), BATCH):
        rows = list(StagedRow.objects.filter(load=load, line__in=lines).order_by("line"))
        for row in rows:
            for each in told[row.line]:
                row.verdict = each.verdict.value
                row.defects = [*row.defects, defect_data(each.defect)]
            row.cells = list(cells.get(row.line, ())) if row.verdict == Verdict.REVIEW else row.cells
        StagedRow.objects.bulk_update(rows, ["verdict", "defects", "cells"], batch_size=1_000)


def defect_data(defect: Defect) -> dict[str, str]:
    """As the column of defects keeps it."""
    return {"code": defect.code, "field": defect.field, "detail": storable(defect.detail[:200])}


class Remembered:
    """Cells of the lines that were read and not yet judged: those that a person must decide keep theirs."""

    def __init__(self, rows: Iterator[SourceRow]) -> None:
        self._rows = rows
        self._cells: dict[int, tuple[str, ...]] = {}

    def rows(self) -> Iterator[SourceRow]:
        """The rows, unchanged."""
        for row in self._rows:
            self._cells[row.number] = row.cells
            yield row

    def cells_of(self, judged: Judged) -> tuple[str, ...] | None:
        """The cells of a line to review; forgotten for every other."""
        cells = self._cells.pop(judged.line, None)
        return cells if judged.verdict is Verdict.REVIEW else None


def staged(load: RosterLoad, kind: str, judged: Judged, cells: Sequence[str] | None) -> tuple[Any, ...]:
    """The values of COLUMNS. Any: columns of many types."""
    defects = [defect_data(each) for each in judged.defects]
    return (
        load.pk,
        judged.line,
        storable(judged.raw[:LONGEST]),
        judged.verdict.value,
        judged.duplicate_of_line,
        storable(key_of(kind, judged.record)),
        None if judged.record is None else _json(judged.record),
        _json(judged.beside) if judged.beside else "{}",
        _json(defects) if defects else "[]",
        _json(judged.suggestion) if judged.suggestion else "{}",
        None if cells is None else _json(cells),
    )


def as_row(judged: Judged) -> StagedRow:
    """An unsaved row that says what the rules told of a line."""
    return StagedRow(
        line=judged.line,
        raw=judged.raw,
        verdict=judged.verdict.value,
        record=judged.record,
        defects=[defect_data(each) for each in judged.defects],
        suggestion=judged.suggestion,
    )


def storable(text: str) -> str:
    """PostgreSQL keeps no NUL."""
    return text.replace("\x00", "\N{REPLACEMENT CHARACTER}") if "\x00" in text else text


def _json(value: object) -> str:
    text = _written(value).decode()
    return text.replace("\\u0000", "\\ufffd") if "\\u0000" in text else text


def _copy(rows: Iterable[tuple[Any, ...]]) -> None:
    statement = f"COPY onboarding_stagedrow ({', '.join(COLUMNS)}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
