"""The interpreter of fee tables: facts of a child in, price of one unit and its steps out. Pure.

Each step rounds half up to the cent, because acts print (and families check) the amount after each step: a share of
the cost is printed as a price before any reduction is taken from it.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, assert_never

from services_catalog.fee_table import (
    Base,
    ConditionDiscount,
    CostShare,
    Exemption,
    FeeTable,
    FlatBands,
    IseeRow,
    PerBlock,
    PerMeal,
    PerMonth,
    Reduction,
    SiblingDiscounts,
    SiblingPrices,
    SinglePrice,
)
from sportello.kernel.errors import DomainError, gettext_noop
from sportello.kernel.money import Money, round_half_up

type Param = str | int | None
type UnitName = Literal["meal", "block", "month"]
type StepCode = Literal[
    "band",
    "cost_share",
    "single_price",
    "replacement",
    "sibling_discount",
    "sibling_price",
    "exemption",
    "condition_discount",
    "rounding",
    "minimum",
    "maximum",
]
type BandReason = Literal["isee", "missing", "non_resident"]


class NoBandForIsee(DomainError):
    """The table has a hole there: the office must say what holds, the desk never guesses."""


class SeveralBandsForIsee(DomainError):
    """Two rows of the table overlap there: the office must say which one holds."""


class NoCostForLevel(DomainError):
    """The table gives no unit cost for the school level."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a price depends on. ``isee_cents`` None: no valid ISEE was filed."""

    level: str
    isee_cents: int | None = None
    sibling_rank: int = 1
    children_using: int = 1
    conditions: frozenset[str] = frozenset()
    resident: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """One line of an explanation: what was done, where the rule stands, cents before (None at the base) and after."""

    code: StepCode
    place: str
    before_cents: int | None
    after_cents: int
    params: dict[str, Param] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Price:
    """The price of one unit: a meal, a block of ``block_meals`` meals, a month."""

    amount: Money
    unit: UnitName
    block_meals: int | None
    steps: tuple[Step, ...]


def price(table: FeeTable, facts: Facts) -> Price:
    """The price of one unit for a child. Raises NoBandForIsee, SeveralBandsForIsee or NoCostForLevel."""
    return Pricer(table).price(facts)


def price_many(table: FeeTable, facts: Iterable[Facts]) -> list[Price]:
    """The prices of many children, in order; children alike in all that matters are worked out once."""
    pricer = Pricer(table)
    return [pricer.price(one) for one in facts]


class Pricer:
    """A fee table made ready to price many children.

    Two children whose ISEE lies between the same two bounds of the table get the same price, so the bounds of every
    row are collected once and each interval between them is worked out at most once per combination of other facts.
    """

    __slots__ = ("_bounds", "_known", "_table")

    def __init__(self, table: FeeTable) -> None:
        self._table = table
        self._bounds = sorted(_bounds(table))
        self._known: dict[tuple[object, ...], Price] = {}

    def price(self, facts: Facts) -> Price:
        """As :func:`price`."""
        interval = None if facts.isee_cents is None else bisect_right(self._bounds, facts.isee_cents)
        key = (
            interval,
            facts.level,
            facts.sibling_rank,
            facts.children_using,
            facts.conditions,
            facts.resident,
        )
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = _worked_out(self._table, facts)
        return known


def _bounds(table: FeeTable) -> set[int]:
    """Every ISEE, in cents, at which the answer may change."""
    rows: list[IseeRow] = []
    for base in (table.base, *(replacement.base for replacement in table.replacements)):
        rows += base.bands if isinstance(base, FlatBands | CostShare) else ()
    limits = [(row.isee_from, row.isee_to) for row in rows]
    limits += [(s.isee_from, s.isee_to) for s in table.reductions if isinstance(s, SiblingDiscounts | Exemption)]
    return {start.cents for start, _ in limits} | {end.cents + 1 for _, end in limits if end is not None}


def _worked_out(table: FeeTable, facts: Facts) -> Price:
    steps = _base_steps(table, facts)
    for index, reduction in enumerate(table.reductions):
        step = _reduced(reduction, facts, steps[-1].after_cents, f"fees.reductions[{index}]")
        if step is not None and step.after_cents != step.before_cents:
            steps.append(step)
    for adjusted in (_rounded, _raised, _capped):
        step = adjusted(table, steps[-1].after_cents)
        if step is not None:
            steps.append(step)
    unit, block_meals = _unit(table)
    return Price(amount=Money(steps[-1].after_cents), unit=unit, block_meals=block_meals, steps=tuple(steps))


def _unit(table: FeeTable) -> tuple[UnitName, int | None]:
    match table.unit:
        case PerMeal():
            return "meal", None
        case PerBlock(meals=meals):
            return "block", meals
        case PerMonth():
            return "month", None
        case unit:
            assert_never(unit)


def _base_steps(table: FeeTable, facts: Facts) -> list[Step]:
    for index, replacement in enumerate(table.replacements):
        if replacement.condition in facts.conditions:
            place = f"fees.replacements[{index}].base"
            step = _base(replacement.base, table, facts, place)
            why = Step("replacement", place, None, step.after_cents, {"condition": replacement.condition})
            return [why, step]
    return [_base(table.base, table, facts, "fees.base")]


