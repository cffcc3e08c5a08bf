"""The four sample exports with their answer keys. Invented: no real person; names combined at random, codes valid."""

import lzma
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from onboarding.judging.known import known_of
from onboarding.judging.types import Known
from onboarding.mapping.structs import Mapping
from tests.onboarding.judging import mappings
from tests.onboarding.judging.accuracy import Key, key_of

SAMPLE: Final = Path(__file__).parent.parent / "sample"
TODAY: Final = date(2026, 11, 23)


@dataclass(frozen=True, eq=False)
class Sample:
    """An export, what it is typical of, its key, and the mapping a person would write."""

    name: str
    title: str
    answers: str
    mapping: Mapping

    def content(self) -> bytes:
        """The bytes of the export."""
        return lzma.decompress((SAMPLE / f"{self.name}.xz").read_bytes())

    def key(self) -> Key:
        """Its answers by line."""
        return key_of(lzma.decompress((SAMPLE / f"{self.answers}.xz").read_bytes()).decode().splitlines())

    def written(self, folder: Path) -> Path:
        """The export as a file whose name tells nothing."""
        path = folder / "export.dat"
        path.write_bytes(self.content())
        return path


SAMPLES: Final = (
    Sample("roster.csv", "canteen back office, one row per child", "answers.jsonl", mappings.ROSTER),
    Sample("sheet.csv", "sheet of a school's secretary, months in columns", "sheet.answers.jsonl", mappings.SHEET),
    Sample("taxes.txt", "local taxes, fixed width", "taxes.answers.jsonl", mappings.TAXES),
    Sample("bus.txt", "school bus, one row per child and month", "bus.answers.jsonl", mappings.BUS),
)


@cache
def known() -> Known:
    """What is known of Bari."""
    return known_of("A662", today=TODAY)
