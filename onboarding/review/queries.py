"""Reads of the review desk: what waits, by kind and row by row."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db.models import QuerySet

from onboarding.engine import CATALOGUE, told
from onboarding.judging.labels import label
from onboarding.judging.types import Defect, Verdict
from onboarding.mapping.structs import Mapping
from onboarding.models import RosterLoad, StagedRow
from onboarding.review.applying import as_judged
from onboarding.review.rules import MAY_STAY, Asked, as_cell, cell_of, column_of, grave

MOST_GROUPS = 60


@dataclass(frozen=True, slots=True)
class Question:
    """What a person is asked: about one row or about all that say the same."""

    asked: Asked
    what: str
    remedy: str
    column: str
    field_name: str
    suggestion: str
    may_write: bool
    may_stay: bool
    rows: int = 1
    first_line: int = 0


def question_on(mapping: Mapping, cells: Sequence[str], defect: Defect, suggestion: str) -> Question:
    """The question behind a defect that keeps a row waiting."""
    what, remedy = told(defect)
    place = column_of(mapping, defect.field)
    column = None if place is None else mapping.columns[place]
    own = column is not None and column.field == defect.field
    return Question(
        asked=Asked(defect.code, defect.field, cell_of(mapping, cells, defect.field)),
        what=what,
        remedy=remedy,
        column="" if column is None else (column.source or str(column.place)),
        field_name=label(defect.field) if defect.field else "",
        suggestion=as_cell(suggestion, column) if suggestion and own and column is not None else "",
        may_write=column is not None,
        may_stay=defect.code in MAY_STAY,
    )


def questions_of(row: StagedRow, mapping: Mapping) -> list[Question]:
    """All that keeps a row waiting."""
    defects = grave(as_judged(row).defects, CATALOGUE)
    return [question_on(mapping, row.cells or (), each, row.suggestion.get(each.field, "")) for each in defects]


def questions_by_kind(load: RosterLoad, mapping: Mapping) -> list[Question]:
    """The same defect with the same written value, the most frequent first. A suggestion belongs to a row alone."""
    counted: Counter[Asked] = Counter()
    example: dict[Asked, tuple[StagedRow, Defect]] = {}
    for row in waiting(load).iterator(chunk_size=1_000):
        for defect in grave(as_judged(row).defects, CATALOGUE):
            asked = Asked(defect.code, defect.field, cell_of(mapping, row.cells or (), defect.field))
            counted[asked] += 1
            example.setdefault(asked, (row, defect))
    found = []
    for asked, rows in sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:MOST_GROUPS]:
        row, defect = example[asked]
        question = question_on(mapping, row.cells or (), defect, "")
        found.append(replace(question, rows=rows, first_line=row.line))
    return found


def waiting(load: RosterLoad) -> QuerySet[StagedRow]:
    """The rows that a person must decide, in the order of the file."""
    return StagedRow.objects.filter(load=load, verdict=Verdict.REVIEW).order_by("line")
