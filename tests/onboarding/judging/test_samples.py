"""Every line of the four sample exports gets the verdict of its answer key, and what is imported is its record."""

import pytest

from onboarding.judging.types import Judged, Verdict
from tests.onboarding.judging.accuracy import Accuracy, judged, measured
from tests.onboarding.judging.samples import SAMPLES, Sample, known

SCORED = ("child_fiscal_code", "sex", "birth_date", "meals_total", "fiscal_code", "month")


@pytest.fixture(scope="module", params=SAMPLES, ids=lambda sample: sample.name)
def sample(request: pytest.FixtureRequest) -> Sample:
    found: Sample = request.param
    return found


@pytest.fixture(scope="module")
def found(sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> list[Judged]:
    return list(judged(sample.written(tmp_path_factory.mktemp("export")), sample.mapping, known()))


def test_verdicts_and_records_are_those_of_the_key(sample: Sample, found: list[Judged]) -> None:
    accuracy = measured(found, sample.key())
    assert accuracy.wrong == []
    assert accuracy.lines == len(found) == sample.content().count(b"\n")
    assert accuracy.pairs.total() == len(sample.key())


def test_suggestions_are_never_wrong(sample: Sample, found: list[Judged]) -> None:
    key = sample.key()
    given = [
        (field, value, str(key[one.line]["expected"][field]))
        for one in found
        if one.verdict is Verdict.REVIEW
        for field, value in one.suggestion.items()
    ]
    assert [suggested for suggested in given if suggested[0] not in SCORED or suggested[1] != suggested[2]] == []
    assert len(given) == {"roster.csv": 152, "sheet.csv": 75, "taxes.txt": 26, "bus.txt": 13}[sample.name]


def test_repeated_lines_name_the_line_they_repeat(sample: Sample, found: list[Judged]) -> None:
    meant = {
        line: answer["duplicate_of_line"] for line, answer in sample.key().items() if "duplicate_of_line" in answer
    }
    assert {one.line: one.duplicate_of_line for one in found if one.duplicate_of_line is not None} == meant


def test_defects_are_those_of_the_key(sample: Sample, found: list[Judged]) -> None:
    accuracy: Accuracy = measured(found, sample.key())
    # The key of the sheet lists the two-digit year and the notation of the class also where they are not.
    assert accuracy.pairs.total() - accuracy.defects_equal == {"sheet.csv": 124}.get(sample.name, 0)
