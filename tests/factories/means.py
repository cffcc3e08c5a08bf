"""What a family declares of its means."""

from datetime import date
from typing import Any

from sportello.families.models import Child
from sportello.kernel.money import Money
from sportello.means.models import IseeAttestation, Provenance


def isee(minor: Child, euro: str = "8.500,00", **fields: Any) -> IseeAttestation:
    """An ISEE of 2026 for the child, to the end of the year as the law says."""
    values: dict[str, Any] = {
        "amount_cents": Money.from_decimal_string(euro).cents,
        "filed_on": date(2026, 2, 1),
        "provenance": Provenance.DOCUMENT,
        "valid_during": (date(2026, 2, 1), date(2027, 1, 1)),
    }
    return IseeAttestation.objects.create(child=minor, **{**values, **fields})
