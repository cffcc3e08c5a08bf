"""The report of a dry run: one JSON object for each physical line, in the words of the answer keys."""

import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from typing import IO, Any, BinaryIO

import msgspec

from onboarding.judging.catalogue import told_code
from onboarding.judging.judging import Judging
from onboarding.judging.types import Amendment, Judged, Verdict

_encode = msgspec.json.Encoder().encode
_WITHOUT_DATA = frozenset({Verdict.NOT_DATA, Verdict.CONTROL})
_FOR_A_PERSON = frozenset({Verdict.REVIEW, Verdict.REJECT})


@dataclass(slots=True)
class Outcome:
    """What came out of a file: lines by verdict, defects by code, whether a sum that it declares is off."""

    verdicts: Counter[Verdict] = field(default_factory=Counter)
    defects: Counter[str] = field(default_factory=Counter)

    @property
    def lines(self) -> int:
        return self.verdicts.total()

    @property
    def has_data(self) -> bool:
        return any(verdict not in _WITHOUT_DATA for verdict in self.verdicts)

    @property
    def needs_a_person(self) -> bool:
        """A line to review, a line that cannot be read, or a sum that is not the file's own."""
        off = any("_off_by" in code or code == "control_unreadable" for code in self.defects)
        return off or any(self.verdicts[verdict] for verdict in _FOR_A_PERSON)

    def add(self, judged: Judged) -> None:
        """Count one line."""
        self.verdicts[judged.verdict] += 1
        self.defects.update(defect.code for defect in judged.defects)

    def amend(self, before: str, amendment: Amendment) -> None:
        """A line that was counted has another verdict."""
        self.verdicts[Verdict(before)] -= 1
        self.verdicts[amendment.verdict] += 1
        self.defects[amendment.defect.code] += 1


def as_data(judged: Judged) -> dict[str, Any]:
    """A verdict as the report says it. Any: what JSON may hold."""
    data: dict[str, Any] = {
        "line": judged.line,
        "verdict": judged.verdict,
        "defects": [told_code(defect) for defect in judged.defects],
        "record": judged.record,
    }
    if judged.suggestion:
        data["suggestion"] = judged.suggestion
    if judged.duplicate_of_line is not None:
        data["duplicate_of_line"] = judged.duplicate_of_line
    return data


def write_report(judging: Judging, out: BinaryIO) -> Outcome:
    """Write all the lines, or none where judging fails half-way.

    They wait in a temporary file: a later line may change the verdict of an earlier one.
    """
    outcome = Outcome()
    with tempfile.TemporaryFile() as waiting:
        for judged in judging:
            outcome.add(judged)
            waiting.write(_encode(as_data(judged)) + b"\n")
        waiting.seek(0)
        if judging.amendments:
            _copy_amended(waiting, out, judging.amendments, outcome)
        else:
            shutil.copyfileobj(waiting, out, 1 << 20)
    return outcome


def _copy_amended(waiting: IO[bytes], out: BinaryIO, amendments: list[Amendment], outcome: Outcome) -> None:
    by_line = {amendment.line: amendment for amendment in reversed(amendments)}
    for number, line in enumerate(waiting, 1):
        amendment = by_line.get(number)
        if amendment is None:
            out.write(line)
            continue
        data = msgspec.json.decode(line)
        outcome.amend(data["verdict"], amendment)
        data["verdict"] = amendment.verdict
        data["defects"].append(told_code(amendment.defect))
        out.write(_encode(data) + b"\n")
