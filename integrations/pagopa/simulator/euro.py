"""Cents to the words of the contract and back, without floats (P13)."""

from decimal import Decimal


def written(cents: int) -> str:
    """4550 -> "45.50"."""
    return f"{cents // 100}.{cents % 100:02d}"


def cents_of(amount: str | Decimal) -> int:
    """The cents of an amount with at most two digits behind the point; raises ValueError for more."""
    cents = Decimal(amount).scaleb(2)
    if cents != cents.to_integral_value():
        raise ValueError(f"{amount} is no whole number of cents")
    return int(cents)
