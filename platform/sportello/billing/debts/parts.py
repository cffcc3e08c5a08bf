"""Whose part of a child's costs is shown: where they are divided, each payer reads her own and nobody else's."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sportello.billing.debts.bearing import Bearers, bearers_of
from sportello.billing.debts.shares import split_on


@dataclass(frozen=True, slots=True)
class SeenParts:
    """Child id -> the adult whose part is shown; a child not in it is shown whole."""

    adults: Mapping[int, int | None] = field(default_factory=dict)
    bearers: Bearers = field(default_factory=Bearers)

    def of(self, child_id: int, cents: int, on: date, payer: int | None = None) -> int:
        """What of a sum of that day is shown: a payment is of who made it, the rest is split by the day's shares."""
        if child_id not in self.adults:
            return cents
        shares, payers = self.bearers.shares.get(child_id, ()), self.bearers.payers.get(child_id, ())
        parts = split_on(cents, on, shares, payers) if payer is None else {payer: cents}
        adult = self.adults[child_id]
        return parts.get(adult, 0) if adult is not None else 0

    def divides(self, child_id: int) -> bool:
        """Whether a part alone is shown."""
        return child_id in self.adults


WHOLE = SeenParts()


def seen_parts(adults: Mapping[int, int | None]) -> SeenParts:
    """Two queries; none where no child's costs are divided."""
    return SeenParts(adults, bearers_of(adults)) if adults else WHOLE
