"""Who gets which notice, and who none: values in, plans out; the words of states are those of the models."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sportello.billing.debts.asking import MOST_TRANSFERS, Asked, Collected, Instalment
from sportello.billing.debts.categories import category_of
from sportello.billing.debts.models import Purpose
from sportello.billing.issuing.models import LeftOut
from sportello.kernel.month import Month


@dataclass(frozen=True, slots=True)
class Terms:
    """What the office set: see :class:`models.NoticeIssue`."""

    key: str
    description: str
    due_on: date
    last_day: date
    minimum_cents: int = 0
    instalments: int = 1
    instalments_from_cents: int = 0


@dataclass(frozen=True, slots=True)
class Owed:
    """A sum to ask of a payer for a child in a service; `month` where it is asked month by month (P41).

    `cents` is nothing where open notices ask for all of it already; then `asked_cents` says how much. `account_id` is
    the ledger account that it was read from.
    """

    payer_id: int | None
    child_id: int
    service_code: str
    cents: int
    month: date | None = None
    asked_cents: int = 0
    account_id: int = 0


@dataclass(frozen=True, slots=True)
class Omitted:
    """Somebody who owes and gets no notice."""

    reason: LeftOut
    payer_id: int | None
    child_id: int
    cents: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The notices to issue, by payer, and who is left out."""

    asked: tuple[Asked, ...]
    omitted: tuple[Omitted, ...]


def plan(
    terms: Terms, owed: Iterable[Owed], *, with_code: Collection[int], exempt: Collection[tuple[int, str]] = ()
) -> Plan:
    """One notice for each payer, one for each month where the service is asked so. `exempt` are (child, service)."""
    asked: list[Asked] = []
    omitted: list[Omitted] = []
    rows = sorted(owed, key=lambda one: (one.payer_id or 0, one.child_id, one.service_code, one.month or date.min))
    for payer, group in groupby(rows, key=lambda one: one.payer_id):
        kept: list[Owed] = []
        for one in group:
            reason = _why_not(one, with_code, exempt)
            if reason is None:
                kept.append(one)
            else:
                omitted.append(Omitted(reason, payer, one.child_id, one.cents or one.asked_cents))
        if payer is None or not kept:
            continue
        if sum(one.cents for one in kept) < terms.minimum_cents:
            omitted += [Omitted(LeftOut.MINIMUM, payer, one.child_id, one.cents) for one in kept]
        else:
            asked += [_asked(terms, payer, notice) for notice in _notices(kept)]
    return Plan(tuple(asked), tuple(omitted))


def _why_not(one: Owed, with_code: Collection[int], exempt: Collection[tuple[int, str]]) -> LeftOut | None:
    if one.payer_id is None:
        return LeftOut.NO_PAYER
    if not one.cents:
        return LeftOut.ASKED
    if one.payer_id not in with_code:
        return LeftOut.NO_CODE
    return LeftOut.EXEMPT if (one.child_id, one.service_code) in exempt else None


def _notices(kept: Sequence[Owed]) -> list[list[Owed]]:
    """What goes into one notice: a month alone, the rest together as far as the transfers go (P14)."""
    found = [[one] for one in kept if one.month]
    rest: list[Owed] = []
    for one in (one for one in kept if not one.month):
        if len({category_of(each.service_code) for each in (*rest, one)}) > MOST_TRANSFERS:
            found.append(rest)
            rest = []
        rest.append(one)
    return [*found, rest] if rest else found


def _asked(terms: Terms, payer: int, notice: Sequence[Owed]) -> Asked:
    """The key tells the payer and what it is for, so that the same sums are never asked twice by one issue."""
    first = notice[0]
    cents = sum(one.cents for one in notice)
    month = f":{first.child_id}:{first.service_code}:{first.month:%Y-%m}" if first.month else f":{first.service_code}"
    in_parts = not first.month and terms.instalments > 1 and cents >= max(terms.instalments_from_cents, 1)
    return Asked(
        payer_id=payer,
        purpose=Purpose.MONTHLY_FEE if first.month else Purpose.DUES,
        description=terms.description,
        lines=tuple(Collected(one.child_id, one.service_code, one.cents, one.month) for one in notice),
        due_on=terms.due_on,
        last_day=terms.last_day,
        key=f"{terms.key}{payer}{month}",
        instalments=tuple(parts_of(terms, cents)) if in_parts and cents >= terms.instalments else (),
    )


def sample(terms: Terms) -> Asked:
    """A notice of these terms, for nobody: what is wrong with it is wrong with all."""
    cents = max(terms.minimum_cents, terms.instalments_from_cents, terms.instalments, 1)
    return _asked(terms, 0, [Owed(0, 0, "", cents)])


def parts_of(terms: Terms, cents: int) -> list[Instalment]:
    """Monthly parts, the first on the day of the whole; each may be paid as long after its day as the whole may.

    >>> terms = Terms("k", "d", date(2027, 1, 31), date(2027, 2, 10), instalments=3)
    >>> [(one.cents, one.due_on.isoformat()) for one in parts_of(terms, 1000)]
    [(334, '2027-01-31'), (333, '2027-02-28'), (333, '2027-03-31')]
    """
    floor, odd = divmod(cents, terms.instalments)
    grace = terms.last_day - terms.due_on
    month = Month.of(terms.due_on)
    found = []
    for place in range(terms.instalments):
        due_on = month.first_day.replace(day=min(terms.due_on.day, month.last_day.day))
        found.append(Instalment(floor + (place < odd), due_on, due_on + grace))
        month = month.next
    return found
