"""Judging a file: one verdict for each physical line, in order, in memory that does not grow with the file."""

from collections.abc import Iterator
from typing import Final, Self

from onboarding.judging.kinds import Classifier, KindOfLine
from onboarding.judging.plan import compiled
from onboarding.judging.repeats import Repeats
from onboarding.judging.rules import Rules
from onboarding.judging.sums import Sums, judge_total, judge_trailer
from onboarding.judging.types import Amendment, Defect, Judged, Known, Verdict
from onboarding.mapping.structs import Mapping
from onboarding.sources.types import SourceRow

_NO_DATA: Final[frozenset[KindOfLine]] = frozenset(
    {"blank", "preamble", "header", "repeated_header", "page_text", "header_record"}
)


class Judging(Iterator[Judged]):
    """The verdicts on the lines of a file. Exhausted, `amendments` says what later lines told of earlier ones.

    Raises MappingRefused when it is made.
    """

    def __init__(self, rows: Iterator[SourceRow], mapping: Mapping, known: Known) -> None:
        plan = compiled(mapping, known)
        self._rules, self._repeats, self.sums = Rules(plan), Repeats(plan), Sums(plan)
        self._kind_of = Classifier(plan).kind_of
        self._judged = map(self._judge, rows)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Judged:
        return next(self._judged)

    @property
    def amendments(self) -> list[Amendment]:
        """Of lines that are already out."""
        return self._repeats.amendments

    def _judge(self, row: SourceRow) -> Judged:
        kind = "data" if row.trouble else self._kind_of(row)
        if kind == "data":
            return self._judge_data(row)
        if kind in _NO_DATA:
            return Judged(row.number, row.raw, Verdict.NOT_DATA, [Defect(kind)])
        if kind == "total_row":
            return judge_total(row, self.sums)
        if kind == "trailer":
            return judge_trailer(row, self.sums)
        return Judged(row.number, row.raw, Verdict.REJECT, [Defect("record_type_unknown")])

    def _judge_data(self, row: SourceRow) -> Judged:
        judged, texts = self._rules.judge(row)
        if judged.verdict is Verdict.NOT_DATA:
            return judged
        if not row.trouble and self._repeats.same_line(judged):
            return judged
        self._repeats.compare(judged, texts)
        if judged.verdict is not Verdict.DUPLICATE:
            self.sums.add(judged, row)
        return judged


def judge(rows: Iterator[SourceRow], mapping: Mapping, known: Known) -> Judging:
    """A verdict for every physical line: lines in = verdicts out."""
    return Judging(rows, mapping, known)
