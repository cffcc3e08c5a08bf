"""Exports of shapes nobody has seen, with the proposed mapping alone: the verdicts and records of their keys."""

from collections.abc import Callable
from pathlib import Path

import pytest

from onboarding.judging.known import known_of
from onboarding.recognition.facts import facts_of_packs
from onboarding.recognition.proposing import propose
from onboarding.sources.opening import open_source
from tests.onboarding.judging.accuracy import judged, measured
from tests.onboarding.judging.samples import SAMPLES, TODAY, Sample, known
from tests.onboarding.unseen.shapes import SHAPES, Export


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_the_samples_with_their_proposed_mapping(sample: Sample, tmp_path: Path) -> None:
    path = sample.written(tmp_path)
    mapping = propose(open_source(path), facts_of_packs(today=TODAY))
    accuracy = measured(judged(path, mapping, known()), sample.key())
    assert accuracy.wrong == []
    assert accuracy.lines == sample.content().count(b"\n")


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_a_shape_nobody_has_seen(shape: Callable[[], Export], tmp_path: Path) -> None:
    export = shape()
    path = tmp_path / "export.dat"
    path.write_bytes(export.content)
    mapping = propose(open_source(path), facts_of_packs(today=TODAY))
    key = {answer["line"]: answer for answer in export.answers}
    accuracy = measured(judged(path, mapping, known_of(export.municipality, today=TODAY)), key)
    assert accuracy.lines == len(key)
    assert accuracy.repairs_wrong == 0, accuracy.wrong[:5]
    assert accuracy.share >= 0.99, accuracy.wrong[:5]
