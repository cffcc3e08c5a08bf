"""Which part of a receipt a line of a flow brought. Pure.

A receipt pays several services; its transfers may come by several lines, even of several flows. Each line takes first
what its own transfer paid, then whatever of the receipt is left: no cent twice, none lost.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Brought:
    """A line: so many cents of a transfer."""

    key: int
    transfer: int
    cents: int


@dataclass(frozen=True, slots=True)
class Part:
    """So many cents of a receipt for one use; `transfer`: by which they travelled, where it is known."""

    use: Hashable
    transfer: int | None
    cents: int


def allot(lines: Sequence[Brought], parts: Sequence[Part]) -> dict[int, list[tuple[Hashable | None, int]]]:
    """Line key -> (use, cents), all cents of the line; None is what no part of the receipt accounts for.

    >>> allot([Brought(1, 1, 700), Brought(2, 2, 300)], [Part("bus", 2, 300), Part("meals", 1, 600)])
    {1: [('meals', 600), (None, 100)], 2: [('bus', 300)]}
    """
    left = [part.cents for part in parts]
    found: dict[int, list[tuple[Hashable | None, int]]] = {line.key: [] for line in lines}
    rest = {line.key: line.cents for line in lines}
    for own in (True, False):
        for line in lines:
            for place, part in enumerate(parts):
                if own and part.transfer != line.transfer:
                    continue
                cents = min(left[place], rest[line.key])
                if cents > 0:
                    found[line.key].append((part.use, cents))
                    left[place] -= cents
                    rest[line.key] -= cents
    for line in lines:
        if rest[line.key]:
            found[line.key].append((None, rest[line.key]))
    return found
