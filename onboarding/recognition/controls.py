"""Numbers declared in the last line, found by what they declare: the count of lines, the sums of columns."""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from onboarding.mapping.structs import Control, RecordMark, Unit

_DIGITS: Final = re.compile(r"\d+(?:[.,]\d{2}(?!\d))?")
NEAR: Final = 0.04
_FEWEST_DIGITS: Final = 3


class Target(NamedTuple):
    """What may be declared: the field ("" = how many lines) and its value in the file, in the column's own unit."""

    of: str
    value: int
    unit: Unit


class _Found(NamedTuple):
    first: int
    end: int
    target: Target
    unit: Unit
    distance: float


def find_controls(line: str, mark: RecordMark, targets: Sequence[Target]) -> tuple[Control, ...]:
    """The controls in a tail line. Damaged and repeated lines make sums differ a little: near is enough."""
    begin = mark.first - 1 + mark.width
    found: list[_Found] = []
    for target in targets:
        best = min(_windows(line, begin, target), key=lambda one: one.distance, default=None)
        if best is not None:
            found.append(best)
    kept: list[_Found] = []
    for one in sorted(found, key=lambda one: one.distance):
        if all(one.end <= other.first or one.first >= other.end for other in kept):
            kept.append(one)
    return tuple(_control(one, kept, line, begin) for one in sorted(kept))


def _windows(line: str, begin: int, target: Target) -> list[_Found]:
    """Every place where about that value stands, with nothing but zeros or no digit before it."""
    found: list[_Found] = []
    if target.value <= 0 or len(str(target.value)) < (1 if not target.of else _FEWEST_DIGITS):
        return found
    for run in _DIGITS.finditer(line, begin):
        plain = run[0].replace(".", "").replace(",", "")
        with_point = plain != run[0]
        if with_point:
            found += _near(run.start(), run.end(), int(plain), target, "euro")
            continue
        lengths = {len(str(target.value)) + more for more in (-1, 0, 1)}
        for end in range(1, len(plain) + 1):
            for length in lengths:
                first = end - length
                if length >= 1 and first >= 0 and plain[first] != "0":
                    value = int(plain[first:end])
                    # A number in the midst of others: nothing before it says that it begins here.
                    hidden = first > 0 and plain[first - 1] != "0"
                    found += _near(run.start() + first, run.start() + end, value, target, target.unit, hidden=hidden)
    return found


def declared_by(control: Control, line: str) -> int:
    """The number a control declares."""
    return int(re.sub(r"\D", "", line[control.place - 1 : control.place - 1 + control.width]) or 0)


def _near(first: int, end: int, value: int, target: Target, unit: Unit, *, hidden: bool = False) -> list[_Found]:
    distance = abs(value - target.value) / target.value + (0.02 if hidden else 0)
    allowed = NEAR if target.of else max(NEAR, 2 / target.value)
    return [_Found(first, end, target, unit, distance)] if distance <= allowed else []


def _control(one: _Found, kept: Sequence[_Found], line: str, begin: int) -> Control:
    """From the end of what stands before, over the zeros that fill the number."""
    floor = max((other.end for other in kept if other.end <= one.first), default=begin)
    first = one.first
    while first > floor and line[first - 1] == "0":
        first -= 1
    return Control(place=first + 1, width=one.end - first, of=one.target.of, unit=one.unit)
