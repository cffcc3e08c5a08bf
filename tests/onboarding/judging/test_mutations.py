"""Damaged exports through the whole chain: nothing crashes, lines in are verdicts out, or the file is refused by name.

A slice of the mutations runs with the suite; all thousand of each file with MUTATIONS=1000 in the environment.
"""

import os
import time
from pathlib import Path
from typing import Final

import pytest

from onboarding.judging.judging import judge
from onboarding.judging.types import COMMITTED
from onboarding.recognition.facts import facts_of_packs
from onboarding.recognition.proposing import propose
from onboarding.sources.opening import open_source
from onboarding.sources.rows import read_rows
from sportello.kernel.errors import DomainError
from tests.onboarding.judging.samples import SAMPLES, TODAY, Sample, known
from tests.onboarding.mutations import MUTATORS, Mutation, mutations_of, physical_lines

COUNT: Final = int(os.environ.get("MUTATIONS", "0"))
LINES: Final = 150
"""How much of an export the slice damages."""
AS_THEY_ARE: Final = frozenset({"cut", "cut_head", "cut_lines", "formulas", "nested_quotes", "separators", "zeros"})
"""Mutations whose lines can be counted from outside."""


def survived(mutation: Mutation, sample: Sample, folder: Path) -> str:
    """Judge a damaged file with the mapping of the whole one, and with its own proposal; what went wrong."""
    path = folder / "export.dat"
    path.write_bytes(mutation.content)
    try:
        source = open_source(path)
        mappings = [sample.mapping, propose(source, facts_of_packs(today=TODAY))]
    except DomainError:
        mappings = [sample.mapping]
    for mapping in mappings:
        try:
            rows = read_rows(open_source(path), mapping)
            judging = judge(rows, mapping, known())
            found = [(one.line, one.verdict, one.record) for one in judging]
        except DomainError:
            continue
        if [line for line, _verdict, _record in found] != list(range(1, len(found) + 1)):
            return f"{mutation.name}: lines are missing or out of order"
        if any(verdict in COMMITTED and record is None for _line, verdict, record in found):
            return f"{mutation.name}: a line to import has no record"
        kind = mutation.name.rpartition("-")[0]
        if kind in AS_THEY_ARE and len(found) != physical_lines(mutation.content):
            return f"{mutation.name}: {physical_lines(mutation.content)} lines in, {len(found)} verdicts out"
    return ""


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_a_damaged_export_is_judged_line_for_line_or_refused(sample: Sample, tmp_path: Path) -> None:
    whole = sample.content()
    content = whole if COUNT else b"".join(whole.splitlines(keepends=True)[:LINES])
    count = COUNT or len(MUTATORS)
    began = time.monotonic()
    wrong = [
        reason
        for mutation in mutations_of(content, count)
        if COUNT or mutation.name.rpartition("-")[0] in MUTATORS
        if (reason := survived(mutation, sample, tmp_path))
    ]
    assert wrong == [], f"after {time.monotonic() - began:.0f} s"
