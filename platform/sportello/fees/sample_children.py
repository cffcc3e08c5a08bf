"""Children who tell the steps of a fee table apart: one for each circumstance it names. Pure."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import msgspec

from services_catalog.fee_table import (
    ConditionDiscount,
    CostShare,
    Exemption,
    FeeTable,
    Level,
    Replacement,
    SiblingRow,
    StatedAmount,
    When,
    structs_of,
)
from sportello.fees.facts import Facts

_STATED: Final = 10_00
"""What an amount of another act is taken to be: any, as long as it is one for all children."""


@dataclass(frozen=True, slots=True)
class SampleChild:
    """A child with the circumstance that it stands for; the circumstance says nothing of the ISEE."""

    when: When
    facts: Facts


def sample_children(table: FeeTable) -> list[SampleChild]:
    """A child of whom nothing is said, one for each school level, and one for each circumstance of the table."""
    named = [When(levels=(level,)) for level in _levels(table)]
    named += [_without_isee(when) for struct in structs_of(table) for when in circumstances(struct)]
    return [_child(when, table) for when in dict.fromkeys([When(), *named])]


def alike(when: When, table: FeeTable) -> Iterator[SampleChild]:
    """The circumstance on all kinds of children: of each level, resident and not, with each condition or none."""
    when = _without_isee(when)
    levels: list[tuple[Level, ...]] = [(level,) for level in _levels(table)] or [()]
    levels = [when.levels] if when.levels else levels
    residences = [True, False] if when.resident is None else [when.resident]
    conditions = [(), *((code,) for code in sorted(table.conditions() - set(when.none_of)))]
    for level, resident, further in itertools.product(levels, residences, conditions):
        told = msgspec.structs.replace(when, levels=level, resident=resident, all_of=(*when.all_of, *further))
        yield _child(told, table)


def circumstances(struct: msgspec.Struct) -> Iterator[When]:
    """For whom a step, or a row of it, is: the condition it names and its ``when`` together."""
    if isinstance(struct, When):
        yield struct
    elif isinstance(struct, SiblingRow):
        yield When(rank_from=struct.rank_from, children_from=max(struct.children_from, struct.rank_from))
    elif isinstance(struct, Replacement | Exemption | ConditionDiscount) and struct.condition is not None:
        own = getattr(struct, "when", None) or When()
        yield msgspec.structs.replace(own, all_of=(*own.all_of, struct.condition))


def _levels(table: FeeTable) -> list[Level]:
    found: dict[Level, None] = {}
    for struct in structs_of(table):
        if isinstance(struct, CostShare):
            found |= dict.fromkeys(cost.level for cost in struct.unit_costs)
        elif isinstance(struct, When):
            found |= dict.fromkeys(struct.levels)
    return list(found)


def _without_isee(when: When) -> When:
    return msgspec.structs.replace(when, isee_from=None, isee_to=None, isee_below=None, isee_above=None)


def _child(when: When, table: FeeTable) -> SampleChild:
    rank = when.rank_from or 1
    levels = when.levels or tuple(_levels(table)) or ("",)
    chosen = next((code for code in when.any_of if code not in when.none_of), None)
    stated = {struct.name for struct in structs_of(table) if isinstance(struct, StatedAmount)}
    facts = Facts(
        level=levels[0],
        sibling_rank=rank,
        children_using=max(when.children_from or 1, rank),
        conditions=frozenset(when.all_of) | ({chosen} if chosen else frozenset()),
        resident=when.resident is not False,
        minors=when.minors_from if when.minors_from is not None else min(1, when.minors_to or 1),
        enrolled=when.enrolled_from or 1,
        income_cents=None if when.income is None else 0,
        amounts=frozenset((name, _STATED) for name in stated),
    )
    return SampleChild(when, facts)
