"""What the rules say of a row: its verdict, its defects, the repaired record, a suggestion."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class Verdict(StrEnum):
    """What happens to a row; in order of gravity, except DUPLICATE which only the whole file can tell."""

    GOOD = "good"
    FIX = "fix"
    REVIEW = "review"
    REJECT = "reject"
    DUPLICATE = "duplicate"


class Defect(NamedTuple):
    """One thing about a row. `code` is a key of `defects.CATALOGUE`; `detail` fills the place of its sentence."""

    code: str
    detail: str = ""


@dataclass(slots=True)
class RosterRow:
    """A row as it will be stored: trimmed, repaired, typed. Amounts in cents; None = not known."""

    legacy_id: str = ""
    child_fiscal_code: str = ""
    child_family_name: str = ""
    child_given_name: str = ""
    child_sex: str = ""
    child_birth_date: date | None = None
    child_birthplace: str = ""
    address: str = ""
    postal_code: str = ""
    residence_code: str = ""
    school_code: str = ""
    class_year: int | None = None
    section: str = ""
    diet_kind: str = ""
    diet_code: str = ""
    isee_cents: int | None = None
    payer_family_name: str = ""
    payer_given_name: str = ""
    payer_fiscal_code: str = ""
    payer_sex: str = ""
    payer_birth_date: date | None = None
    payer_birthplace: str = ""
    phone: str = ""
    email: str = ""
    balance_cents: int | None = None


@dataclass(slots=True)
class Findings:
    """What is noted while a row is read: defects, and for what is wrong the value that would put it right."""

    defects: list[Defect] = field(default_factory=list)
    suggestion: dict[str, str] = field(default_factory=dict)

    def note(self, code: str, detail: str = "") -> None:
        self.defects.append(Defect(code, detail))

    def suggest(self, column: str, value: str) -> None:
        self.suggestion[column] = value


@dataclass(slots=True, frozen=True)
class Judged:
    """The outcome for one row; `row` is None for a row that cannot be read."""

    verdict: Verdict
    defects: list[Defect]
    row: RosterRow | None
    suggestion: dict[str, str]


@dataclass(frozen=True, slots=True)
class Known:
    """What the rules may know beside the row: the day, and the schools of the Comune with their levels."""

    today: date
    schools: dict[str, str]
