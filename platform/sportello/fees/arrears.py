"""Arrears as a condition that a fee reads: only where the edition says how the ledger tells them.

The ledger lies above: it registers its answer when it starts.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Protocol

from services_catalog.fee_table import ArrearsPolicy, FeeTable
from sportello.fees.models import PriceDecision, RecognisedCondition
from sportello.fees.timeline import EditionSpan
from sportello.kernel.dates import DateRange
from sportello.kernel.money import Money
from sportello.means.tax_queries import unpaid_taxes_until

type Held = tuple[DateRange, str]
"""A condition and the days on which it holds."""


class Reader(Protocol):
    """Child ids -> the days on which the household owes more than `above`, so many days after it was due."""

    def __call__(
        self, children: Collection[int], *, after_days: int, above: Money, today: date
    ) -> Mapping[int, Sequence[DateRange]]: ...


_readers: list[Reader] = []


def register_reader(reader: Reader) -> None:
    """Called once, in `AppConfig.ready` of the room that keeps the ledger."""
    if reader not in _readers:
        _readers.append(reader)


def arrears_by_edition(
    children: Collection[int], editions: Sequence[EditionSpan], today: date
) -> dict[int, list[Held]]:
    """Child id -> the arrears that a price reads, on the days of the editions that ask for them; else no query."""
    found: dict[int, list[Held]] = {}
    for edition in editions:
        policy = edition.table.arrears
        if policy.refuses == "nothing":
            continue
        unpaid = _unpaid(children, policy, today)
        if policy.local_taxes:
            for child, periods in _unpaid_taxes(children, edition, today).items():
                unpaid.setdefault(child, []).extend(periods)
        for child, periods in unpaid.items():
            inside = [days for period in periods if (days := period.intersect(edition.period)) is not None]
            found.setdefault(child, []).extend((days, policy.condition) for days in inside)
    return found


def conditions_on(child_id: int, table: FeeTable, day: date) -> frozenset[str]:
    """The conditions of a child on a day that an enrolment is judged by: those recognised, and the arrears."""
    return conditions_of([child_id], table, day)[child_id]


def conditions_of(children: Collection[int], table: FeeTable, day: date) -> dict[int, frozenset[str]]:
    """As :func:`conditions_on`, for many children; the same queries however many."""
    held: dict[int, set[str]] = {child: set() for child in children}
    recognised = RecognisedCondition.objects.filter(child__in=children, valid_during__contains=day)
    for child, condition in recognised.order_by("pk").values_list("child", "condition"):
        held[child].add(condition)
    for child, periods in _unpaid(children, table.arrears, day).items():
        if any(day in period for period in periods):
            held[child].add(table.arrears.condition)
    return {child: frozenset(conditions) for child, conditions in held.items()}


def _unpaid_taxes(children: Collection[int], edition: EditionSpan, today: date) -> dict[int, list[DateRange]]:
    """Child id -> the days on which local taxes count as unpaid; four queries.

    Of an adult only the last standing is kept. So it speaks of today and of the days until it expires; the days gone
    by stay as families were told, and a new standing never rewrites them.
    """
    found = {
        child: [DateRange(today, last_day + timedelta(days=1))]
        for child, last_day in unpaid_taxes_until(children, today).items()
    }
    told = PriceDecision.objects.in_force().filter(
        child__in=children,
        service__editions=edition.edition_id,
        inputs__conditions__contains=[edition.table.arrears.condition],
    )
    for child, bounds in told.order_by("pk").values_list("child", "valid_during"):
        days = DateRange.from_bounds(bounds).intersect(DateRange(date.min, today))
        if days is not None:
            found.setdefault(child, []).append(days)
    return found


def _unpaid(children: Collection[int], policy: ArrearsPolicy, today: date) -> dict[int, list[DateRange]]:
    found: dict[int, list[DateRange]] = {}
    if policy.overdue_after_days is None:
        return found
    for reader in _readers:
        answer = reader(children, after_days=policy.overdue_after_days, above=policy.above, today=today)
        for child, periods in answer.items():
            found.setdefault(child, []).extend(periods)
    return found
