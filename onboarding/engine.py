"""The engine as the screens use it: a kept file, a reading of it, a verdict on each of its lines."""

from collections.abc import Iterator
from datetime import date

from onboarding.judging.catalogue import CATALOGUE
from onboarding.judging.judging import Judging, judge
from onboarding.judging.types import Known
from onboarding.mapping.structs import Mapping
from onboarding.recognition.facts import facts_of_packs
from onboarding.recognition.proposing import propose
from onboarding.sentences import SENTENCES
from onboarding.sentences import told as _told
from onboarding.sources.opening import open_source
from onboarding.sources.rows import read_rows
from onboarding.sources.types import Source, SourceRow

__all__ = ["CATALOGUE", "open_source", "proposal", "read_rows", "told", "verdicts"]


def proposal(source: Source, *, municipality: str, today: date) -> Mapping:
    """How a file is most probably to be read."""
    return propose(source, facts_of_packs(today=today, municipality=municipality))


def verdicts(rows: Iterator[SourceRow], mapping: Mapping, known: Known) -> Judging:
    """A verdict for every line, in order; then its `amendments`."""
    return judge(rows, mapping, known)


def told(code: str, detail: str) -> tuple[str, str]:
    """(what is wrong, what to do) for one defect."""
    if code not in SENTENCES:
        return code, ""
    return _told(code, detail)


def rows_of(source: Source, mapping: Mapping) -> Iterator[SourceRow]:
    """Every line, cut as the mapping says."""
    return read_rows(source, mapping)
