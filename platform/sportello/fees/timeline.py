"""From the facts of a family to the prices of a child over time. Pure.

Cut the days of use at every date on which a fact or an edition changes, price each piece by its first day, merge the
neighbours that came out alike: so a lapsed ISEE, a brother who joins, a new act each change the price from their day.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from services_catalog.fee_table import FeeTable, IseePolicy, IseeState, SiblingCounting
from sportello.fees.first_child import Ranked, in_order
from sportello.fees.isee_dates import Filing, counted_period
from sportello.fees.rules import Facts, Price, Pricer
from sportello.kernel.dates import DateRange, change_dates, cut, merge_equal
from sportello.kernel.errors import DomainError, gettext_noop

ADULT_AGE = 18


@dataclass(frozen=True, slots=True)
class EditionSpan:
    """A fee table and the days on which it is in force; ``edition_id`` tells it from others."""

    edition_id: int
    period: DateRange
    table: FeeTable


@dataclass(frozen=True, slots=True)
class IseeSpan:
    """An ISEE and the days of its validity; among several on a day the greatest ``precedence`` wins.

    With its ``filing`` the policy of the edition may move the days on which it counts. One whose ``state`` the edition
    does not accept counts as missing, and the explanation says so.
    """

    period: DateRange
    cents: int
    precedence: tuple[bool | date | int, ...]
    filing: Filing | None = None
    state: IseeState = "attested"


@dataclass(frozen=True, slots=True)
class Member:
    """A child of a household, with what its price may depend on."""

    child_id: int
    household_id: int | None
    birth_date: date | None
    resident: bool = True
    uses: tuple[DateRange, ...] = ()
    levels: tuple[tuple[DateRange, str], ...] = ()
    isee: tuple[IseeSpan, ...] = ()
    conditions: tuple[tuple[DateRange, str], ...] = ()
    service: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """A price and the days on which it holds."""

    edition_id: int
    facts: Facts
    price: Price


@dataclass(frozen=True, slots=True)
class Undecided:
    """Days of use that could not be priced, and why: the office must settle it."""

    child_id: int
    period: DateRange
    reason: DomainError


class NoSchoolLevel(DomainError):
    """Nobody says in which school the child sits on those days."""


@dataclass(slots=True)
class Outcome:
    """What came of a run: the prices of each child in order of time, and what nobody could decide."""

    decided: dict[int, list[tuple[DateRange, Decided]]] = field(default_factory=dict)
    undecided: list[Undecided] = field(default_factory=list)


def work_out(members: Iterable[Member], editions: Sequence[EditionSpan], within: DateRange) -> Outcome:
    """The prices of every member on the days of use that lie in ``within`` and under an edition in force."""
    pricers = {edition.edition_id: Pricer(edition.table) for edition in editions}
    outcome = Outcome()
    for household in _households(members):
        for member in household:
            pieces = _pieces(member, household, editions, within)
            priced = _priced(member, household, pieces, pricers, outcome)
            outcome.decided[member.child_id] = merge_equal(priced)
    return outcome


def sibling_rank(
    member: Member,
    household: Sequence[Member],
    counting: SiblingCounting,
    day: date,
    alone: Callable[[Member], int] | None = None,
) -> tuple[int, int]:
    """The rank of the child on a day among those that count, from 1, and how many they are.

    As :mod:`first_child` puts them; ``alone`` gives what each would pay as the first, where the fee decides the order.
    """
    counted = [other for other in household if other is member or _counts(other, counting, day)]
    by_fee = counting.order in {"dearest_first", "cheapest_first"}
    ordered = in_order(
        [
            Ranked(
                child_id=other.child_id,
                birth_date=other.birth_date,
                service=other.service,
                alone_cents=alone(other) if alone is not None and by_fee else 0,
            )
            for other in counted
        ],
        counting,
    )
    return ordered.index(member.child_id) + 1, len(ordered)


def facts_on(member: Member, household: Sequence[Member], pricer: Pricer, day: date) -> Facts:
    """What the price of a child depends on, on a day. May raise the failures of ``rules.price`` for a brother or sister
    whose fee decides who comes first.
    """
    rank, children = sibling_rank(
        member,
        household,
        pricer.table.siblings,
        day,
        lambda other: pricer.price(_own_facts(other, pricer, day)).amount.cents,
    )
    facts = replace(_own_facts(member, pricer, day), sibling_rank=rank, children_using=children)
    if not pricer.reads_household:
        return facts
    minors = SiblingCounting(counted="minors_of_household")
    enrolled = SiblingCounting(counted="enrolled_in_service")
    return replace(
        facts,
        minors=sum(_counts(other, minors, day) for other in household),
        enrolled=sum(_counts(other, enrolled, day) for other in household),
        members=len(household),
    )


def _own_facts(member: Member, pricer: Pricer, day: date) -> Facts:
    """The facts of a child as if it were the only one."""
    conditions = frozenset(code for period, code in member.conditions if day in period)
    isee = _isee_on(member, pricer.table.isee, day)
    return Facts(
        level=next((level for period, level in member.levels if day in period), ""),
        isee_cents=None if isee is None else isee.cents,
        isee_state="attested" if isee is None else isee.state,
        conditions=conditions & pricer.conditions,
        resident=member.resident,
    )


def _isee_on(member: Member, policy: IseePolicy, day: date) -> IseeSpan | None:
    """The ISEE that counts on a day; the last one that did, where the Comune keeps it for want of another.

    Where only one stands that the Comune does not accept, that one: its state says that it does not count.
    """
    periods = _isee_periods(member, policy)
    accepted = [(period, isee) for period, isee in periods if isee.state == "attested" or isee.state in policy.accepted]
    held = [isee for period, isee in accepted if day in period]
    if not held and policy.missing == "last_known":
        held = [isee for period, isee in accepted if period.start <= day]
    held = held or [isee for period, isee in periods if day in period]
    return max(held, key=lambda isee: isee.precedence, default=None)


def _isee_periods(member: Member, policy: IseePolicy) -> list[tuple[DateRange, IseeSpan]]:
    """Each ISEE with the days on which the policy lets it count."""
    found = []
    for isee in member.isee:
        period = isee.period if isee.filing is None else counted_period(policy, isee.filing, isee.period)
        if period is not None:
            found.append((period, isee))
    return found


def _households(members: Iterable[Member]) -> list[list[Member]]:
    """The members by household; one without a household stands alone."""
    found: dict[tuple[str, int], list[Member]] = {}
    for member in members:
        alone = member.household_id is None
        key = ("child", member.child_id) if alone else ("household", member.household_id or 0)
        found.setdefault(key, []).append(member)
    return list(found.values())


def _pieces(
    member: Member, household: Sequence[Member], editions: Sequence[EditionSpan], within: DateRange
) -> list[tuple[EditionSpan, DateRange]]:
    """The days of use under each edition, cut wherever a fact changes."""
    pieces = []
    dates = {edition.edition_id: _dates_of_change(member, household, edition.table) for edition in editions}
    for use in sorted(member.uses, key=lambda use: use.start):
        wanted = use.intersect(within)
        for edition in editions:
            held = None if wanted is None else wanted.intersect(edition.period)
            if held is not None:
                pieces += [(edition, piece) for piece in cut(held, dates[edition.edition_id])]
    return sorted(pieces, key=lambda piece: piece[1].start)


def _dates_of_change(member: Member, household: Sequence[Member], table: FeeTable) -> set[date]:
    """The days on which something the price may read changes; of brothers and sisters all, where fees rank them."""
    by_fee = table.siblings.order in {"dearest_first", "cheapest_first"}
    periods = [use for other in household if other is not member for use in other.uses]
    for one in household if by_fee else [member]:
        periods += [period for period, _level in one.levels] + [period for period, _code in one.conditions]
        periods += [period for period, _isee in _isee_periods(one, table.isee)]
    return change_dates(periods) | {born for other in household if (born := _coming_of_age(other)) is not None}


def _priced(
    member: Member,
    household: Sequence[Member],
    pieces: Iterable[tuple[EditionSpan, DateRange]],
    pricers: Mapping[int, Pricer],
    outcome: Outcome,
) -> list[tuple[DateRange, Decided]]:
    priced = []
    for edition, period in pieces:
        try:
            facts = facts_on(member, household, pricers[edition.edition_id], period.start)
            if not facts.level:
                raise NoSchoolLevel(gettext_noop("Il bambino non risulta in nessuna classe in questi giorni."))
            found = pricers[edition.edition_id].price(facts)
        except DomainError as reason:
            outcome.undecided.append(Undecided(member.child_id, period, reason))
        else:
            priced.append((period, Decided(edition.edition_id, facts, found)))
    return priced


def _counts(other: Member, counting: SiblingCounting, day: date) -> bool:
    if counting.counted == "users_of_service":
        return any(day in use for use in other.uses)
    if counting.counted == "enrolled_in_service":
        return bool(other.uses)
    of_age = _coming_of_age(other)
    return of_age is None or day < of_age


def _coming_of_age(member: Member) -> date | None:
    born = member.birth_date
    if born is None:
        return None
    if (born.month, born.day) == (2, 29):
        return date(born.year + ADULT_AGE, 3, 1)
    return date(born.year + ADULT_AGE, born.month, born.day)
