"""The samples and shapes nobody has seen, with the proposed mapping alone: the verdicts and records of their keys."""

import pytest

from tests.onboarding.judging.samples import SAMPLES, Sample
from tests.onboarding.judging.tables import DOCUMENT, document, of_sample, of_shape
from tests.onboarding.unseen.shapes import SHAPES


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_a_sample_with_its_proposed_mapping(sample: Sample) -> None:
    accuracy = of_sample(sample)
    assert accuracy.wrong == []
    assert accuracy.lines == sample.content().count(b"\n")


@pytest.mark.parametrize("number", range(len(SHAPES)), ids=lambda number: SHAPES[number].__name__)
def test_a_shape_nobody_has_seen(number: int) -> None:
    accuracy = of_shape(number)
    assert accuracy.lines == accuracy.pairs.total() >= 400
    assert accuracy.repairs_wrong == 0, accuracy.wrong[:5]
    assert accuracy.share >= 0.99, accuracy.wrong[:5]


def test_the_page_tells_what_is_true() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document()
