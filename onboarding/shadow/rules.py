"""What differs between the old programme and the desk for a child in a month, and why. Pure.

A reason is given only where it accounts for the whole of a difference, to the meal and to the cent: the known facts
(a meal after the export, a payment, another price) are tried from the fewest up. What they do not account for is
told as unexplained, never hidden and never shared out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations
from typing import Final


class Kind(StrEnum):
    """What differs."""

    CHILD = "child"
    MEALS = "meals"
    CHARGE = "charge"
    BALANCE = "balance"
    PAYMENT = "payment"


class Reason(StrEnum):
    """Why it differs; the sentences are in `words`."""

    ONLY_THERE = "only_there"
    ONLY_HERE = "only_here"
    NO_PLACE = "no_place"
    CLOSED_DAYS = "closed_days"
    ABSENCES = "absences"
    CORRECTED_LATER = "corrected_later"
    EATEN_LATER = "eaten_later"
    MEALS_DIFFER = "meals_differ"
    ISEE_MISSING_HERE = "isee_missing_here"
    ISEE_MISSING_THERE = "isee_missing_there"
    OTHER_ISEE = "other_isee"
    SIBLINGS = "siblings"
    OTHER_EDITION = "other_edition"
    ROUNDING = "rounding"
    NOT_CHARGED = "not_charged"
    CHARGE_DIFFERS = "charge_differs"
    OPENING_MISSING = "opening_missing"
    OPENING_DIFFERS = "opening_differs"
    PAID_ONLY_HERE = "paid_only_here"
    PAID_ONLY_THERE = "paid_only_there"
    LATER_ENTRY = "later_entry"
    UNEXPLAINED = "unexplained"


SETTLED: Final = frozenset(
    {
        Reason.CLOSED_DAYS,
        Reason.CORRECTED_LATER,
        Reason.EATEN_LATER,
        Reason.MEALS_DIFFER,
        Reason.ROUNDING,
        Reason.CHARGE_DIFFERS,
        Reason.LATER_ENTRY,
    }
)
"""Reasons that are an answer by themselves, or whose cause is told on another line; the others wait for a person."""
MOST_FACTS: Final = 12


@dataclass(frozen=True, slots=True)
class Legacy:
    """What the file says of a child in the month; None where it does not say. `paid` and `charged` in cents, positive;
    `balance` positive in the family's favour.
    """

    meals: int | None = None
    charged: int | None = None
    balance: int | None = None
    paid: int | None = None
    isee: int | None = None


@dataclass(frozen=True, slots=True)
class OtherPrice:
    """What a meal would cost if one fact were another: with the ISEE of the file, with none, without brothers."""

    reason: Reason
    cents: int


@dataclass(frozen=True, slots=True)
class Ours:
    """What the desk holds of a child in the month. Cents; `corrections` and `later` are about days up to, and after,
    the day of the export; `opening` None: nothing was brought over; `carried` is what the loaded list said.
    """

    meals: int | None = 0
    charged: int | None = None
    balance: int = 0
    has_place: bool = True
    unit_cents: int | None = None
    is_charged: bool = True
    closed: tuple[date, ...] = ()
    absent: tuple[date, ...] = ()
    corrections: tuple[tuple[date, int], ...] = ()
    later: tuple[date, ...] = ()
    other_prices: tuple[OtherPrice, ...] = ()
    opening: int | None = None
    carried: int | None = None
    payments: tuple[int, ...] = ()
    later_entries: tuple[int, ...] = ()

    @property
    def in_use(self) -> bool:
        """Whether the child has anything to do with the service in the month."""
        return self.has_place or bool(self.meals) or bool(self.charged) or self.balance != 0


@dataclass(frozen=True, slots=True)
class Difference:
    """A part of what differs. The amounts of one kind add up to ours less theirs; `days` are those it rests on."""

    kind: Kind
    reason: Reason
    legacy: int | None
    ours: int | None
    amount: int
    days: tuple[date, ...] = ()

    @property
    def waits(self) -> bool:
        """Whether a person must look at it."""
        return self.reason not in SETTLED


@dataclass(frozen=True, slots=True)
class _Fact:
    """Something known that moves ours away from theirs by `amount`."""

    reason: Reason
    amount: int
    days: tuple[date, ...] = ()


def compare(legacy: Legacy | None, ours: Ours | None, *, tolerance: int = 0) -> list[Difference]:
    """Every difference of a child; none where both say the same. Differences of money up to `tolerance` are none.

    >>> compare(Legacy(meals=18, balance=500), Ours(meals=18, balance=500))
    []
    """
    if ours is None:
        return [] if legacy is None else [Difference(Kind.CHILD, Reason.ONLY_THERE, 1, 0, -1)]
    if legacy is None:
        return [Difference(Kind.CHILD, Reason.ONLY_HERE, 0, 1, 1)] if ours.in_use else []
    return [
        *_meals(legacy, ours),
        *_charge(legacy, ours, tolerance),
        *_payment(legacy, ours, tolerance),
        *_balance(legacy, ours, tolerance),
    ]


def _meals(legacy: Legacy, ours: Ours) -> Iterator[Difference]:
    if legacy.meals is None or ours.meals is None or legacy.meals == ours.meals:
        return
    facts = [
        _Fact(Reason.CLOSED_DAYS, -len(ours.closed), ours.closed),
        _Fact(Reason.EATEN_LATER, len(ours.later), ours.later),
        _Fact(Reason.CORRECTED_LATER, sum(n for _d, n in ours.corrections), tuple(d for d, _n in ours.corrections)),
    ]
    total = ours.meals - legacy.meals
    if not ours.has_place and ours.meals == 0:
        found: Sequence[_Fact] = [_Fact(Reason.NO_PLACE, total)]
    else:
        found = _explained(total, facts) or _absences(total, ours) or [_Fact(Reason.UNEXPLAINED, total)]
    yield from _told(Kind.MEALS, legacy.meals, ours.meals, found)


def _absences(total: int, ours: Ours) -> list[_Fact]:
    """The file counts more, and no more than the days on which the child was called and not there."""
    return [_Fact(Reason.ABSENCES, total, ours.absent)] if 0 < -total <= len(ours.absent) else []


def _charge(legacy: Legacy, ours: Ours, tolerance: int) -> Iterator[Difference]:
    if legacy.charged is None:
        return
    if ours.charged is None:
        if legacy.charged > tolerance:
            yield Difference(Kind.CHARGE, Reason.NOT_CHARGED, legacy.charged, None, -legacy.charged)
        return
    total = ours.charged - legacy.charged
    if abs(total) <= tolerance:
        return
    found = _priced(total, legacy, ours) or [_Fact(Reason.UNEXPLAINED, total)]
    yield from _told(Kind.CHARGE, legacy.charged, ours.charged, found)


def _priced(total: int, legacy: Legacy, ours: Ours) -> list[_Fact]:
    """Other meals, another price, both, or what rounding each meal to the cent may leave."""
    meals = _meals_worth(legacy, ours)
    units = legacy.meals if legacy.meals is not None else ours.meals or 1
    if found := _explained(total, meals):
        return found
    rest = total - sum(fact.amount for fact in meals)
    for other in ours.other_prices:
        if ours.unit_cents is not None and rest == (ours.unit_cents - other.cents) * units:
            return [*meals, _Fact(other.reason, rest)]
    if 0 < abs(rest) <= (units + 1) // 2:
        return [*meals, _Fact(Reason.ROUNDING, rest)]
    return []


def _meals_worth(legacy: Legacy, ours: Ours) -> list[_Fact]:
    """What the meals that differ cost at our price."""
    if legacy.meals is None or ours.meals is None or ours.unit_cents is None or legacy.meals == ours.meals:
        return []
    return [_Fact(Reason.MEALS_DIFFER, (ours.meals - legacy.meals) * ours.unit_cents)]


def _payment(legacy: Legacy, ours: Ours, tolerance: int) -> Iterator[Difference]:
    paid = sum(ours.payments)
    if legacy.paid is None or abs(paid - legacy.paid) <= tolerance:
        return
    reason = Reason.UNEXPLAINED
    if not ours.payments:
        reason = Reason.PAID_ONLY_THERE
    elif legacy.paid == 0:
        reason = Reason.PAID_ONLY_HERE
    yield Difference(Kind.PAYMENT, reason, legacy.paid, paid, paid - legacy.paid)


def _balance(legacy: Legacy, ours: Ours, tolerance: int) -> Iterator[Difference]:
    if legacy.balance is None or abs(ours.balance - legacy.balance) <= tolerance:
        return
    total = ours.balance - legacy.balance
    found = _explained(total, _money_facts(legacy, ours)) or [_Fact(Reason.UNEXPLAINED, total)]
    yield from _told(Kind.BALANCE, legacy.balance, ours.balance, found)


def _money_facts(legacy: Legacy, ours: Ours) -> list[_Fact]:
    """Everything known that moves a balance, the surest first."""
    facts = []
    if ours.carried is not None and ours.opening is None:
        facts.append(_Fact(Reason.OPENING_MISSING, -ours.carried))
    elif ours.carried is not None and ours.opening is not None:
        facts.append(_Fact(Reason.OPENING_DIFFERS, ours.opening - ours.carried))
    facts += [_Fact(Reason.LATER_ENTRY, cents) for cents in ours.later_entries]
    if not ours.is_charged:
        facts.append(_Fact(Reason.NOT_CHARGED, ours.charged or 0))
    if legacy.charged is not None and ours.charged is not None:
        facts.append(_Fact(Reason.CHARGE_DIFFERS, legacy.charged - ours.charged))
    elif ours.is_charged:
        facts += [_Fact(fact.reason, -fact.amount) for fact in _meals_worth(legacy, ours)]
    facts += [_Fact(Reason.PAID_ONLY_HERE, cents) for cents in ours.payments]
    if legacy.paid is not None and legacy.paid > 0 and not ours.payments:
        facts.append(_Fact(Reason.PAID_ONLY_THERE, -legacy.paid))
    return facts


def _explained(total: int, facts: Sequence[_Fact]) -> list[_Fact]:
    """The fewest facts that add up to the whole; none where no choice of them does."""
    known = [fact for fact in facts if fact.amount][:MOST_FACTS]
    for size in range(1, len(known) + 1):
        for chosen in combinations(known, size):
            if sum(fact.amount for fact in chosen) == total:
                return list(chosen)
    return []


def _told(kind: Kind, legacy: int, ours: int, facts: Sequence[_Fact]) -> Iterator[Difference]:
    for fact in facts:
        yield Difference(kind, fact.reason, legacy, ours, fact.amount, fact.days)
