"""How an amount is told among those who bear it: to the cent, in the order given, nothing lost (P42)."""

from collections.abc import Sequence
from typing import Final

from sportello.billing.papers.errors import NotAWhole
from sportello.kernel.money import Money

WHOLE: Final = 10_000


def shared(amount: Money, shares: Sequence[int]) -> tuple[Money, ...]:
    """The parts of an amount by shares in hundredths of a percent, together 10,000; odd cents go to the largest rests.

    >>> shared(Money(101), (5_000, 5_000)), shared(Money(1000), (7_000, 3_000))
    ((Money(cents=51), Money(cents=50)), (Money(cents=700), Money(cents=300)))
    """
    if sum(shares) != WHOLE or any(share < 0 for share in shares):
        raise NotAWhole
    cents = abs(amount.cents)
    parts = [cents * share // WHOLE for share in shares]
    by_rest = sorted(range(len(shares)), key=lambda place: (-(cents * shares[place] % WHOLE), place))
    for place in by_rest[: cents - sum(parts)]:
        parts[place] += 1
    return tuple(Money(part if amount.cents >= 0 else -part) for part in parts)
