"""The effect of a draft in figures: families that change, the middle one, the extremes, each ISEE band. Pure."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median
from typing import Final

from services_catalog.fee_table import FeeTable, IseeRow, structs_of
from sportello.enrolment.effect import ChildEffect, Kind
from sportello.kernel.money import round_half_up

LARGEST: Final = 10
BRACKETS: Final = tuple(range(0, 3_000_001, 500_000))
"""Lower bounds, in cents of ISEE, where the table itself has no bands."""
CHANGES: Final = frozenset({Kind.UP, Kind.DOWN, Kind.OTHER_UNIT})


@dataclass(frozen=True, slots=True)
class BandLine:
    """The children of an ISEE band: ``first`` to ``last`` cents, both included; without ISEE both are None."""

    first: int | None
    last: int | None
    children: int
    up: int
    down: int
    median_cents: int
    """The middle change of a unit among the children whose price changes; 0 where none does."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a draft does to all who are enrolled. Changes are of one unit, summed over the children of a family."""

    children: int
    families: int
    kinds: Mapping[Kind, int]
    families_changing: int
    families_up: int
    families_down: int
    median_cents: int
    lowest_cents: int
    highest_cents: int
    largest: tuple[ChildEffect, ...]
    undecidable: tuple[ChildEffect, ...]
    bands: tuple[BandLine, ...]


def figures(effects: Iterable[ChildEffect], table: FeeTable) -> Effect:
    """The figures; ``table`` is the draft's, whose bands the children are counted by."""
    held = list(effects)
    sums: dict[int, int] = defaultdict(int)
    for one in held:
        if one.kind in CHANGES:
            sums[one.family] += one.change_cents
    comparable = {one.family for one in held if one.kind in (Kind.UP, Kind.DOWN)}
    changes = [sums[family] for family in comparable]
    moved = [one for one in held if one.change_cents]
    return Effect(
        children=len(held),
        families=len({one.family for one in held}),
        kinds=Counter(one.kind for one in held),
        families_changing=len(sums),
        families_up=sum(change > 0 for change in changes),
        families_down=sum(change < 0 for change in changes),
        median_cents=_median(changes),
        lowest_cents=min(changes, default=0),
        highest_cents=max(changes, default=0),
        largest=tuple(sorted(moved, key=lambda one: (-abs(one.change_cents), one.child_id))[:LARGEST]),
        undecidable=tuple(one for one in held if one.kind is Kind.UNDECIDABLE),
        bands=_bands(held, bounds_of(table)),
    )


def bounds_of(table: FeeTable) -> tuple[int, ...]:
    """Where the bands of the table begin, in cents of ISEE; round brackets where it has none."""
    starts = {row.isee_from.cents for row in structs_of(table.base) if isinstance(row, IseeRow)}
    return tuple(sorted(starts | {0})) if starts else BRACKETS


def _bands(effects: Sequence[ChildEffect], bounds: Sequence[int]) -> tuple[BandLine, ...]:
    groups: dict[int, list[ChildEffect]] = defaultdict(list)
    for one in effects:
        groups[-1 if one.isee_cents is None else max(0, bisect_right(bounds, one.isee_cents) - 1)].append(one)
    return tuple(_band(groups[place], place, bounds) for place in (*range(len(bounds)), -1) if place in groups)


def _band(group: Sequence[ChildEffect], place: int, bounds: Sequence[int]) -> BandLine:
    is_last = place + 1 >= len(bounds)
    return BandLine(
        first=None if place < 0 else bounds[place],
        last=None if place < 0 or is_last else bounds[place + 1] - 1,
        children=len(group),
        up=sum(one.kind is Kind.UP for one in group),
        down=sum(one.kind is Kind.DOWN for one in group),
        median_cents=_median([one.change_cents for one in group if one.change_cents]),
    )


def _median(changes: Sequence[int]) -> int:
    return round_half_up(Fraction(median(changes))) if changes else 0
