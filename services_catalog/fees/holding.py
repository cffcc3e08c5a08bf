"""Whether a circumstance of the language holds for a child. Pure."""

from typing import Protocol

from services_catalog.fees.circumstance import IncomeLimit, When
from sportello.kernel.money import Money


class ChildFacts(Protocol):
    """What a circumstance may ask of a child."""

    @property
    def level(self) -> str: ...
    @property
    def isee_cents(self) -> int | None: ...
    @property
    def sibling_rank(self) -> int: ...
    @property
    def children_using(self) -> int: ...
    @property
    def conditions(self) -> frozenset[str]: ...
    @property
    def resident(self) -> bool: ...
    @property
    def minors(self) -> int: ...
    @property
    def enrolled(self) -> int: ...
    @property
    def members(self) -> int: ...
    @property
    def income_cents(self) -> int | None: ...


def holds(when: When, facts: ChildFacts) -> bool:
    """Whether all that is written holds."""
    return (
        _conditions_hold(when, facts)
        and (not when.levels or facts.level in when.levels)
        and (when.resident is None or when.resident == facts.resident)
        and _isee_holds(when, facts.isee_cents)
        and _between(facts.sibling_rank, when.rank_from, when.rank_to)
        and _between(max(facts.children_using, facts.sibling_rank), when.children_from, when.children_to)
        and _between(facts.enrolled, when.enrolled_from, when.enrolled_to)
        and _between(facts.minors, when.minors_from, when.minors_to)
        and (when.income is None or _income_holds(when.income, facts))
    )


def within(start: Money, end: Money | None, isee_cents: int | None) -> bool:
    """Whether an inclusive ISEE limit lets the child in; without an ISEE only a limit that excludes nobody does."""
    if isee_cents is None:
        return start.cents == 0 and end is None
    return start.cents <= isee_cents and (end is None or isee_cents <= end.cents)


def _conditions_hold(when: When, facts: ChildFacts) -> bool:
    held = facts.conditions
    return (
        held.issuperset(when.all_of)
        and (not when.any_of or not held.isdisjoint(when.any_of))
        and held.isdisjoint(when.none_of)
    )


def _isee_holds(when: When, isee: int | None) -> bool:
    limits = (when.isee_from, when.isee_to, when.isee_below, when.isee_above)
    if all(limit is None for limit in limits):
        return True
    return isee is not None and (
        (when.isee_from is None or when.isee_from.cents <= isee)
        and (when.isee_to is None or isee <= when.isee_to.cents)
        and (when.isee_below is None or isee < when.isee_below.cents)
        and (when.isee_above is None or isee > when.isee_above.cents)
    )


def _between(value: int, low: int | None, high: int | None) -> bool:
    return (low is None or low <= value) and (high is None or value <= high)


def _income_holds(limit: IncomeLimit, facts: ChildFacts) -> bool:
    if facts.income_cents is None:
        return False
    allowed = limit.first_member + limit.each_further * (max(1, facts.members) - 1)
    return facts.income_cents <= allowed.cents
