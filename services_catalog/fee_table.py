"""The language of fee tables: composable steps, each a frozen value, none of them code.

A price is worked out in this order: the base (or the base that replaces it), the shifts of band, the reductions in the
order written, rounding, minimum and maximum. What is due for a use of the service follows: free units, times,
proration, the further parts, minimum and maximum of the whole. Every new form met in a regulation is one more tagged
struct in ``Base``, ``Reduction`` or ``Proration``; nothing already written changes. Amounts are :class:`Money`, written
"1.90"; ISEE bounds are inclusive on both sides, to the cent, as municipal acts print them, so that a hole between two
rows can be said and found.
"""

from collections.abc import Iterator
from typing import Literal

import msgspec

from services_catalog.fees.base import (
    Band,
    Base,
    Column,
    CostShare,
    ExcessSlope,
    FlatBands,
    LevelCost,
    Matrix,
    MatrixRow,
    PiecewiseLinear,
    Segment,
    ShareBand,
    SinglePrice,
    StatedAmount,
)
from services_catalog.fees.circumstance import IncomeLimit, When
from services_catalog.fees.modifiers import (
    AddedUp,
    BandShift,
    BestOf,
    ConditionDiscount,
    Discount,
    Exemption,
    FixedPrice,
    IseeDiscount,
    IseeDiscounts,
    Reduction,
    Replacement,
    SiblingDiscount,
    SiblingDiscounts,
    SiblingPrice,
    SiblingPrices,
    SiblingRow,
    SingleReduction,
    Surcharge,
)
from services_catalog.fees.payment import PaymentPolicy
from services_catalog.fees.policy import (
    ArrearsPolicy,
    CreditPolicy,
    FilingWindow,
    IseePolicy,
    IseeState,
    SiblingCounting,
    Statement,
)
from services_catalog.fees.proration import (
    AbsenceShare,
    Counted,
    CountRow,
    CountSteps,
    EachTime,
    FreeRow,
    FreeUnits,
    Instalment,
    NotDue,
    Parts,
    PerBlock,
    PerDay,
    PerMeal,
    PerMonth,
    PerPeriod,
    PerYear,
    Proration,
    Unit,
)
from services_catalog.fees.roots import Code, Count, IseeRow, Level, Percent, Rank, Rule, check_not_negative
from sportello.kernel.errors import gettext_noop
from sportello.kernel.money import Money

__all__ = [
    "AbsenceShare", "AddedUp", "ArrearsPolicy", "Band", "BandShift", "Base", "BestOf", "Code", "Column",
    "ConditionDiscount", "CostShare", "Count", "CountRow", "CountSteps", "Counted", "CreditPolicy", "Discount",
    "EachTime", "ExcessSlope", "Exemption", "FeeTable", "FilingWindow", "FixedPrice", "FlatBands", "FreeRow",
    "FreeUnits", "IncomeLimit", "Instalment", "IseeDiscount", "IseeDiscounts", "IseePolicy", "IseeRow", "IseeState",
    "Level", "LevelCost", "Matrix", "MatrixRow", "NotDue", "Part", "Parts", "PaymentPolicy", "PerBlock", "PerDay",
    "PerMeal", "PerMonth", "PerPeriod", "PerYear", "Percent", "PiecewiseLinear", "Proration", "Rank", "Reduction",
    "Replacement", "Rule", "Segment", "ShareBand", "SiblingCounting", "SiblingDiscount", "SiblingDiscounts",
    "SiblingPrice", "SiblingPrices", "SiblingRow", "SinglePrice", "SingleReduction", "StatedAmount", "Statement",
    "Surcharge", "Tariff", "Unit", "When", "structs_of",
]  # fmt: skip


