"""What a month of meals comes to: facts of the days in, quantities and days out. Pure.

Days of a month are sets of bits (see :class:`sportello.canteen.month.Month`), so that counting the meals of a child
at a price is one operation however long the month.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class PricedDays:
    """The days of the month on which a meal has that price; `why` names the explanation of the price."""

    days: int
    cents: int
    why: int = 0


@dataclass(frozen=True, slots=True)
class Posted:
    """What the ledger already holds for a child, a month and a unit price: meals, entries, the first of them."""

    meals: int
    entries: int
    first_entry_id: int


@dataclass(frozen=True, slots=True)
class Difference:
    """Meals still to post at a price: more or (negative) fewer; `corrects` is the charge it puts right, if any."""

    cents: int
    meals: int
    ordinal: int
    corrects: int | None


NOTHING = Posted(meals=0, entries=0, first_entry_id=0)


def meals_by_price(served: int, prices: Sequence[PricedDays]) -> dict[int, int]:
    """Unit price in cents -> meals served at it; the periods of the prices do not overlap.

    >>> meals_by_price(0b1111, [PricedDays(0b0011, 190), PricedDays(0b1100, 300)])
    {190: 2, 300: 2}
    """
    found: dict[int, int] = {}
    for price in prices:
        meals = (served & price.days).bit_count()
        if meals:
            found[price.cents] = found.get(price.cents, 0) + meals
    return found


def unpriced(served: int, prices: Sequence[PricedDays]) -> int:
    """The days served on which no price holds, as a set of bits: there must be none."""
    for price in prices:
        served &= ~price.days
    return served


def differences(wanted: Mapping[int, int], posted: Mapping[int, Posted]) -> Iterator[Difference]:
    """What must be posted so that the ledger holds the wanted meals, cheapest price first; nothing if it does."""
    for cents in sorted({*wanted, *posted}):
        known = posted.get(cents, NOTHING)
        missing = wanted.get(cents, 0) - known.meals
        if missing:
            yield Difference(
                cents=cents,
                meals=missing,
                ordinal=known.entries,
                corrects=known.first_entry_id if known.entries else None,
            )


def days_of_opening(*, bought: int, eaten: Sequence[date], size_on: Callable[[date], int]) -> list[date]:
    """The days on which a block had to be opened: those of the first meal that no block covered.

    `bought` meals cover the first days of `eaten` (in order); each block opened covers as many as its size on its day.

    >>> days_of_opening(bought=1, eaten=[date(2026, 11, day) for day in (2, 3, 4, 5)], size_on=lambda _day: 2)
    [datetime.date(2026, 11, 3), datetime.date(2026, 11, 5)]
    """
    opened: list[date] = []
    while bought < len(eaten):
        day = eaten[bought]
        bought += size_on(day)
        opened.append(day)
    return opened
