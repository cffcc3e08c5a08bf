"""Amounts: the ISEE and the balance brought over, to the cent."""

import re
from typing import Final

from onboarding.layout import BALANCE, ISEE, Cells
from onboarding.record import Findings, RosterRow
from sportello.kernel.money import InvalidAmount, Money

_AS_WRITTEN_IN_ITALY: Final = re.compile(r"-?\d{1,3}(?:\.\d{3})*,\d{2}")
_COULD_BE_THOUSANDS_OR_DECIMALS: Final = re.compile(r"-?\d+\.\d{3}")
LARGEST_CENTS: Final = 100_000_000_00


def read_isee(cells: Cells, row: RosterRow, findings: Findings) -> None:
    """Empty means not declared. "1.234" is not read: a point and three digits may be thousands or a lost zero."""
    written = cells[ISEE].strip()
    if not written:
        return
    cents = _cents(written)
    if cents is None or cents < 0:
        findings.note("isee_unreadable", written[:20])
        return
    row.isee_cents = cents
    if _AS_WRITTEN_IN_ITALY.fullmatch(written) is None:
        findings.note("isee_format")


def read_balance(cells: Cells, row: RosterRow, findings: Findings) -> None:
    """More than zero is in the family's favour, less is due, as in the file. Empty is not zero: nobody wrote it."""
    written = cells[BALANCE].strip()
    if not written:
        findings.note("balance_missing")
        return
    cents = _cents(written)
    if cents is None:
        findings.note("balance_unreadable", written[:20])
        return
    row.balance_cents = cents
    if _AS_WRITTEN_IN_ITALY.fullmatch(written) is None:
        findings.note("balance_format")


def _cents(written: str) -> int | None:
    if _COULD_BE_THOUSANDS_OR_DECIMALS.fullmatch(written):
        return None
    try:
        cents = Money.from_decimal_string(written).cents
    except InvalidAmount:
        return None
    return cents if abs(cents) <= LARGEST_CENTS else None
