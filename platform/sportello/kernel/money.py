"""Amounts in integer cents of euro, and the one rounding function of the house."""

import re
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from functools import total_ordering
from typing import Self

from sportello.kernel.errors import DomainError, gettext_noop

_CLEAN = re.compile(r"[\s\u00a0\u202f]|€|EUR", re.IGNORECASE)
_THOUSANDS = re.compile(r"([+-]?)([0-9]{1,3}(?:\.[0-9]{3})+)(?:,([0-9]{1,2}))?")
_PLAIN = re.compile(r"([+-]?)([0-9]+)(?:[.,]([0-9]{1,2}))?")


class InvalidAmount(DomainError):
    """The text is not an amount in euro with at most two decimals."""


def round_half_up(value: Decimal | Fraction | int) -> int:
    """Round an exact number to the nearest integer, halves away from zero.

    >>> round_half_up(Decimal("420.3")), round_half_up(Decimal("2.5")), round_half_up(Decimal("-2.5"))
    (420, 3, -3)
    """
    numerator, denominator = value.as_integer_ratio()
    quotient = (2 * abs(numerator) + denominator) // (2 * denominator)
    return quotient if numerator >= 0 else -quotient


@total_ordering
class Money:
    """An amount of euro as integer cents; exact, immutable, hashable, ordered. Never a float.

    A class of its own rather than a dataclass: the rule language (msgspec) must write it "1.90", not {"cents": 190}.

    >>> Money.from_decimal_string("1.234,50") + Money(50)
    Money(cents=123500)
    """

    __slots__ = ("_cents",)

    def __init__(self, cents: int) -> None:
        self._cents = cents

    @property
    def cents(self) -> int:
        """The amount in cents of euro."""
        return self._cents

    @classmethod
    def zero(cls) -> Self:
        """No money."""
        return cls(0)

    @classmethod
    def from_decimal_string(cls, text: str) -> Self:
        """Read an amount written in Italian ("1.234,50", "12,5 €") or plainly ("1234.50").

        A point followed by exactly three digits separates thousands, for an amount has at most two decimals.
        Raises InvalidAmount for anything else.

        >>> Money.from_decimal_string("12.500").cents, Money.from_decimal_string("-0,05 €").cents
        (1250000, -5)
        """
        cleaned = _CLEAN.sub("", text)
        match = _THOUSANDS.fullmatch(cleaned) or _PLAIN.fullmatch(cleaned)
        if match is None:
            raise InvalidAmount(
                gettext_noop("«%(text)s» non è un importo: scrivi euro e centesimi, per esempio 1234,50."), text=text
            )
        sign, whole, decimals = match.groups()
        cents = int(whole.replace(".", "")) * 100 + int((decimals or "0").ljust(2, "0"))
        return cls(-cents if sign == "-" else cents)

    @classmethod
    def sum(cls, amounts: Iterable["Money"]) -> Self:
        """The total of some amounts; zero when there are none."""
        return cls(sum(amount.cents for amount in amounts))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Money) and self._cents == other._cents

    def __lt__(self, other: "Money") -> bool:
        return self._cents < other._cents

    def __hash__(self) -> int:
        return hash((Money, self._cents))

    def __add__(self, other: "Money") -> "Money":
        return Money(self.cents + other.cents)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.cents - other.cents)

    def __mul__(self, times: int) -> "Money":
        return Money(self.cents * times)

    __rmul__ = __mul__

    def __neg__(self) -> "Money":
        return Money(-self.cents)

    def __abs__(self) -> "Money":
        return Money(abs(self.cents))

    def __bool__(self) -> bool:
        return self.cents != 0

    def share(self, percent: Decimal | int) -> "Money":
        """That percentage of the amount, rounded half up to the cent.

        >>> Money(467).share(90), Money(498).share(Decimal("8.5"))
        (Money(cents=420), Money(cents=42))
        """
        return Money(round_half_up(Fraction(percent) * self.cents / 100))

    def as_decimal(self) -> Decimal:
        """Euro with two decimals, for files and for other systems."""
        return Decimal(self.cents).scaleb(-2)

    def as_decimal_string(self) -> str:
        """Euro with a decimal point and two decimals: "1234.50"."""
        return f"{self.as_decimal():.2f}"

    def format(self) -> str:
        """How people in Italy read it.

        >>> Money(123450).format(), Money(-5).format()
        ('1.234,50 €', '-0,05 €')
        """
        whole, cents = divmod(abs(self.cents), 100)
        grouped = f"{whole:,}".replace(",", ".")
        return f"{'-' if self.cents < 0 else ''}{grouped},{cents:02d} €"

    def __str__(self) -> str:
        return self.format()

    def __repr__(self) -> str:
        return f"Money(cents={self._cents})"
