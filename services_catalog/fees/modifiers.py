"""What changes a price once it has started: brothers and sisters, exemptions, discounts, other tariffs, band shifts."""

from typing import Annotated

import msgspec

from services_catalog.fees.base import Base
from services_catalog.fees.circumstance import When
from services_catalog.fees.roots import Code, IseeRow, Percent, Rank, Rule, check_not_negative, check_percent
from sportello.kernel.errors import gettext_noop
from sportello.kernel.money import Money


def _check_named(condition: str | None, when: When | None) -> None:
    if condition is None and when is None:
        raise ValueError(gettext_noop("manca «condition» oppure «when»: a chi si applica?"))


class Replacement(Rule, frozen=True, kw_only=True):
    """Another base for the children to whom a condition, or ``when``, applies; the first that holds is used."""

    condition: Code | None = None
    when: When | None = None
    base: Base

    def __post_init__(self) -> None:
        _check_named(self.condition, self.when)


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
        check_percent(self.discount_percent)


class SiblingPrice(SiblingRow, frozen=True, kw_only=True):
    """A fixed amount in place of the one of the band."""

    amount: Money

    def __post_init__(self) -> None:
        check_not_negative(self.amount)


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
    """Nothing to pay when the condition (or all of ``when``) holds and the ISEE lies between its limits (inclusive)."""

    condition: Code | None = None
    when: When | None = None
    isee_from: Money = Money(0)
    isee_to: Money | None = None
    assumption: str = ""

    def __post_init__(self) -> None:
        _check_named(self.condition, self.when)


class ConditionDiscount(Rule, frozen=True, kw_only=True, tag="condition_discount", tag_field="kind"):
    """A percentage less when the condition holds."""

    condition: Code
    discount_percent: Percent

    def __post_init__(self) -> None:
        check_percent(self.discount_percent)


class Discount(Rule, frozen=True, kw_only=True, tag="discount", tag_field="kind"):
    """So much per cent, or so many euro, less for those of ``when``."""

    when: When = When()
    discount_percent: Percent | None = None
    discount_amount: Money | None = None
    assumption: str = ""

    def __post_init__(self) -> None:
        check_percent(self.discount_percent)
        check_not_negative(self.discount_amount)
        if (self.discount_percent is None) == (self.discount_amount is None):
            raise ValueError(gettext_noop("scrivi «discount_percent» oppure «discount_amount», uno solo dei due"))


class FixedPrice(Rule, frozen=True, kw_only=True, tag="fixed_price", tag_field="kind"):
    """A fixed amount for those of ``when``; ``only_if_lower`` keeps the amount reached when it is smaller."""

    when: When
    amount: Money
    only_if_lower: bool = True
    assumption: str = ""

    def __post_init__(self) -> None:
        check_not_negative(self.amount)


class Surcharge(Rule, frozen=True, kw_only=True, tag="surcharge", tag_field="kind"):
    """So much per cent, or so many euro, more for those of ``when`` (who does not reside, say)."""

    when: When
    more_percent: Percent | None = None
    more_amount: Money | None = None
    assumption: str = ""

    def __post_init__(self) -> None:
        check_percent(self.more_percent)
        check_not_negative(self.more_amount)
        if (self.more_percent is None) == (self.more_amount is None):
            raise ValueError(gettext_noop("scrivi «more_percent» oppure «more_amount», uno solo dei due"))


class IseeDiscount(IseeRow, frozen=True, kw_only=True):
    """One row of a table of discounts by ISEE band."""

    discount_percent: Percent

    def __post_init__(self) -> None:
        super().__post_init__()
        check_percent(self.discount_percent)


class IseeDiscounts(Rule, frozen=True, kw_only=True, tag="isee_discounts", tag_field="kind"):
    """A percentage less by ISEE band, for those of ``when``; none for who files no ISEE."""

    rows: Annotated[tuple[IseeDiscount, ...], msgspec.Meta(min_length=1)]
    when: When = When()


type SingleReduction = (
    SiblingDiscounts | SiblingPrices | Exemption | ConditionDiscount | Discount | FixedPrice | Surcharge | IseeDiscounts
)


class BestOf(Rule, frozen=True, kw_only=True, tag="best_of", tag_field="kind"):
    """Reductions that are not cumulative: the one that leaves the least to pay is taken."""

    options: Annotated[tuple[SingleReduction, ...], msgspec.Meta(min_length=2)]


class AddedUp(Rule, frozen=True, kw_only=True, tag="added_up", tag_field="kind"):
    """Reductions each reckoned on the amount before all of them, then added up; never below nothing.

    Written one after another in ``reductions`` they are instead taken each from what the one before it leaves.
    """

    options: Annotated[tuple[SingleReduction, ...], msgspec.Meta(min_length=2)]


type Reduction = SingleReduction | BestOf | AddedUp


class BandShift(Rule, frozen=True, kw_only=True):
    """Those of ``when`` pay as if some bands lower; the first band stays, the last one where ``not_last`` says so."""

    when: When
    bands: Annotated[int, msgspec.Meta(ge=1, le=20)] = 1
    not_last: bool = False
