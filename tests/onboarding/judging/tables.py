"""The confusion tables of docs/onboarding-accuracy.md.

python -m tests.onboarding.judging.tables    (DEBUG=1, PYTHONPATH=platform:.) writes them anew
"""

# ruff: noqa: E501 -- the page is a text

import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from onboarding.judging.known import known_of
from onboarding.judging.types import Verdict
from onboarding.mapping.structs import Mapping
from onboarding.recognition.facts import facts_of_packs
from onboarding.recognition.proposing import propose
from onboarding.sources.opening import open_source
from tests.architecture.source import ROOT
from tests.onboarding.judging.accuracy import Accuracy, Key, judged, measured
from tests.onboarding.judging.samples import SAMPLES, TODAY, Sample
from tests.onboarding.unseen.shapes import SHAPES

DOCUMENT: Final = ROOT / "docs" / "onboarding-accuracy.md"
_HEAD: Final = """# How accurate the onboarding engine is

Each line of an export gets one verdict. Here the verdicts are compared with answer keys: rows are the verdict of the key, columns
ours; "imported" are the lines judged good or fix, "equal" those whose record has all the fields and values of the key and no others.
A repair is wrong when an imported record differs from the key's. The mapping is the one that `propose-mapping` gives, untouched.
`python -m tests.onboarding.judging.tables` writes this page; a test fails when it is no longer true.

The four samples stand in `tests/onboarding/sample`, the shapes nobody has seen are made by `tests/onboarding/unseen` (other Comuni,
names, headings, separators, encodings, dirt). All are invented: no real person.
"""
_TITLES: Final = {
    "comma_roster": "CSV with commas and quotes, schools by name",
    "workbook_sheet": "XLSX of a school, given name first, real dates",
    "tab_bus": "tabs, UTF-16, month and year in one cell",
    "fixed_taxes": "another fixed layout of the tax office",
    "semicolon_roster": "names in one column, class and section together",
}


def with_proposal(content: bytes, key: Key, municipality: str) -> Accuracy:
    """The verdicts on an export with the mapping that is proposed for it, compared with its key."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.dat"
        path.write_bytes(content)
        return measured_with(path, propose(open_source(path), facts_of_packs(today=TODAY)), key, municipality)


def measured_with(path: Path, mapping: Mapping, key: Key, municipality: str) -> Accuracy:
    """The verdicts on an export with a mapping, compared with its key."""
    return measured(judged(path, mapping, known_of(municipality, today=TODAY)), key)


@cache
def of_sample(sample: Sample) -> Accuracy:
    """A sample with its proposed mapping."""
    return with_proposal(sample.content(), sample.key(), "A662")


@cache
def of_shape(number: int) -> Accuracy:
    """A shape with its proposed mapping."""
    export = SHAPES[number]()
    return with_proposal(export.content, {one["line"]: one for one in export.answers}, export.municipality)


def document() -> str:
    """The page."""
    parts = [_HEAD, "## The four samples\n"]
    parts.extend(_table(f"{one.name}: {one.title}", of_sample(one)) for one in SAMPLES)
    parts.append("## Shapes nobody has seen\n")
    parts.extend(_table(_TITLES[one.__name__], of_shape(number)) for number, one in enumerate(SHAPES))
    return "\n".join(parts)


def _table(title: str, accuracy: Accuracy) -> str:
    return "\n".join([f"### {title}\n", _summary(accuracy), "", *_rows(accuracy), ""])


def _summary(accuracy: Accuracy) -> str:
    return (
        f"{accuracy.pairs.total()} lines with a key: {accuracy.share:.2%} with its verdict; imported {accuracy.records}, "
        f"equal {accuracy.share_equal:.2%}; wrong repairs {accuracy.repairs_wrong}."
    )


def _rows(accuracy: Accuracy) -> Iterator[str]:
    verdicts = [str(one) for one in Verdict if any(str(one) in pair for pair in accuracy.pairs)]
    yield f"| key \\ ours | {' | '.join(verdicts)} |"
    yield "|---" * (len(verdicts) + 1) + "|"
    for key in verdicts:
        yield f"| {key} | {' | '.join(str(accuracy.pairs[key, ours] or '') for ours in verdicts)} |"


if __name__ == "__main__":
    import django

    django.setup()
    DOCUMENT.write_text(document(), encoding="utf-8")
