"""Files of shapes that nobody has seen: nearly all columns are recognised, and none is wrong where it is sure."""

from pathlib import Path

import pytest

from tests.onboarding.recognition.measure import HEADINGS, KINDS, measure

LEAST = {"named": 0.99, "numbered": 0.95, "absent": 0.95}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("headings", HEADINGS)
def test_columns_of_unseen_shapes_are_recognised(kind: str, headings: str, tmp_path: Path) -> None:
    found = measure(kind, headings, range(100, 105), tmp_path)
    assert found.wrong_and_sure == []
    assert found.share >= LEAST[headings], found.misses
