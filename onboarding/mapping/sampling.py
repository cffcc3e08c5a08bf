"""The first rows of a file, as a mapping reads them: examples for the grid, verdicts for the preview."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from onboarding.engine import rows_of, verdicts
from onboarding.judging.types import Judged, Known, Verdict
from onboarding.mapping.structs import Mapping
from onboarding.sources.types import Source

SAMPLE: Final = 400
"""Lines read for examples."""
EXAMPLES: Final = 3
PREVIEWED: Final = 8
_WITHOUT_DATA: Final = (Verdict.NOT_DATA, Verdict.CONTROL)


@dataclass(frozen=True, slots=True)
class Sampled:
    """The different values of each column of a mapping, in its order, the commonest first."""

    values: Sequence[Sequence[str]]

    def examples(self, place: int) -> Sequence[str]:
        return self.values[place][:EXAMPLES] if place < len(self.values) else ()


def sampled(source: Source, mapping: Mapping) -> Sampled:
    """What stands in the columns of the first lines; headings, titles and sums are left aside where told."""
    counted: list[dict[str, int]] = [{} for _column in mapping.columns]
    fixed = mapping.layout.form == "fixed"
    heading = {name.strip() for name in mapping.layout.header}
    for row in islice(rows_of(source, mapping), SAMPLE):
        if row.trouble or row.number <= mapping.layout.header_line:
            continue
        if heading and sum(cell.strip() in heading for cell in row.cells if cell.strip()) > len(heading) // 2:
            continue
        for place, column in enumerate(mapping.columns):
            at = place if fixed else column.place - 1
            text = row.cells[at].strip() if at < len(row.cells) else ""
            if text:
                counted[place][text] = counted[place].get(text, 0) + 1
    return Sampled([sorted(found, key=lambda text: (-found[text], text)) for found in counted])


def previewed(source: Source, mapping: Mapping, known: Known) -> list[Judged]:
    """The verdicts on the first rows that hold data."""
    lines = islice(rows_of(source, mapping), SAMPLE)
    judged = verdicts(lines, mapping, known)
    return list(islice((each for each in judged if each.verdict not in _WITHOUT_DATA), PREVIEWED))