class Tariff(Rule, frozen=True, kw_only=True):
    """How the price of one unit follows from the facts of a child, and how much of it is due for a use."""

    unit: Unit
    base: Base
    replacements: tuple[Replacement, ...] = ()
    shifts: tuple[BandShift, ...] = ()
    reductions: tuple[Reduction, ...] = ()
    round_to: Money = Money(1)
    rounding: Literal["half_up", "down", "up"] = "half_up"
    minimum: Money | None = None
    maximum: Money | None = None
    proration: tuple[Proration, ...] = ()

    def __post_init__(self) -> None:
        if self.round_to.cents < 1:
            raise ValueError(gettext_noop("«round_to» è almeno un centesimo"))
        check_not_negative(self.minimum)
        check_not_negative(self.maximum)
        if self.minimum is not None and self.maximum is not None and self.maximum < self.minimum:
            raise ValueError(gettext_noop("«maximum» è più piccolo di «minimum»"))

    def bases(self) -> Iterator[tuple[str, Base]]:
        """Every base it may start from, with its place below the tariff."""
        yield "base", self.base
        yield from ((f"replacements[{index}].base", item.base) for index, item in enumerate(self.replacements))


class Part(Tariff, frozen=True, kw_only=True):
    """A further part of what is due: a price for each day of presence beside a monthly one, say."""

    code: Code


class FeeTable(Tariff, frozen=True, kw_only=True):
    """The fee of a service: its tariff, further parts that are added to it, and the policies around them."""

    parts: tuple[Part, ...] = ()
    free_units: FreeUnits | None = None
    due_minimum: Money | None = None
    due_maximum: Money | None = None
    instalments: tuple[Instalment, ...] = ()
    full_cost: Money | None = None
    """What one unit costs the Comune: what the family does not pay of it is shown as the Comune's share."""
    never_falls: bool = False
    """The Comune says that who has a higher ISEE never pays less: a fall is then an error, not a question."""
    isee: IseePolicy = IseePolicy()
    siblings: SiblingCounting = SiblingCounting()
    arrears: ArrearsPolicy = ArrearsPolicy()
    credit: CreditPolicy = CreditPolicy()
    payment: PaymentPolicy = PaymentPolicy()
    statements: tuple[Statement, ...] = ()
    open_questions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        check_not_negative(self.due_minimum)
        check_not_negative(self.due_maximum)
        if self.instalments and sum(one.share_percent for one in self.instalments) != 100:
            raise ValueError(gettext_noop("le rate insieme fanno il 100 per cento"))
        codes = [part.code for part in self.parts]
        if len(set(codes)) < len(codes):
            raise ValueError(gettext_noop("due parti della tariffa hanno lo stesso codice"))

    def tariffs(self) -> Iterator[tuple[str, Tariff]]:
        """The tariff and its further parts, each with its place."""
        yield "fees", self
        yield from ((f"fees.parts[{index}]", part) for index, part in enumerate(self.parts))

    @property
    def to_confirm(self) -> bool:
        """Whether some amount is still to be decided: such a table is never in force."""
        bases = [base for _where, tariff in self.tariffs() for _below, base in tariff.bases()]
        return any(isinstance(base, StatedAmount) and base.to_confirm for base in bases)

    def conditions(self) -> frozenset[str]:
        """The names of every condition some step reads."""
        named: set[str] = set()
        for struct in structs_of(self):
            if isinstance(struct, When):
                named |= struct.conditions()
            elif isinstance(struct, Replacement | Exemption | ConditionDiscount) and struct.condition:
                named.add(struct.condition)
        if self.arrears.does_something:
            named |= {self.arrears.condition, *self.arrears.spared}
        return frozenset(named)

    def reads_level(self) -> bool:
        """Whether a price depends on the school level."""
        return any(
            isinstance(struct, CostShare) or (isinstance(struct, When) and struct.levels) for struct in structs_of(self)
        )

    def reads_household(self) -> bool:
        """Whether a price depends on how many minors live together, or how many are enrolled."""
        read = ("minors_from", "minors_to", "enrolled_from", "enrolled_to")
        whens = [struct for struct in structs_of(self) if isinstance(struct, When)]
        return any(getattr(when, name) is not None for when in whens for name in read)


def structs_of(node: object) -> Iterator[msgspec.Struct]:
    """A struct of the language and all that it holds, at any depth."""
    if isinstance(node, msgspec.Struct):
        yield node
        for name in node.__struct_fields__:
            yield from structs_of(getattr(node, name))
    elif isinstance(node, tuple):
        for item in node:
            yield from structs_of(item)
