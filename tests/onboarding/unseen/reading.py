"""An export from its text to the verdicts, with the mapping that is proposed for it, as nobody corrects it."""

from collections.abc import Sequence
from pathlib import Path

from onboarding.judging.known import known_of
from onboarding.judging.types import Judged
from onboarding.mapping.structs import Column, Mapping
from onboarding.recognition.facts import facts_of_packs
from onboarding.recognition.proposing import propose
from onboarding.sources.opening import open_source
from tests.onboarding.judging.accuracy import judged
from tests.onboarding.judging.samples import TODAY
from tests.onboarding.unseen.people import Child, World

TOWN = "A225"


def children(count: int, seed: int = 31) -> list[Child]:
    """Children of a Comune, the same every time."""
    return World(seed, TOWN, 2026).many(count)


def read_export(folder: Path, content: bytes) -> tuple[Mapping, list[Judged]]:
    """The mapping, and the verdict on each line."""
    path = folder / "export.dat"
    path.write_bytes(content)
    mapping = propose(open_source(path), facts_of_packs(today=TODAY))
    return mapping, list(judged(path, mapping, known_of(TOWN, today=TODAY)))


def delimited(rows: Sequence[Sequence[str]], end: str = "\r\n", separator: str = ";") -> bytes:
    """Cells as a CSV that quotes nothing."""
    return "".join(separator.join(row) + end for row in rows).encode()


def column(mapping: Mapping, field: str) -> Column:
    """The first column of a field."""
    return next(one for one in mapping.columns if one.field == field)
