"""What another fee table would have done to the families: pure sums over pieces of meals, and nobody to be recognised.

A row about fewer than FEWEST families is never shown, nor can it be found by subtracting the rows from their total:
small rows are put together until what is hidden is large enough, and at least two of them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median
from typing import Final

from sportello.kernel.money import round_half_up

FEWEST: Final = 5
BRACKET: Final = 500_000  # cents of ISEE: five thousand euro
LAST_BRACKET: Final = 3_000_000
STEPS: Final = (-20_000, -10_000, -5_000, -2_000, 0, 2_000, 5_000, 10_000, 20_000)
"""Bounds, in cents over the whole period, of the classes of change for a family."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Meals of a child between two changes of its facts; amounts in cents for all of them."""

    family: int
    child: int
    school: int
    isee_cents: int | None
    meals: int
    before_cents: int
    after_cents: int


@dataclass(frozen=True, slots=True)
class Line:
    """A group of families. `key` None: several small groups put together."""

    key: int | None
    families: int
    children: int
    meals: int
    before_cents: int
    after_cents: int
    paying_more: int
    paying_less: int

    @property
    def change_cents(self) -> int:
        """What the families of the group pay more (less when negative)."""
        return self.after_cents - self.before_cents


@dataclass(frozen=True, slots=True)
class Spread:
    """Families whose period changes by between `low` and `high` cents; None: without a bound. Both 0: not at all."""

    low: int | None
    high: int | None
    families: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """The whole and its groups. Keys: of a bracket its lower ISEE in cents (-1 without ISEE), of a school its id.

    `distribution` counts families by class of change, from the greatest saving to the greatest expense.
    """

    whole: Line
    median_change_cents: int
    brackets: tuple[Line, ...]
    schools: tuple[Line, ...]
    distribution: tuple[Spread, ...]


def total_cents(unit_cents: int, meals: int, block_meals: int | None) -> int:
    """What so many meals cost: a meal of a block is its part of the block's price."""
    return round_half_up(Fraction(unit_cents * meals, block_meals)) if block_meals else unit_cents * meals


def outcome_of(pieces: Iterable[Piece]) -> Outcome:
    """Sums the pieces; raises ValueError without any."""
    held = list(pieces)
    if not held:
        raise ValueError("no meals")
    change = _change_of_families(held)
    whole = _line(None, held, change)
    return Outcome(
        whole=whole,
        median_change_cents=round_half_up(Fraction(median(change.values()))),
        brackets=_lines(held, change, key=lambda piece: _bracket(piece.isee_cents)),
        schools=_lines(held, change, key=lambda piece: piece.school),
        distribution=_distribution(change.values()),
    )


def _change_of_families(pieces: Sequence[Piece]) -> dict[int, int]:
    change: dict[int, int] = defaultdict(int)
    for piece in pieces:
        change[piece.family] += piece.after_cents - piece.before_cents
    return change


def _bracket(isee_cents: int | None) -> int:
    return -1 if isee_cents is None else min(isee_cents // BRACKET * BRACKET, LAST_BRACKET)


def _lines(pieces: Sequence[Piece], change: dict[int, int], *, key: Callable[[Piece], int]) -> tuple[Line, ...]:
    groups: dict[int, list[Piece]] = defaultdict(list)
    for piece in pieces:
        groups[key(piece)].append(piece)
    hidden = _hidden({name: {piece.family for piece in group} for name, group in groups.items()})
    lines = [_line(name, group, change) for name, group in sorted(groups.items()) if name not in hidden]
    if hidden:
        lines.append(_line(None, [piece for name in hidden for piece in groups[name]], change))
    return tuple(lines)


def _hidden(families: dict[int, set[int]]) -> list[int]:
    """The groups that may not stand alone: the small ones, and the next until nobody can be worked out.

    A family may be in several groups: it is counted once.
    """
    by_size = sorted(families, key=lambda name: (len(families[name]), name))
    hidden = [name for name in by_size if len(families[name]) < FEWEST]
    while hidden and (len(hidden) < 2 or len(set().union(*(families[name] for name in hidden))) < FEWEST):
        if len(hidden) == len(by_size):
            break
        hidden.append(by_size[len(hidden)])
    return hidden


def _line(key: int | None, pieces: Sequence[Piece], change: dict[int, int]) -> Line:
    families = {piece.family for piece in pieces}
    return Line(
        key=key,
        families=len(families),
        children=len({piece.child for piece in pieces}),
        meals=sum(piece.meals for piece in pieces),
        before_cents=sum(piece.before_cents for piece in pieces),
        after_cents=sum(piece.after_cents for piece in pieces),
        paying_more=sum(change[family] > 0 for family in families),
        paying_less=sum(change[family] < 0 for family in families),
    )


def _distribution(changes: Iterable[int]) -> tuple[Spread, ...]:
    counts = [0] * (len(STEPS) + 2)
    for change in changes:
        counts[_class_of(change)] += 1
    zero = STEPS.index(0)
    lows = [None, *STEPS[: zero + 1], *STEPS[zero:]]
    highs = [*STEPS[: zero + 1], *STEPS[zero:], None]
    classes = [Spread(*row) for row in zip(lows, highs, counts, strict=True)]
    return tuple(_wide_enough(classes))


def _wide_enough(classes: Sequence[Spread]) -> list[Spread]:
    """Neighbours put together until each class has enough families, or none."""
    wide: list[Spread] = []
    for one in classes:
        last = wide[-1] if wide else None
        if last is not None and 0 < last.families < FEWEST:
            wide[-1] = Spread(last.low, one.high, last.families + one.families)
        else:
            wide.append(one)
    while len(wide) > 1 and 0 < wide[-1].families < FEWEST:
        last = wide.pop()
        wide[-1] = Spread(wide[-1].low, last.high, wide[-1].families + last.families)
    return wide


def _class_of(change: int) -> int:
    """Below zero the class ends at its bound, above it begins there; those who pay the same have a class alone."""
    if change == 0:
        return STEPS.index(0) + 1
    place = sum(change >= bound for bound in STEPS) if change < 0 else sum(change > bound for bound in STEPS) + 1
    return min(place, len(STEPS) + 1)
