"""The language of fee tables: composable steps, each a frozen value, none of them code.

A price is worked out in this order: the base (or the base that replaces it under a condition), the reductions in the
order written, rounding, minimum and maximum. Every new form met in a regulation is one more tagged struct in ``Base``
or ``Reduction``; nothing already written changes. Amounts are :class:`Money`, written "1.90"; ISEE bounds are inclusive
on both sides, to the cent, as municipal acts print them, so that a hole between two rows can be said and found.
"""

from decimal import Decimal
from typing import Annotated, Literal

import msgspec

from sportello.kernel.errors import gettext_noop
from sportello.kernel.money import Money

type Level = Literal["nido", "infanzia", "primaria", "secondaria_1", "secondaria_2"]
type Code = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
type Rank = Annotated[int, msgspec.Meta(ge=1, le=20)]
type Percent = Decimal


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The root of every struct of the language: frozen, and a key it does not know is an error."""


def _check_percent(percent: Percent) -> None:
    if not 0 <= percent <= 100:
        raise ValueError(gettext_noop("la percentuale deve stare fra 0 e 100"))


def _check_not_negative(amount: Money | None) -> None:
    if amount is not None and amount.cents < 0:
        raise ValueError(gettext_noop("l'importo non può essere negativo"))


class IseeRow(Rule, frozen=True, kw_only=True):
    """An ISEE interval, both bounds inclusive; without ``isee_to`` it has no upper bound."""

    isee_from: Money = Money(0)
    isee_to: Money | None = None
    assumption: str = ""

    def __post_init__(self) -> None:
        _check_not_negative(self.isee_from)
        if self.isee_to is not None and self.isee_to < self.isee_from:
            raise ValueError(gettext_noop("«isee_to» è più piccolo di «isee_from»"))


class Band(IseeRow, frozen=True, kw_only=True):
    """One row of a table of amounts."""

    amount: Money

    def __post_init__(self) -> None:
        super().__post_init__()
        _check_not_negative(self.amount)


class ShareBand(IseeRow, frozen=True, kw_only=True):
    """One row of a table of shares: which percentage of the unit cost the family pays."""

    share_percent: Percent

    def __post_init__(self) -> None:
        super().__post_init__()
        _check_percent(self.share_percent)


class LevelCost(Rule, frozen=True, kw_only=True):
    """What one unit costs the Comune at a school level."""

    level: Level
    unit_cost: Money

    def __post_init__(self) -> None:
        _check_not_negative(self.unit_cost)


class FlatBands(Rule, frozen=True, kw_only=True, tag="flat_bands", tag_field="kind"):
    """An amount for each ISEE band."""

    bands: Annotated[tuple[Band, ...], msgspec.Meta(min_length=1)]


class CostShare(Rule, frozen=True, kw_only=True, tag="cost_share", tag_field="kind"):
    """A share of the unit cost for each ISEE band; the unit cost depends on the school level."""

    unit_costs: Annotated[tuple[LevelCost, ...], msgspec.Meta(min_length=1)]
    bands: Annotated[tuple[ShareBand, ...], msgspec.Meta(min_length=1)]

    def __post_init__(self) -> None:
        levels = [cost.level for cost in self.unit_costs]
        if len(set(levels)) < len(levels):
            raise ValueError(gettext_noop("un grado di scuola compare due volte fra i costi unitari"))


class SinglePrice(Rule, frozen=True, kw_only=True, tag="single_price", tag_field="kind"):
    """The same amount for everybody."""

    amount: Money

    def __post_init__(self) -> None:
        _check_not_negative(self.amount)


type Base = FlatBands | CostShare | SinglePrice


class Replacement(Rule, frozen=True, kw_only=True):
    """Another base for the children to whom a condition applies (arrears, say); the first that holds is used."""

    condition: Code
    base: Base


class SiblingRow(Rule, frozen=True, kw_only=True):
    """For which children a sibling reduction holds: a range of ranks, and of children using the service."""

    rank_from: Rank
    rank_to: Rank | None = None
    children_from: Rank = 1
    children_to: Rank | None = None
    assumption: str = ""

    def applies(self, *, rank: int, children: int) -> bool:
        """Whether a child of that rank, among that many, falls in the row."""
        in_rank = self.rank_from <= rank and (self.rank_to is None or rank <= self.rank_to)
        return in_rank and self.children_from <= children and (self.children_to is None or children <= self.children_to)


class SiblingDiscount(SiblingRow, frozen=True, kw_only=True):
    """So much per cent less."""

    discount_percent: Percent

    def __post_init__(self) -> None:
        _check_percent(self.discount_percent)


class SiblingPrice(SiblingRow, frozen=True, kw_only=True):
    """A fixed amount in place of the one of the band."""

    amount: Money

    def __post_init__(self) -> None:
        _check_not_negative(self.amount)


class SiblingDiscounts(Rule, frozen=True, kw_only=True, tag="sibling_discounts", tag_field="kind"):
    """A percentage less by the rank of the child; optionally only within an ISEE interval."""

    rows: Annotated[tuple[SiblingDiscount, ...], msgspec.Meta(min_length=1)]
    isee_from: Money = Money(0)
    isee_to: Money | None = None


class SiblingPrices(Rule, frozen=True, kw_only=True, tag="sibling_prices", tag_field="kind"):
    """A fixed price by the rank of the child; ``only_if_lower`` keeps the amount of the band when it is smaller."""

    rows: Annotated[tuple[SiblingPrice, ...], msgspec.Meta(min_length=1)]
    only_if_lower: bool = True


class Exemption(Rule, frozen=True, kw_only=True, tag="exemption", tag_field="kind"):
    """Nothing to pay when the condition holds and, where limits are given, the ISEE lies between them (inclusive)."""

    condition: Code
    isee_from: Money = Money(0)
    isee_to: Money | None = None


class ConditionDiscount(Rule, frozen=True, kw_only=True, tag="condition_discount", tag_field="kind"):
    """A percentage less when the condition holds."""

    condition: Code
    discount_percent: Percent

    def __post_init__(self) -> None:
        _check_percent(self.discount_percent)


type Reduction = SiblingDiscounts | SiblingPrices | Exemption | ConditionDiscount


class PerMeal(Rule, frozen=True, kw_only=True, tag="meal", tag_field="kind"):
    """The price is of one meal served."""


class PerBlock(Rule, frozen=True, kw_only=True, tag="block", tag_field="kind"):
    """The price is of a prepaid block of meals: a stock, not a period."""

    meals: Annotated[int, msgspec.Meta(ge=1, le=400)]


class PerMonth(Rule, frozen=True, kw_only=True, tag="month", tag_field="kind"):
    """The price is of one calendar month."""


type Unit = PerMeal | PerBlock | PerMonth


class SiblingCounting(Rule, frozen=True, kw_only=True):
    """Who counts as a brother or sister, and who comes first: acts seldom say, so it is a declared setting."""

    counted: Literal["users_of_service", "minors_of_household"] = "users_of_service"
    order: Literal["eldest_first", "youngest_first"] = "eldest_first"
    assumption: str = ""


class IseePolicy(Rule, frozen=True, kw_only=True):
    """Which ISEE counts, and what happens to a family that files none or does not reside in the Comune."""

    kind: Literal["minorenni", "ordinario"] = "minorenni"
    missing: Literal["top_band"] = "top_band"
    non_resident: Literal["same", "top_band"] = "same"
    asked_up_to: Money | None = None


class FeeTable(Rule, frozen=True, kw_only=True):
    """How the price of one unit of a service follows from the facts of a child."""

    unit: Unit
    base: Base
    replacements: tuple[Replacement, ...] = ()
    reductions: tuple[Reduction, ...] = ()
    round_to: Money = Money(1)
    minimum: Money | None = None
    maximum: Money | None = None
    isee: IseePolicy = IseePolicy()
    siblings: SiblingCounting = SiblingCounting()
    open_questions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.round_to.cents < 1:
            raise ValueError(gettext_noop("«round_to» è almeno un centesimo"))
        _check_not_negative(self.minimum)
        _check_not_negative(self.maximum)
        if self.minimum is not None and self.maximum is not None and self.maximum < self.minimum:
            raise ValueError(gettext_noop("«maximum» è più piccolo di «minimum»"))

    def conditions(self) -> frozenset[str]:
        """The names of every condition some step reads."""
        named = [replacement.condition for replacement in self.replacements]
        named += [step.condition for step in self.reductions if isinstance(step, Exemption | ConditionDiscount)]
        return frozenset(named)

    def reads_level(self) -> bool:
        """Whether a price depends on the school level."""
        bases = [self.base, *(replacement.base for replacement in self.replacements)]
        return any(isinstance(base, CostShare) for base in bases)
