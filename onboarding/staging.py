"""Judging a file line by line and writing rows and defects by COPY, in constant memory."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from itertools import batched
from operator import attrgetter
from typing import Any, Final

from django.db import connection

from onboarding.defects import CATALOGUE
from onboarding.errors import NoRows
from onboarding.layout import CellReader, read_header
from onboarding.models import RosterLoad
from onboarding.reading import TextFile
from onboarding.record import Judged, Known, RosterRow
from onboarding.rules import judge_line
from sportello.jobs.registry import Progress

BATCH: Final = 5_000
_RECORD: Final = tuple(field.name for field in fields(RosterRow))
_values = attrgetter(*_RECORD)
_UNREAD: Final = _values(RosterRow())
_ROWS: Final = ("load_id", "line", "raw", "verdict", "suggestion", *_RECORD)
_DEFECTS: Final = ("load_id", "line", "code", '"column"', "detail")

type Staged = tuple[int, str, Judged]


def stage(*, load: RosterLoad, source: TextFile, known: Known, progress: Progress) -> int:
    """Write every data row of the file with its verdict and defects; returns how many blank lines were left out.

    Raises the errors of the header, NoRows and LineTooLong. Rows of an earlier attempt must be gone.
    """
    lines = source.lines()
    width, order = read_header(next(lines, (0, ""))[1])
    blank = Blank()
    seen, read = 0, 0
    for batch in batched(_judged(lines, width, order, known, blank), BATCH):
        _copy("onboarding_stagedrow", _ROWS, (_row(load.pk, staged) for staged in batch))
        _copy("onboarding_rowdefect", _DEFECTS, _defects(load.pk, batch))
        seen += len(batch)
        read += sum(len(raw) + 2 for _line, raw, _judged_row in batch)
        progress.advance(done=seen, total=max(seen, seen * source.size // max(read, 1)))
    if not seen:
        raise NoRows
    progress.advance(done=seen, total=seen)
    return blank.lines


class Blank:
    """Counts the lines without data."""

    def __init__(self) -> None:
        self.lines = 0


def _judged(
    lines: Iterator[tuple[int, str]], width: int, order: CellReader, known: Known, blank: Blank
) -> Iterator[Staged]:
    for number, text in lines:
        if text.strip("; \t"):
            yield number, text, judge_line(text, width=width, order=order, known=known)
        else:
            blank.lines += 1


def _row(load_id: int, staged: Staged) -> tuple[Any, ...]:  # Any: columns of many types
    line, raw, judged = staged
    record = _UNREAD if judged.row is None else _values(judged.row)
    suggestion = json.dumps(judged.suggestion) if judged.suggestion else "{}"
    return load_id, line, _storable(raw), judged.verdict.value, suggestion, *record


def _storable(raw: str) -> str:
    return raw.replace("\x00", "\N{REPLACEMENT CHARACTER}") if "\x00" in raw else raw


def _defects(load_id: int, batch: Sequence[Staged]) -> Iterator[tuple[Any, ...]]:
    for line, _raw, judged in batch:
        for defect in judged.defects:
            yield load_id, line, defect.code, CATALOGUE[defect.code].column, defect.detail[:80]


def _copy(table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)