def _base(base: Base, table: FeeTable, facts: Facts, place: str) -> Step:
    match base:
        case FlatBands(bands=bands):
            index, reason = _row(bands, table, facts)
            band = bands[index]
            return Step("band", f"{place}.bands[{index}]", None, band.amount.cents, _band_params(band, reason))
        case CostShare(bands=shares):
            index, reason = _row(shares, table, facts)
            share, cost = shares[index], _unit_cost(base, facts.level)
            params = _band_params(share, reason) | {
                "percent": str(share.share_percent),
                "unit_cost": cost.cents,
                "level": facts.level,
            }
            return Step("cost_share", f"{place}.bands[{index}]", None, cost.share(share.share_percent).cents, params)
        case SinglePrice(amount=amount):
            return Step("single_price", place, None, amount.cents)
        case _:
            assert_never(base)


def _band_params(row: IseeRow, reason: BandReason) -> dict[str, Param]:
    params: dict[str, Param] = {
        "isee_from": row.isee_from.cents,
        "isee_to": None if row.isee_to is None else row.isee_to.cents,
        "reason": reason,
    }
    return params | {"assumption": row.assumption} if row.assumption else params


def _unit_cost(base: CostShare, level: str) -> Money:
    for cost in base.unit_costs:
        if cost.level == level:
            return cost.unit_cost
    raise NoCostForLevel(gettext_noop("La tariffa non dice il costo unitario per il grado «%(level)s»."), level=level)


def _row(rows: Sequence[IseeRow], table: FeeTable, facts: Facts) -> tuple[int, BandReason]:
    """Which row counts for the child, and why it: by its ISEE, or the top row for want of one."""
    top = max(range(len(rows)), key=lambda index: rows[index].isee_from)
    if not facts.resident and table.isee.non_resident == "top_band":
        return top, "non_resident"
    if facts.isee_cents is None:
        return top, "missing"
    found = [index for index, row in enumerate(rows) if _holds(row.isee_from, row.isee_to, facts.isee_cents)]
    if len(found) == 1:
        return found[0], "isee"
    isee = Money(facts.isee_cents).format()
    if found:
        raise SeveralBandsForIsee(gettext_noop("Per l'ISEE %(isee)s la tariffa ha più di una fascia."), isee=isee)
    raise NoBandForIsee(gettext_noop("Per l'ISEE %(isee)s la tariffa non ha una fascia."), isee=isee)


def _holds(start: Money, end: Money | None, isee_cents: int) -> bool:
    return start.cents <= isee_cents and (end is None or isee_cents <= end.cents)


def _within(start: Money, end: Money | None, isee_cents: int | None) -> bool:
    """Whether an ISEE limit lets the child in; without an ISEE only a limit that excludes nobody does."""
    if isee_cents is None:
        return start.cents == 0 and end is None
    return _holds(start, end, isee_cents)


def _reduced(step: Reduction, facts: Facts, before: int, place: str) -> Step | None:
    """The step as it falls on the child; None when it does not concern it."""
    match step:
        case SiblingDiscounts():
            return _sibling_discount(step, facts, before, place)
        case SiblingPrices():
            return _sibling_price(step, facts, before, place)
        case Exemption(condition=condition, isee_from=start, isee_to=end):
            if condition not in facts.conditions or not _within(start, end, facts.isee_cents):
                return None
            return Step("exemption", place, before, 0, {"condition": condition})
        case ConditionDiscount(condition=condition, discount_percent=percent):
            if condition not in facts.conditions:
                return None
            after = Money(before).share(100 - percent).cents
            return Step("condition_discount", place, before, after, {"condition": condition, "percent": str(percent)})
        case _:
            assert_never(step)


def _sibling_params(facts: Facts) -> dict[str, Param]:
    return {"rank": facts.sibling_rank, "children": facts.children_using}


def _sibling_discount(step: SiblingDiscounts, facts: Facts, before: int, place: str) -> Step | None:
    if not _within(step.isee_from, step.isee_to, facts.isee_cents):
        return None
    for index, row in enumerate(step.rows):
        if row.applies(rank=facts.sibling_rank, children=max(facts.children_using, facts.sibling_rank)):
            after = Money(before).share(100 - row.discount_percent).cents
            params = _sibling_params(facts) | {"percent": str(row.discount_percent)}
            return Step("sibling_discount", f"{place}.rows[{index}]", before, after, params)
    return None


def _sibling_price(step: SiblingPrices, facts: Facts, before: int, place: str) -> Step | None:
    for index, row in enumerate(step.rows):
        if row.applies(rank=facts.sibling_rank, children=max(facts.children_using, facts.sibling_rank)):
            after = min(before, row.amount.cents) if step.only_if_lower else row.amount.cents
            return Step("sibling_price", f"{place}.rows[{index}]", before, after, _sibling_params(facts))
    return None


def _rounded(table: FeeTable, before: int) -> Step | None:
    unit = table.round_to.cents
    after = round_half_up(Fraction(before, unit)) * unit
    return None if after == before else Step("rounding", "fees.round_to", before, after, {"to": unit})


def _raised(table: FeeTable, before: int) -> Step | None:
    """The least to pay; an exemption or a price of nothing stays nothing."""
    if table.minimum is None or not 0 < before < table.minimum.cents:
        return None
    return Step("minimum", "fees.minimum", before, table.minimum.cents)


def _capped(table: FeeTable, before: int) -> Step | None:
    if table.maximum is None or before <= table.maximum.cents:
        return None
    return Step("maximum", "fees.maximum", before, table.maximum.cents)
