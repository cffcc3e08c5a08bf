"""What every back office of the local taxes can be asked."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from integrations.tributi.types import Reason, Tax, Verdict


@dataclass(frozen=True, slots=True)
class Standing:
    """What an adapter found of one person: the door adds legal basis and expiry."""

    verdict: Verdict
    reason: Reason
    taxes: tuple[Tax, ...]
    as_of: date

    def __repr__(self) -> str:
        return f"Standing(as of {self.as_of})"


class TaxOffice(Protocol):
    """The back office of the taxes of one Comune."""

    def probe(self) -> None:
        """Asks whether it is there, about nobody. Raises ConnectorError."""

    def standing(self, fiscal_code: str, *, today: date) -> Standing | None:
        """How the person stands; None when the office does not know her. Raises ConnectorError."""
