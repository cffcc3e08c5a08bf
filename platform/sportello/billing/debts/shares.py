"""Who bears which part of a cost: cents in, cents out, none lost. Pure.

An amount is split by the shares of its day of competence with the largest remainders; equal remainders take turns by
the month, so that the odd cent of every month does not always fall on the same parent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sportello.kernel.dates import DateRange

type Parts = tuple[tuple[int, int], ...]
"""(adult id, hundredths of a percent), in the order of the ids."""


def split[Who](cents: int, parts: Sequence[tuple[Who, int]], *, turn: int = 0) -> dict[Who, int]:
    """Who -> cents. They add up to `cents`, whatever its sign; no part is off by a whole cent.

    >>> split(-1001, ((1, 5000), (2, 5000))), split(-1001, ((1, 5000), (2, 5000)), turn=1)
    ({1: -501, 2: -500}, {1: -500, 2: -501})
    >>> split(1000, ((1, 7000), (2, 3000)))
    {1: 700, 2: 300}
    """
    whole, amount, sign = sum(weight for _who, weight in parts), abs(cents), 1 if cents >= 0 else -1
    floors = [amount * weight // whole for _who, weight in parts]
    count = len(parts)
    rest = [(-(amount * weight % whole), (place - turn) % count, place) for place, (_who, weight) in enumerate(parts)]
    for _remainder, _turn, place in sorted(rest)[: amount - sum(floors)]:
        floors[place] += 1
    return {who: sign * part for (who, _weight), part in zip(parts, floors, strict=True)}


@dataclass(frozen=True, slots=True)
class Bearing:
    """An adult bears a part of a child's costs in a period."""

    adult_id: int
    weight: int
    period: DateRange


def bearers_on(day: date, shares: Sequence[Bearing], payers: Sequence[Bearing]) -> Parts:
    """Who bears the costs of that day: the shares in force, else who is assigned to pay.

    A day before anybody was assigned is borne by the first who was afterwards, one in a gap or after the end by the
    last before it: a cost never belongs to nobody as long as somebody ever paid. Empty when nobody did.
    """
    shared = tuple(sorted((one.adult_id, one.weight) for one in shares if day in one.period))
    if shared or not payers:
        return shared
    ordered = sorted(payers, key=lambda one: one.period.start)
    begun = [one for one in ordered if one.period.start <= day]
    return (((begun or ordered[:1])[-1].adult_id, 1),)


def split_on(cents: int, day: date, shares: Sequence[Bearing], payers: Sequence[Bearing]) -> dict[int | None, int]:
    """An amount of that day by who bears it; under None when nobody does."""
    parts = bearers_on(day, shares, payers)
    return split(cents, parts, turn=day.month) if parts else {None: cents}
