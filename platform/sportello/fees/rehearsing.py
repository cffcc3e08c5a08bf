"""How prices pass from one school year to the next, before anything happens. Pure but for reading the facts.

Each child is priced on the last day of the year and on the first of the next with the ISEE and the circumstances of
today, so that what differs is due to brothers and sisters; then without its ISEE, to tell what its lapse costs.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from typing import Final

from services_catalog.fee_table import FeeTable, IseePolicy
from sportello.fees.deciding import ServiceUse, members_of
from sportello.fees.isee_dates import counted_period
from sportello.fees.rules import Facts, Pricer
from sportello.fees.timeline import IseeSpan, Member, facts_on
from sportello.kernel.dates import DateRange
from sportello.kernel.errors import DomainError

ALWAYS: Final = DateRange(date.min)
ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Passage:
    """A service from one school year to the next: its two tables, the first day of the new year, the day of today."""

    before: FeeTable
    after: FeeTable
    starts_on: date
    today: date


@dataclass(frozen=True, slots=True)
class SiblingChange:
    """A child pays another price because its rank or the number of children changes. Prices are of one unit."""

    child_id: int
    rank_before: int
    rank_after: int
    before_cents: int
    after_cents: int


@dataclass(frozen=True, slots=True)
class IseeLapse:
    """The last day on which the child's ISEE counts, the price with it, and without (None: it cannot be priced)."""

    child_id: int
    last_day: date
    with_cents: int
    without_cents: int | None


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What came of a service."""

    siblings: list[SiblingChange]
    lapses: list[IseeLapse]


def rehearse_prices(*, uses: Sequence[ServiceUse], next_levels: Mapping[int, str], passage: Passage) -> Rehearsed:
    """The changes of the children who use the service on both sides of 1 September; four queries.

    ``uses`` hold the places of both years, with those that are only expected; ``next_levels`` the school level of the
    new year by child. A child that a table cannot price is left out: the office is told of it when prices are decided.
    """
    members = members_of(uses)
    return work_out_passage([_advanced(member, next_levels, passage) for member in members], passage)


def work_out_passage(members: Sequence[Member], passage: Passage) -> Rehearsed:
    """As :func:`rehearse_prices`, from the facts; pure."""
    before, after = Pricer(passage.before), Pricer(passage.after)
    still = {member.child_id: _frozen(member, passage) for member in members}
    households: dict[object, list[Member]] = {}
    for member in still.values():
        households.setdefault(member.household_id or (member.child_id,), []).append(member)
    siblings: list[SiblingChange] = []
    lapses: list[IseeLapse] = []
    for member in members:
        household = households[member.household_id or (member.child_id,)]
        own = still[member.child_id]
        siblings += _tried(partial(_sibling_change, own, household, before, after, passage))
        lapses += _tried(partial(_lapse, member, own, household, after, passage))
    return Rehearsed(siblings, lapses)


def _tried[T](work: Callable[[], T | None]) -> list[T]:
    try:
        found = work()
    except DomainError:
        return []
    return [] if found is None else [found]


def _sibling_change(
    member: Member, household: Sequence[Member], before: Pricer, after: Pricer, passage: Passage
) -> SiblingChange | None:
    """What changes for a child who stays; None where brothers and sisters make no difference to its price."""
    last, first = passage.starts_on - ONE_DAY, passage.starts_on
    if not (_uses(member, last) and _uses(member, first)):
        return None
    was, will = facts_on(member, household, before, last), facts_on(member, household, after, first)
    alike = replace(will, **{name: getattr(was, name) for name in _OF_SIBLINGS})
    price = after.price(will).amount.cents
    if after.price(alike).amount.cents == price:
        return None
    return SiblingChange(member.child_id, was.sibling_rank, will.sibling_rank, before.price(was).amount.cents, price)


_OF_SIBLINGS: Final = ("sibling_rank", "children_using", "minors", "enrolled", "members")


def _lapse(
    member: Member, still: Member, household: Sequence[Member], pricer: Pricer, passage: Passage
) -> IseeLapse | None:
    """When the ISEE of a child who stays runs out; None where it does not, or the price does not read it."""
    last = last_counted_day(member.isee, passage.before.isee, passage.today)
    if last is None or passage.before.isee.missing == "last_known" or not _uses(still, passage.starts_on):
        return None
    facts = facts_on(still, household, pricer, passage.starts_on)
    held = pricer.price(facts).amount.cents
    without = _without_isee(facts, pricer)
    return None if without == held else IseeLapse(member.child_id, last, held, without)


def _without_isee(facts: Facts, pricer: Pricer) -> int | None:
    try:
        return pricer.price(replace(facts, isee_cents=None)).amount.cents
    except DomainError:
        return None


def last_counted_day(spans: Sequence[IseeSpan], policy: IseePolicy, today: date) -> date | None:
    """The day up to which some ISEE counts from today on without a break; None when none counts, or without end."""
    last: date | None = None
    for period, _span in sorted(_counted(spans, policy), key=lambda pair: pair[0].start):
        if today in period or (last is not None and period.start <= last + ONE_DAY):
            if period.last_day is None:
                return None
            last = period.last_day if last is None else max(last, period.last_day)
    return last


def _counted(spans: Sequence[IseeSpan], policy: IseePolicy) -> list[tuple[DateRange, IseeSpan]]:
    found = []
    for span in spans:
        period = span.period if span.filing is None else counted_period(policy, span.filing, span.period)
        if period is not None:
            found.append((period, span))
    return found


def _frozen(member: Member, passage: Passage) -> Member:
    """The child with today's ISEE and circumstances on every day."""
    held = [span for period, span in _counted(member.isee, passage.before.isee) if passage.today in period]
    best = max(held, key=lambda span: span.precedence, default=None)
    return replace(
        member,
        isee=() if best is None else (IseeSpan(ALWAYS, best.cents, best.precedence),),
        conditions=tuple((ALWAYS, code) for period, code in member.conditions if passage.today in period),
    )


def _advanced(member: Member, next_levels: Mapping[int, str], passage: Passage) -> Member:
    """The child with the level of the new year, where nobody has placed it yet."""
    level = next_levels.get(member.child_id, "")
    if not level or any(passage.starts_on in period for period, _level in member.levels):
        return member
    return replace(member, levels=(*member.levels, (DateRange(passage.starts_on), level)))


def _uses(member: Member, day: date) -> bool:
    return any(day in use for use in member.uses)
