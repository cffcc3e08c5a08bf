"""What every word of the language is made of: the root struct, codes, percentages and ISEE intervals."""

from decimal import Decimal
from typing import Annotated, Literal

import msgspec

from sportello.kernel.errors import gettext_noop
from sportello.kernel.money import Money

type Level = Literal["nido", "infanzia", "primaria", "secondaria_1", "secondaria_2"]
type Code = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
type Rank = Annotated[int, msgspec.Meta(ge=1, le=20)]
type Count = Annotated[int, msgspec.Meta(ge=0, le=400)]
type Percent = Decimal


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The root of every struct of the language: frozen, and a key it does not know is an error."""


def check_percent(percent: Percent | None) -> None:
    """Refuse what is not between 0 and 100."""
    if percent is not None and not 0 <= percent <= 100:
        raise ValueError(gettext_noop("la percentuale deve stare fra 0 e 100"))


def check_not_negative(amount: Money | None) -> None:
    """Refuse an amount below nothing."""
    if amount is not None and amount.cents < 0:
        raise ValueError(gettext_noop("l'importo non può essere negativo"))


class IseeRow(Rule, frozen=True, kw_only=True):
    """An ISEE interval, both bounds inclusive; without ``isee_to`` it has no upper bound."""

    isee_from: Money = Money(0)
    isee_to: Money | None = None
    assumption: str = ""

    def __post_init__(self) -> None:
        check_not_negative(self.isee_from)
        if self.isee_to is not None and self.isee_to < self.isee_from:
            raise ValueError(gettext_noop("«isee_to» è più piccolo di «isee_from»"))
