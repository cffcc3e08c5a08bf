"""What is told of a person's standing with the local taxes: nothing more is taken from the other system."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Verdict(StrEnum):
    """How the person stands. UNKNOWN never counts against her."""

    REGULAR = "regular"
    IN_ARREARS = "in_arrears"
    UNKNOWN = "unknown"


class Reason(StrEnum):
    """Why: a closed list, so that no free text of the tax office travels with the verdict."""

    PAID = "paid"
    INSTALMENTS = "instalments"
    UNPAID = "unpaid"
    NOT_LISTED = "not_listed"
    TO_REVIEW = "to_review"
    DECLARED = "declared"


class Tax(StrEnum):
    """The taxes that may be concerned (L. 160/2019; L. 147/2013). Abolished ones are in no verdict."""

    IMU = "IMU"
    TARI = "TARI"
    TASI = "TASI"
    CANONE = "CUP"


@dataclass(frozen=True, slots=True)
class TaxVerdict:
    """The standing of one person on `as_of`; from `expires_on` it says nothing any more."""

    verdict: Verdict
    reason: Reason
    taxes: tuple[Tax, ...]
    as_of: date
    expires_on: date
    legal_basis: str

    def __repr__(self) -> str:
        # A traceback or a log line must not tell how somebody stands with the taxes.
        return f"TaxVerdict(as of {self.as_of})"
