"""The engine as the screens use it: a kept file, a reading of it, a verdict on each of its lines."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from onboarding.judging.catalogue import CATALOGUE
from onboarding.judging.judging import Judging, judge
from onboarding.judging.sentences import told as _told
from onboarding.judging.types import Defect, Known
from onboarding.mapping.structs import Mapping
from onboarding.recognition.facts import facts_of_packs
from onboarding.recognition.proposing import propose
from onboarding.sources.opening import open_source
from onboarding.sources.rows import read_rows
from onboarding.sources.types import Source, SourceRow

__all__ = ["CATALOGUE", "LEFT_OUT", "open_source", "proposal", "rows_of", "told", "verdicts"]

LEFT_OUT: Final = "left_out"
"""The one defect that no rule finds: a person left the row out."""


def proposal(source: Source, *, municipality: str, today: date) -> Mapping:
    """How a file is most probably to be read."""
    return propose(source, facts_of_packs(today=today, municipality=municipality))


def verdicts(rows: Iterator[SourceRow], mapping: Mapping, known: Known) -> Judging:
    """A verdict for every line, in order; then its `amendments`."""
    return judge(rows, mapping, known)


def told(defect: Defect) -> tuple[str, str]:
    """(what is wrong, what to do) for one defect, also for rows staged under a catalogue that had other codes."""
    if defect.code == LEFT_OUT:
        return _("Lasciata fuori da chi controlla."), _("Se serve, revoca la decisione e controlla di nuovo.")
    return _told(defect) if defect.code in CATALOGUE else (defect.code, "")


def rows_of(source: Source, mapping: Mapping) -> Iterator[SourceRow]:
    """Every line, cut as the mapping says."""
    return read_rows(source, mapping)
