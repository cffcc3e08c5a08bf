"""What is known of a child when it is asked whether it may apply. What is not known is None, or an empty text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from services_catalog.admission.admission import WhoRule

OUTSIDE = "outside"
"""The answer of who says that the home lies in none of the areas."""


class Outcome(StrEnum):
    """What a rule says of a child. An unknown fact never refuses: the office is asked."""

    ALLOWED = "allowed"
    NEEDS_OFFICE = "needs_office"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Applicant:
    """The facts of a child. ``comune`` is the Comune applied to, ``residence`` where the child lives (Belfiore codes);
    ``minors`` a lower bound, for the Comune may not know them all; a condition absent from ``conditions`` is unknown.
    """

    comune: str = ""
    birth_date: date | None = None
    residence: str = ""
    guardians_live_in: frozenset[str] = frozenset()
    address: str = ""
    level: str = ""
    school: str = ""
    class_year: int | None = None
    section: str = ""
    isee_cents: int | None = None
    minors: int | None = None
    conditions: Mapping[str, bool] = field(default_factory=lambda: MappingProxyType({}))
    metres: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    areas: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    line: str = ""
    answers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Reason:
    """What one rule says: ``rule`` is None for the windows. ``known`` is the fact it was said of, for people."""

    outcome: Outcome
    rule: WhoRule | None
    known: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a child may apply, with what every rule says of it, in the order of the edition."""

    reasons: tuple[Reason, ...]
    band: str = ""
    """The code of the child's age band; empty where there are none, or it falls in none."""

    @property
    def outcome(self) -> Outcome:
        """Refused if one rule refuses, else for the office if one asks it, else allowed."""
        said = {reason.outcome for reason in self.reasons}
        for outcome in (Outcome.REFUSED, Outcome.NEEDS_OFFICE):
            if outcome in said:
                return outcome
        return Outcome.ALLOWED

    def said(self, outcome: Outcome) -> list[Reason]:
        """The reasons of one kind."""
        return [reason for reason in self.reasons if reason.outcome is outcome]
