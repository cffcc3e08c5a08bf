"""The same roster as CSV, workbook, open document and lines of fixed width: what is the same has the same verdict."""

from collections import Counter
from pathlib import Path
from time import process_time

import pytest

from onboarding.judging.judging import judge
from onboarding.judging.known import known_of
from onboarding.judging.types import Verdict
from onboarding.mapping.structs import Mapping
from onboarding.recognition.facts import facts_of_packs
from onboarding.recognition.proposing import propose
from onboarding.sources.opening import open_source
from onboarding.sources.rows import read_rows
from onboarding.sources.types import SourceRow
from tests.bench.forms import FORMS, cells
from tests.onboarding.judging.mappings import TAXES
from tests.onboarding.judging.rows import known
from tests.onboarding.judging.samples import TODAY
from tests.onboarding.judging.test_whole_file import tax_line, tax_rows

type Told = tuple[str, list[str], object]
CHILDREN = 1500
SHIFTED = {"unquoted_separator_shifts_columns", "columns_shifted"}
"""A cell that runs into the next one is told by a sign too many, or by what stands at the wrong place."""


@pytest.fixture(scope="module")
def rows() -> list[list[str]]:
    return cells(CHILDREN)


def proposed(path: Path) -> Mapping:
    return propose(open_source(path), facts_of_packs(today=TODAY, municipality="A662"))


def told(path: Path) -> list[Told]:
    """Verdict, defects and record of each line of data."""
    mapping = proposed(path)
    judged = judge(read_rows(open_source(path), mapping), mapping, known_of("A662", today=TODAY))
    return [
        (one.verdict, [defect.code for defect in one.defects if defect.code not in SHIFTED], one.record)
        for one in judged
        if one.verdict is not Verdict.NOT_DATA
    ]


def without_marks(found: list[Told]) -> list[Told]:
    """A line that cannot be read has no oddities that all forms could tell."""
    return [
        (verdict, [], None) if verdict is Verdict.REJECT else (verdict, codes, rec) for verdict, codes, rec in found
    ]


def test_the_form_of_a_file_changes_no_verdict(rows: list[list[str]], tmp_path: Path) -> None:
    found = {form: without_marks(told(write(tmp_path, rows))) for form, write in FORMS.items()}
    as_csv = found.pop("CSV")
    kinds = Counter(verdict for verdict, _codes, _record in as_csv)
    assert {Verdict.GOOD, Verdict.FIX, Verdict.REVIEW, Verdict.REJECT, Verdict.DUPLICATE} <= kinds.keys()
    assert any("isee_format" in codes for _verdict, codes, _record in as_csv)
    for form, theirs in found.items():
        assert theirs == as_csv, form


def test_lines_of_fixed_width_are_read_field_by_field(rows: list[list[str]], tmp_path: Path) -> None:
    mapping = proposed(FORMS["fixed width"](tmp_path, rows))
    fields = {column.field: column.width for column in mapping.columns if column.field}
    assert {"isee", "balance", "phone", "cap", "email", "diet"} <= fields.keys()
    assert fields["cap"] == 5
    assert fields["phone"] == max(len(row[20]) for row in rows[1:] if len(row) == len(rows[0]))


def test_a_last_line_that_begins_otherwise_is_no_trailer(rows: list[list[str]], tmp_path: Path) -> None:
    """Children numbered up to 100,003: the few that begin with 1 are children all the same."""
    numbered = [rows[0], *([f"{98_500 + at:06d}", *row[1:]] for at, row in enumerate(rows[1:], len(rows) - CHILDREN))]
    assert numbered[-1][0].startswith("1")
    mapping = proposed(FORMS["fixed width"](tmp_path, numbered))
    assert mapping.layout.mark is None


def shifted(number: int) -> str:
    """A line that lost the last letter of its code, and that no shift puts right."""
    line = tax_line(number)
    return (line[:23] + line[24:40] + "?" * 30 + line[40:])[:160]


def seconds_of(lines: list[SourceRow], verdict: Verdict) -> float:
    started = process_time()
    found = [one.verdict for one in judge(iter(lines), TAXES, known())]
    spent = process_time() - started
    assert found.count(verdict) == len(lines)
    return spent


def test_a_line_that_cannot_be_read_costs_no_more_than_a_few_good_ones() -> None:
    assert TAXES.controls, "sums are declared: lines that shifted are looked at again"
    good = tax_rows(*(tax_line(number) for number in range(1, 2001)))
    bad = tax_rows(*(shifted(number) for number in range(1, 2001)))
    seconds_of(good, Verdict.GOOD)  # whatever is made once
    good_lines, bad_lines = seconds_of(good, Verdict.GOOD), seconds_of(bad, Verdict.REJECT)
    assert bad_lines <= 4 * good_lines
