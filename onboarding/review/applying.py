"""Decisions applied to staged rows: the row is judged again by the same rules, with what the person wrote."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from onboarding.engine import CATALOGUE, LEFT_OUT, verdicts
from onboarding.identity import key_of
from onboarding.judging.types import Defect, Judged, Known, Verdict
from onboarding.mapping.structs import Mapping
from onboarding.models import COMMITTABLE, Decision, RosterLoad, StagedRow
from onboarding.review.rules import (
    MAY_STAY,
    WHOLE_FILE,
    Asked,
    Ruling,
    cell_of,
    grave,
    subject_of,
    written_over,
)
from onboarding.review.rules import waived as without_doubts
from onboarding.sources.types import SourceRow

BATCH: Final = 1_000
ROUNDS: Final = 4
"""A corrected cell may bring another decision to bear, hardly ever a third."""

ONE_A_KEY: Final = frozenset({"roster", "transport"})
"""Kinds in which a fact stands once in a file."""

type Rulings = dict[tuple[str, Asked], Ruling]


def rulings_in_force(load: RosterLoad) -> Rulings:
    """What was decided for the source of a load and not revoked, by subject and by what is asked."""
    if load.mapping is None:
        return {}
    held = Decision.objects.filter(source_name=load.mapping.source_name, revoked_at__isnull=True).order_by("pk")
    return {
        (each.subject, Asked(each.defect, each.field, each.written)): Ruling(each.action, each.value)  # type: ignore[arg-type]
        for each in held
    }


def rules_for_all(rulings: Rulings) -> dict[tuple[str, str, str], str]:
    """Decisions about every row so written, as the rules take them into account while they read the whole file."""
    return {
        (asked.defect, asked.field, asked.written): asked.written if ruling.action == "as_is" else ruling.value
        for (subject, asked), ruling in rulings.items()
        if not subject and ruling.action != "leave_out"
    }


def apply_decisions(*, load: RosterLoad, mapping: Mapping, known: Known, lines: Iterable[int] | None = None) -> int:
    """Judge again the rows to review that decisions speak of; returns how many. Joins the caller's transaction."""
    rulings = rulings_in_force(load)
    if not rulings:
        return 0
    waiting = StagedRow.objects.filter(load=load, verdict=Verdict.REVIEW, cells__isnull=False).order_by("line")
    if lines is not None:
        waiting = waiting.filter(line__in=list(lines))
    desk = Desk(mapping, known, rulings)
    changed = [row for row in waiting.iterator(chunk_size=BATCH) if desk.settle(row, load)]
    _store(load, changed)
    return len(changed)


@dataclass(frozen=True, slots=True)
class Desk:
    """What is needed to judge one row again."""

    mapping: Mapping
    known: Known
    rulings: Rulings

    def settle(self, row: StagedRow, load: RosterLoad) -> bool:
        """Whether a decision spoke of the row: then its verdict, record and defects are the new ones."""
        cells: tuple[str, ...] = tuple(row.cells or ())
        subject = subject_of(row.record, row.line)
        judged = as_judged(row)
        touched = False
        for _round in range(ROUNDS):
            found = self._rulings_on(judged, cells, subject)
            if any(ruling.action == "leave_out" for _defect, ruling in found):
                return self._left_out(row)
            corrected = cells
            for defect, ruling in found:
                if ruling.action == "value":
                    corrected = written_over(self.mapping, corrected, defect.field, ruling.value)
            kept = [defect for defect, ruling in found if ruling.action == "as_is" and defect.code in MAY_STAY]
            if corrected == cells:
                if kept:
                    judged, touched = without_doubts(judged, kept, CATALOGUE), True
                    _write(row, judged, kept)
                elif touched:
                    _write(row, judged, ())
                break
            cells, touched = corrected, True
            judged = self._again(row, cells, judged)
        row.cells = list(cells)
        row.decided = touched
        row.key = key_of(load.kind, row.record)
        return touched

    def _rulings_on(self, judged: Judged, cells: Sequence[str], subject: str) -> list[tuple[Defect, Ruling]]:
        found = []
        for defect in grave(judged.defects, CATALOGUE):
            asked = Asked(defect.code, defect.field, cell_of(self.mapping, cells, defect.field))
            ruling = self.rulings.get((subject, asked)) or self.rulings.get(("", asked))
            if ruling is not None:
                found.append((defect, ruling))
        return found

    def _again(self, row: StagedRow, cells: tuple[str, ...], before: Judged) -> Judged:
        """The same rules on the corrected cells; what the other lines told of this one still holds."""
        source_row = SourceRow(row.line, row.raw, cells)
        again = next(verdicts(iter([source_row]), self.mapping, self.known))
        told = [each for each in before.defects if each.code in WHOLE_FILE and each not in again.defects]
        if told and again.verdict in COMMITTABLE:
            again.verdict = Verdict.REVIEW
        again.defects += told
        return again

    def _left_out(self, row: StagedRow) -> bool:
        row.verdict, row.decided = Verdict.REJECT, True
        row.defects = [*row.defects, {"code": LEFT_OUT, "field": "", "detail": ""}]
        return True


def as_judged(row: StagedRow) -> Judged:
    """A staged row as the rules told it."""
    defects = [Defect(each["code"], each["field"], each["detail"]) for each in row.defects]
    return Judged(row.line, row.raw, Verdict(row.verdict), defects, row.record, dict(row.suggestion))


def _write(row: StagedRow, judged: Judged, over: Sequence[Defect]) -> None:
    row.verdict, row.record, row.suggestion = judged.verdict.value, judged.record, judged.suggestion
    row.beside = judged.beside or row.beside
    row.defects = [
        {"code": each.code, "field": each.field, "detail": each.detail, **({"waived": True} if each in over else {})}
        for each in judged.defects
    ]


_REPEATED: Final = """
SELECT mine.line, min(other.line)
FROM onboarding_stagedrow mine
JOIN onboarding_stagedrow other ON other.load_id = mine.load_id AND other.key = mine.key AND other.line <> mine.line
     AND other.verdict IN ('good', 'fix')
WHERE mine.load_id = %s AND mine.line = ANY(%s) AND mine.verdict IN ('good', 'fix') AND mine.key <> ''
GROUP BY mine.line
"""


def _store(load: RosterLoad, changed: list[StagedRow]) -> None:
    fields = ["verdict", "record", "beside", "defects", "suggestion", "cells", "decided", "key"]
    StagedRow.objects.bulk_update(changed, fields, batch_size=BATCH)
    if load.kind not in ONE_A_KEY:
        return
    by_line = {row.line: row for row in changed}
    with connection.cursor() as cursor:
        cursor.execute(_REPEATED, [load.pk, list(by_line)])
        repeated: dict[int, int] = dict(cursor.fetchall())
    again: list[Any] = []
    for line, first in repeated.items():
        row = by_line[line]
        row.verdict, row.duplicate_of_line = Verdict.REVIEW.value, first
        row.defects = [*row.defects, {"code": "duplicate_conflicting_data", "field": "", "detail": str(first)}]
        again.append(row)
    StagedRow.objects.bulk_update(again, ["verdict", "defects", "duplicate_of_line"], batch_size=BATCH)
