"""The interpreter of fee tables: facts of a child in, price of one unit and its steps out. Pure.

Each step rounds half up to the cent, because acts print (and families check) the amount after each step: a share of
the cost is printed as a price before any reduction is taken from it. What is due for a use is in ``dues``.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from operator import attrgetter
from typing import Final, assert_never

from services_catalog.fee_table import (
    ArrearsPolicy,
    ExcessSlope,
    Exemption,
    FeeTable,
    IseePolicy,
    IseeRow,
    PerBlock,
    PerDay,
    PerMeal,
    PerMonth,
    PerPeriod,
    PerYear,
    PiecewiseLinear,
    SiblingDiscounts,
    SingleReduction,
    Surcharge,
    Tariff,
    Unit,
    When,
    structs_of,
)
from services_catalog.fees.holding import holds
from sportello.fees.bases import base_step, shiftable
from sportello.fees.facts import (
    FactNotGiven,
    Facts,
    IseeRequired,
    NoBandForIsee,
    NoColumnForChild,
    NoCostForLevel,
    Param,
    Price,
    SeveralBandsForIsee,
    SeveralColumnsForChild,
    Step,
    StepCode,
    UnitName,
    Use,
)
from sportello.fees.operations import rounded, step
from sportello.fees.reductions import reduced
from sportello.kernel.money import Money

__all__ = [
    "FactNotGiven", "Facts", "IseeRequired", "NoBandForIsee", "NoColumnForChild", "NoCostForLevel", "Param", "Price",
    "Pricer", "SeveralBandsForIsee", "SeveralColumnsForChild", "Step", "StepCode", "UnitName", "Use",
    "enrolment_refused", "isee_bounds", "price", "price_many", "tariff_price",
]  # fmt: skip

_ALL_BUT_ISEE: Final = attrgetter(*(name for name in Facts.__slots__ if name != "isee_cents"))


def price(table: FeeTable, facts: Facts) -> Price:
    """The price of one unit for a child.

    Raises NoBandForIsee, SeveralBandsForIsee, NoCostForLevel, NoColumnForChild, SeveralColumnsForChild, IseeRequired
    or FactNotGiven: what the table cannot say is never guessed.
    """
    return Pricer(table).price(facts)


def price_many(table: FeeTable, facts: Iterable[Facts]) -> list[Price]:
    """The prices of many children, in order; children alike in all that matters are worked out once."""
    pricer = Pricer(table)
    return [pricer.price(one) for one in facts]


class Pricer:
    """A fee table made ready to price many children.

    Two children whose ISEE lies between the same two bounds of the table get the same price, so the bounds of every
    row are collected once and each interval between them is worked out at most once per combination of other facts.
    Where the price runs along a line each ISEE is an interval of its own.
    """

    __slots__ = ("_bounds", "_known", "conditions", "reads_household", "table")

    def __init__(self, table: FeeTable) -> None:
        self.table = table
        self.conditions = table.conditions()
        self.reads_household = table.reads_household()
        lines = any(isinstance(base, PiecewiseLinear | ExcessSlope) for _place, base in table.bases())
        self._bounds = None if lines else sorted(isee_bounds(table))
        self._known: dict[tuple[object, ...], Price] = {}

    def price(self, facts: Facts) -> Price:
        """As :func:`price`."""
        isee = facts.isee_cents
        interval = isee if isee is None or self._bounds is None else bisect_right(self._bounds, isee)
        key = (interval, _ALL_BUT_ISEE(facts))
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = tariff_price(self.table, self.table, facts)
        return known


def tariff_price(tariff: Tariff, table: FeeTable, facts: Facts, place: str = "fees") -> Price:
    """The price of one unit of a tariff of the table (itself, or one of its parts)."""
    steps = _worked_out(tariff, table, _counted(table.isee, facts), place)
    unit, block_meals = _unit(tariff.unit)
    return Price(amount=Money(steps[-1].after_cents), unit=unit, block_meals=block_meals, steps=tuple(steps))


def enrolment_refused(policy: ArrearsPolicy, conditions: frozenset[str]) -> bool:
    """Whether the Comune refuses an enrolment for arrears: only where its regulation says so, and nobody is spared."""
    return policy.blocks_enrolment and policy.condition in conditions and conditions.isdisjoint(policy.spared)


def _counted(policy: IseePolicy, facts: Facts) -> Facts:
    """The facts without an ISEE that the Comune does not accept: declared only, or with omissions."""
    if facts.isee_state == "attested" or facts.isee_state in policy.accepted:
        return facts
    return replace(facts, isee_cents=None)


def isee_bounds(table: FeeTable) -> set[int]:
    """Every ISEE, in cents, at which the answer may change."""
    found: set[int] = set()
    for struct in structs_of(table):
        if isinstance(struct, IseeRow | SiblingDiscounts | Exemption | When):
            start, end = struct.isee_from, struct.isee_to
            found |= set() if start is None else {start.cents}
            found |= set() if end is None else {end.cents + 1}
        if isinstance(struct, When):
            found |= set() if struct.isee_below is None else {struct.isee_below.cents}
            found |= set() if struct.isee_above is None else {struct.isee_above.cents + 1}
    return found


def _worked_out(tariff: Tariff, table: FeeTable, facts: Facts, place: str) -> list[Step]:
    steps = _started(tariff, table.isee, facts, place)
    refused = _reductions_refused(table.arrears, facts)
    allowed = partial(_allowed_in_arrears, table.arrears) if refused else None
    for index, reduction in enumerate(tariff.reductions):
        steps += reduced(reduction, facts, steps[-1].after_cents, f"{place}.reductions[{index}]", allowed)
    if refused:
        params: dict[str, Param] = {"condition": table.arrears.condition}
        steps.append(step("arrears", "fees.arrears", steps[-1].after_cents, params))
    last = rounded(steps[-1].after_cents, tariff.round_to, tariff.rounding, f"{place}.round_to")
    steps += [last] if last else []
    steps += limited(steps[-1].after_cents, tariff.minimum, tariff.maximum, (f"{place}.minimum", f"{place}.maximum"))
    return steps


def _started(tariff: Tariff, policy: IseePolicy, facts: Facts, place: str) -> list[Step]:
    """The base, or the one that replaces it, and the shift of band."""
    steps: list[Step] = []
    base, where = tariff.base, f"{place}.base"
    for index, other in enumerate(tariff.replacements):
        named = other.condition is None or other.condition in facts.conditions
        if named and (other.when is None or holds(other.when, facts)):
            base, where = other.base, f"{place}.replacements[{index}].base"
            after = base_step(base, policy, facts, where).after_cents
            steps.append(Step("replacement", where, None, after, {"condition": other.condition}))
            break
    steps.append(base_step(base, policy, facts, where))
    for index, shift in enumerate(tariff.shifts):
        if holds(shift.when, facts) and shiftable(base, policy, facts, not_last=shift.not_last):
            lower = base_step(base, policy, facts, where, lower=shift.bands)
            params: dict[str, Param] = {**lower.params, "amount": lower.after_cents, "bands": shift.bands}
            return [*steps, step("band_shift", f"{place}.shifts[{index}]", steps[-1].after_cents, params)]
    return steps


def _reductions_refused(policy: ArrearsPolicy, facts: Facts) -> bool:
    owed = policy.condition in facts.conditions and facts.conditions.isdisjoint(policy.spared)
    return policy.refuses != "nothing" and owed


def _allowed_in_arrears(policy: ArrearsPolicy, reduction: SingleReduction) -> bool:
    """Whether arrears leave a step: a surcharge always, an exemption unless the Comune says otherwise."""
    if isinstance(reduction, Surcharge):
        return True
    return isinstance(reduction, Exemption) and policy.refuses != "reductions_and_exemptions"


def limited(before: int, minimum: Money | None, maximum: Money | None, places: tuple[str, str]) -> list[Step]:
    """The least and the most to pay; an exemption or a price of nothing stays nothing."""
    if minimum is not None and 0 < before < minimum.cents:
        return [step("minimum", places[0], before, {"amount": minimum.cents})]
    if maximum is not None and before > maximum.cents:
        return [step("maximum", places[1], before, {"amount": maximum.cents})]
    return []


def _unit(unit: Unit) -> tuple[UnitName, int | None]:
    match unit:
        case PerMeal():
            return "meal", None
        case PerDay():
            return "day", None
        case PerBlock(meals=meals):
            return "block", meals
        case PerMonth():
            return "month", None
        case PerYear():
            return "year", None
        case PerPeriod():
            return "period", None
        case _:
            assert_never(unit)
