"""Amounts at the border: integer cents on our side, `45.50` on pagoPA's (P13). Never a float."""

import re
from decimal import Decimal
from typing import Final

LARGEST: Final = 999_999_999_99  # cents
_SHAPE: Final = re.compile(r"0*([0-9]{1,9}\.[0-9]{2})", re.ASCII)


def text_of(cents: int) -> str:
    """`45.50`. Raises ValueError beyond what pagoPA can hold."""
    if not 0 <= cents <= LARGEST:
        raise ValueError(f"An amount of {cents} cents cannot be written.")
    return f"{Decimal(cents).scaleb(-2):.2f}"


def cents_of(text: str) -> int:
    """The cents of `45.50`: two decimals, no more and no fewer. Raises ValueError."""
    found = _SHAPE.fullmatch(text)
    if found is None:
        raise ValueError("Not an amount with two decimals.")
    return int(Decimal(found.group(1)).scaleb(2))
