"""The steps that follow the base: reductions, exemptions, surcharges, alone or in competition. Pure."""

from collections.abc import Callable
from typing import assert_never

from services_catalog.fee_table import (
    AddedUp,
    BestOf,
    ConditionDiscount,
    Discount,
    Exemption,
    FixedPrice,
    IseeDiscounts,
    Reduction,
    SiblingDiscounts,
    SiblingPrices,
    SingleReduction,
    Surcharge,
)
from services_catalog.fees.holding import holds, within
from sportello.fees.facts import Facts, Param, Step
from sportello.fees.operations import step
from sportello.kernel.money import Money

type Allowed = Callable[[SingleReduction], bool] | None
"""Which steps a child may have; all of them where nothing is said."""


def reduced(reduction: Reduction, facts: Facts, before: int, place: str, allowed: Allowed = None) -> list[Step]:
    """The steps a reduction takes for a child; none when it does not concern it or leaves the amount as it is."""
    match reduction:
        case BestOf(options=options):
            return _best(_offered(options, place, allowed), facts, before, place)
        case AddedUp(options=options):
            return _added_up(_offered(options, place, allowed), facts, before)
        case _:
            found = single(reduction, facts, before, place) if allowed is None or allowed(reduction) else None
            return [found] if found is not None and found.after_cents != before else []


def _offered(options: tuple[SingleReduction, ...], place: str, allowed: Allowed) -> list[tuple[str, SingleReduction]]:
    """The options a child may have, each with its place."""
    placed = ((f"{place}.options[{index}]", option) for index, option in enumerate(options))
    return [(where, option) for where, option in placed if allowed is None or allowed(option)]


def single(reduction: SingleReduction, facts: Facts, before: int, place: str) -> Step | None:
    """The step as it falls on the child; None when it does not concern it."""
    match reduction:
        case SiblingDiscounts():
            return _sibling_discount(reduction, facts, before, place)
        case SiblingPrices():
            return _sibling_price(reduction, facts, before, place)
        case Exemption():
            return _exemption(reduction, facts, before, place)
        case ConditionDiscount():
            return _condition_discount(reduction, facts, before, place)
        case Discount(when=when) | FixedPrice(when=when) | Surcharge(when=when):
            return _changed(reduction, before, place) if holds(when, facts) else None
        case IseeDiscounts():
            return _isee_discount(reduction, facts, before, place)
        case _:
            assert_never(reduction)


def _best(options: list[tuple[str, SingleReduction]], facts: Facts, before: int, place: str) -> list[Step]:
    found = [single(option, facts, before, where) for where, option in options]
    able = [one for one in found if one is not None and one.after_cents != before]
    if not able:
        return []
    best = min(able, key=lambda one: one.after_cents)
    if len(able) == 1:
        return [best]
    second = min(one.after_cents for one in able if one is not best)
    return [best, step("best_of", place, best.after_cents, {"others": second, "of": before})]


def _added_up(options: list[tuple[str, SingleReduction]], facts: Facts, before: int) -> list[Step]:
    """Each on the amount before all of them; an option of no effect leaves no step."""
    steps: list[Step] = []
    left = before
    for where, option in options:
        alone = single(option, facts, before, where)
        if alone is None or alone.after_cents == before:
            continue
        params = {**alone.params, "of": before, "to": alone.after_cents, "kind": alone.code}
        steps.append(step("added_up", alone.place, left, params))
        left = steps[-1].after_cents
    return steps


def _assumed(text: str) -> dict[str, Param]:
    return {"assumption": text} if text else {}


def _exemption(reduction: Exemption, facts: Facts, before: int, place: str) -> Step | None:
    named = reduction.condition
    if named is not None and named not in facts.conditions:
        return None
    if not within(reduction.isee_from, reduction.isee_to, facts.isee_cents):
        return None
    if reduction.when is not None and not holds(reduction.when, facts):
        return None
    reason = named
    if reason is None and reduction.when is not None:
        held = [code for code in (*reduction.when.all_of, *reduction.when.any_of) if code in facts.conditions]
        reason = held[0] if held else None
    params: dict[str, Param] = {"condition": reason}
    return step("exemption", place, before, params | _assumed(reduction.assumption))


def _changed(reduction: Discount | FixedPrice | Surcharge, before: int, place: str) -> Step:
    params = _assumed(reduction.assumption)
    match reduction:
        case Discount(discount_percent=percent, discount_amount=amount):
            if amount is not None:
                return step("discount_amount", place, before, {**params, "amount": amount.cents})
            return step("discount", place, before, {**params, "percent": str(percent)})
        case FixedPrice(amount=amount, only_if_lower=lower):
            return step("fixed_price", place, before, {**params, "amount": amount.cents, "only_if_lower": int(lower)})
        case Surcharge(more_percent=percent, more_amount=amount):
            if amount is not None:
                return step("surcharge_amount", place, before, {**params, "amount": amount.cents})
            return step("surcharge", place, before, {**params, "percent": str(percent)})
        case _:
            assert_never(reduction)


def _isee_discount(reduction: IseeDiscounts, facts: Facts, before: int, place: str) -> Step | None:
    """The row of the ISEE; without one no row but an open first one is for the child."""
    if not holds(reduction.when, facts):
        return None
    for index, row in enumerate(reduction.rows):
        if within(row.isee_from, row.isee_to, facts.isee_cents):
            params: dict[str, Param] = {
                "percent": str(row.discount_percent),
                "isee_from": row.isee_from.cents,
                "isee_to": None if row.isee_to is None else row.isee_to.cents,
            }
            return step("isee_discount", f"{place}.rows[{index}]", before, params | _assumed(row.assumption))
    return None


def _condition_discount(reduction: ConditionDiscount, facts: Facts, before: int, place: str) -> Step | None:
    if reduction.condition not in facts.conditions:
        return None
    params: dict[str, Param] = {"condition": reduction.condition, "percent": str(reduction.discount_percent)}
    return step("condition_discount", place, before, params)


def _sibling_params(facts: Facts) -> dict[str, Param]:
    return {"rank": facts.sibling_rank, "children": facts.children_using}


def _sibling_discount(reduction: SiblingDiscounts, facts: Facts, before: int, place: str) -> Step | None:
    if not within(reduction.isee_from, reduction.isee_to, facts.isee_cents):
        return None
    for index, row in enumerate(reduction.rows):
        if row.applies(rank=facts.sibling_rank, children=max(facts.children_using, facts.sibling_rank)):
            params = _sibling_params(facts) | {"percent": str(row.discount_percent)}
            return step("sibling_discount", f"{place}.rows[{index}]", before, params)
    return None


def _sibling_price(reduction: SiblingPrices, facts: Facts, before: int, place: str) -> Step | None:
    for index, row in enumerate(reduction.rows):
        if row.applies(rank=facts.sibling_rank, children=max(facts.children_using, facts.sibling_rank)):
            lower = int(reduction.only_if_lower)
            params = _sibling_params(facts) | {"amount": row.amount.cents, "only_if_lower": lower}
            return step("sibling_price", f"{place}.rows[{index}]", before, params)
    return None


def municipal_share(full_cost: Money, paid: Money) -> Money:
    """What the Comune bears of the cost of a unit: never less than nothing."""
    return max(Money(0), full_cost - paid)
