"""The ISEE: the equivalent economic indicator of a household (DPCM 159/2013), to the cent."""

from dataclasses import dataclass
from typing import Self

from sportello.kernel.errors import DomainError, gettext_noop
from sportello.kernel.money import Money


class InvalidIsee(DomainError):
    """An ISEE is never negative."""


@dataclass(frozen=True, slots=True, order=True)
class Isee:
    """An ISEE value in integer cents of euro, zero or more.

    >>> Isee.from_decimal_string("12.500,01").cents
    1250001
    """

    cents: int

    def __post_init__(self) -> None:
        if self.cents < 0:
            raise InvalidIsee(gettext_noop("L'ISEE non può essere negativo."))

    @classmethod
    def from_decimal_string(cls, text: str) -> Self:
        """Read an ISEE written in Italian or plainly; raises InvalidAmount or InvalidIsee."""
        return cls(Money.from_decimal_string(text).cents)

    def format(self) -> str:
        """How people in Italy read it: "12.500,01 €"."""
        return Money(self.cents).format()

    def __str__(self) -> str:
        return self.format()
