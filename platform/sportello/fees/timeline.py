"""From the facts of a family to the prices of a child over time. Pure.

Cut the days of use at every date on which a fact or an edition changes, price each piece by its first day, merge the
neighbours that came out alike: so a lapsed ISEE, a brother who joins, a new act each change the price from their day.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from services_catalog.fee_table import FeeTable, SiblingCounting
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
    """An ISEE and the days on which it counts; among several on a day the greatest ``precedence`` wins."""

    period: DateRange
    cents: int
    precedence: tuple[bool, date, int]


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


def sibling_rank(member: Member, household: Sequence[Member], counting: SiblingCounting, day: date) -> tuple[int, int]:
    """The rank of the child on a day among those that count, from 1, and how many they are.

    By age as the edition says; of twins the one known first comes first; a child without a birth date comes last.
    """
    counted = [other for other in household if other is member or _counts(other, counting, day)]
    ordered = sorted(counted, key=lambda other: _age_key(other, counting))
    return ordered.index(member) + 1, len(ordered)


def facts_on(member: Member, household: Sequence[Member], counting: SiblingCounting, day: date) -> Facts:
    """What the price of a child depends on, on a day."""
    rank, children = sibling_rank(member, household, counting, day)
    held = [isee for isee in member.isee if day in isee.period]
    best = max(held, key=lambda isee: isee.precedence, default=None)
    return Facts(
        level=next((level for period, level in member.levels if day in period), ""),
        isee_cents=None if best is None else best.cents,
        sibling_rank=rank,
        children_using=children,
        conditions=frozenset(code for period, code in member.conditions if day in period),
        resident=member.resident,
    )


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
    dates = _dates_of_change(member, household)
    pieces = []
    for use in sorted(member.uses, key=lambda use: use.start):
        wanted = use.intersect(within)
        for edition in editions:
            held = None if wanted is None else wanted.intersect(edition.period)
            if held is not None:
                pieces += [(edition, piece) for piece in cut(held, dates)]
    return sorted(pieces, key=lambda piece: piece[1].start)


def _dates_of_change(member: Member, household: Sequence[Member]) -> set[date]:
    periods = [period for period, _level in member.levels] + [period for period, _code in member.conditions]
    periods += [isee.period for isee in member.isee]
    periods += [use for other in household if other is not member for use in other.uses]
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
        facts = facts_on(member, household, edition.table.siblings, period.start)
        facts = replace(facts, conditions=facts.conditions & edition.table.conditions())
        try:
            if not facts.level:
                raise NoSchoolLevel(gettext_noop("Il bambino non risulta in nessuna classe in questi giorni."))
            price = pricers[edition.edition_id].price(facts)
        except DomainError as reason:
            outcome.undecided.append(Undecided(member.child_id, period, reason))
        else:
            priced.append((period, Decided(edition.edition_id, facts, price)))
    return priced


def _counts(other: Member, counting: SiblingCounting, day: date) -> bool:
    if counting.counted == "users_of_service":
        return any(day in use for use in other.uses)
    of_age = _coming_of_age(other)
    return of_age is None or day < of_age


def _coming_of_age(member: Member) -> date | None:
    born = member.birth_date
    if born is None:
        return None
    if (born.month, born.day) == (2, 29):
        return date(born.year + ADULT_AGE, 3, 1)
    return date(born.year + ADULT_AGE, born.month, born.day)


def _age_key(member: Member, counting: SiblingCounting) -> tuple[bool, int, int]:
    born = member.birth_date
    days = 0 if born is None else born.toordinal()
    return born is None, days if counting.order == "eldest_first" else -days, member.child_id
