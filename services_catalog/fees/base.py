"""Where a price starts: flat bands, a share of the cost, lines, a matrix, one price, an amount stated elsewhere."""

from typing import Annotated

import msgspec

from services_catalog.fees.circumstance import When
from services_catalog.fees.roots import Code, IseeRow, Level, Percent, Rule, check_not_negative, check_percent
from sportello.kernel.errors import gettext_noop
from sportello.kernel.money import Money


class Band(IseeRow, frozen=True, kw_only=True):
    """One row of a table of amounts."""

    amount: Money

    def __post_init__(self) -> None:
        super().__post_init__()
        check_not_negative(self.amount)


class ShareBand(IseeRow, frozen=True, kw_only=True):
    """One row of a table of shares: which percentage of the unit cost the family pays.

    ``printed`` is the price the act prints beside the share: it rules, and the linter tells where they disagree.
    """

    share_percent: Percent
    printed: Money | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        check_percent(self.share_percent)
        check_not_negative(self.printed)


class LevelCost(Rule, frozen=True, kw_only=True):
    """What one unit costs the Comune at a school level."""

    level: Level
    unit_cost: Money

    def __post_init__(self) -> None:
        check_not_negative(self.unit_cost)


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
        if len({cost.unit_cost for cost in self.unit_costs}) > 1 and any(band.printed for band in self.bands):
            raise ValueError(gettext_noop("«printed» vuole un solo costo unitario, uguale per tutti i gradi"))


class SinglePrice(Rule, frozen=True, kw_only=True, tag="single_price", tag_field="kind"):
    """The same amount for everybody."""

    amount: Money

    def __post_init__(self) -> None:
        check_not_negative(self.amount)


class Segment(IseeRow, frozen=True, kw_only=True):
    """A straight line from the amount at ``isee_from`` to the one at ``isee_to``; the last may be level and open."""

    amount_from: Money
    amount_to: Money | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        check_not_negative(self.amount_from)
        check_not_negative(self.amount_to)
        if self.isee_to is None and self.amount_to not in (None, self.amount_from):
            raise ValueError(gettext_noop("un tratto senza «isee_to» ha un solo importo"))

    @property
    def end_amount(self) -> Money:
        """The amount at its upper bound."""
        return self.amount_from if self.amount_to is None else self.amount_to


class PiecewiseLinear(Rule, frozen=True, kw_only=True, tag="piecewise_linear", tag_field="kind"):
    """The amount grows along straight lines; without an ISEE the end of the last one counts."""

    segments: Annotated[tuple[Segment, ...], msgspec.Meta(min_length=1)]


class ExcessSlope(Rule, frozen=True, kw_only=True, tag="excess_slope", tag_field="kind"):
    """``lowest`` up to the threshold, then so much per cent of the ISEE beyond it, never above ``highest``.

    Without an ISEE ``highest`` counts. A price proportional to the ISEE has threshold and ``lowest`` of nothing.
    """

    percent_of_excess: Percent
    threshold: Money = Money(0)
    lowest: Money = Money(0)
    highest: Money | None = None
    assumption: str = ""

    def __post_init__(self) -> None:
        check_percent(self.percent_of_excess)
        for amount in (self.threshold, self.lowest, self.highest):
            check_not_negative(amount)
        if self.highest is not None and self.highest < self.lowest:
            raise ValueError(gettext_noop("«highest» è più piccolo di «lowest»"))


class Column(Rule, frozen=True, kw_only=True):
    """A column of a matrix: for whom it is (level, residence, rank, minors, conditions in any combination)."""

    code: Code
    when: When
    assumption: str = ""

    def __post_init__(self) -> None:
        limits = (self.when.isee_from, self.when.isee_to, self.when.isee_below, self.when.isee_above)
        if any(limit is not None for limit in limits):
            raise ValueError(gettext_noop("l'ISEE sta nelle righe della matrice, non nelle colonne"))


class MatrixRow(IseeRow, frozen=True, kw_only=True):
    """An ISEE band with one amount for each column, in their order."""

    amounts: Annotated[tuple[Money, ...], msgspec.Meta(min_length=1)]

    def __post_init__(self) -> None:
        super().__post_init__()
        for amount in self.amounts:
            check_not_negative(amount)


class Matrix(Rule, frozen=True, kw_only=True, tag="matrix", tag_field="kind"):
    """Amounts by ISEE band and by as many other dimensions as the act prints; a child falls in one cell alone."""

    columns: Annotated[tuple[Column, ...], msgspec.Meta(min_length=1)]
    rows: Annotated[tuple[MatrixRow, ...], msgspec.Meta(min_length=1)]

    def __post_init__(self) -> None:
        if any(len(row.amounts) != len(self.columns) for row in self.rows):
            raise ValueError(gettext_noop("ogni riga della matrice vuole un importo per colonna"))
        codes = [column.code for column in self.columns]
        if len(set(codes)) < len(codes):
            raise ValueError(gettext_noop("due colonne della matrice hanno lo stesso codice"))


class StatedAmount(Rule, frozen=True, kw_only=True, tag="stated_amount", tag_field="kind"):
    """An amount that another act or contract states and the facts bring by name (the price of a meal, say).

    ``to_confirm`` says that no act states it yet: the table has no price, nobody can be charged by it, and it is never
    in force. A metropolitan template starts so.
    """

    name: Code
    to_confirm: bool = False


type Base = FlatBands | CostShare | SinglePrice | PiecewiseLinear | ExcessSlope | Matrix | StatedAmount
