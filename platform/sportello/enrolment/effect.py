"""What a draft fee table would do to the enrolled: each child's price today against the draft's. Pure.

A child is told by the first day on which its price differs; before that nothing changes for it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from sportello.fees.facts import Price
from sportello.fees.timeline import Decided, IseeSpan, Member, Outcome, Undecided
from sportello.kernel.dates import DateRange, change_dates
from sportello.kernel.errors import DomainError


class Kind(StrEnum):
    """What becomes of a child's price."""

    SAME = "same"
    UP = "up"
    DOWN = "down"
    OTHER_UNIT = "other_unit"
    """It is of something else (a month instead of a meal): the two figures are not compared."""
    NEW = "new"
    """No act gives it a price today."""
    UNDECIDABLE = "undecidable"
    """It has a price today, and the draft gives it none."""
    UNPRICED = "unpriced"
    """It has none today and none under the draft."""


@dataclass(frozen=True, slots=True)
class ChildEffect:
    """What becomes of one child. ``family`` is its household (a negative number for a child without one)."""

    child_id: int
    family: int
    kind: Kind
    day: date
    before: Price | None
    after: Price | None
    isee_cents: int | None
    reason: DomainError | None = None

    @property
    def change_cents(self) -> int:
        """By how much the price of a unit changes, where the two can be compared; else nothing."""
        if self.before is None or self.after is None or self.kind is Kind.OTHER_UNIT:
            return 0
        return self.after.amount.cents - self.before.amount.cents


@dataclass(frozen=True, slots=True)
class _Moment:
    """Both worlds on a day on which something changes in one of them."""

    day: date
    before: Decided | None
    after: Decided | None
    reason: DomainError | None


def compared(members: Sequence[Member], today: Outcome, drafted: Outcome) -> list[ChildEffect]:
    """The effect on each member who uses the service, as both worlds were worked out over the same days."""
    refused: dict[int, list[Undecided]] = defaultdict(list)
    for undecided in drafted.undecided:
        refused[undecided.child_id].append(undecided)
    found = []
    for member in members:
        child = member.child_id
        moments = list(_moments(today.decided.get(child, []), drafted.decided.get(child, []), refused[child]))
        if moments:
            found.append(_told(member, moments))
    return found


def as_renewed(member: Member) -> Member:
    """The child as if its last ISEE were renewed alike when it lapses: the table is judged, not the end of a year."""
    ends = [(isee.period.end, isee.precedence, isee.cents) for isee in member.isee if isee.period.end is not None]
    if not ends or len(ends) < len(member.isee):
        return member
    end, _precedence, cents = max(ends)
    return replace(member, isee=(*member.isee, IseeSpan(DateRange(end), cents, precedence=())))


def _moments(
    before: Sequence[tuple[DateRange, Decided]],
    after: Sequence[tuple[DateRange, Decided]],
    refused: Sequence[Undecided],
) -> Iterator[_Moment]:
    periods = [period for period, _decided in (*before, *after)] + [one.period for one in refused]
    for day in sorted(change_dates(periods)):
        was, becomes = _on(before, day), _on(after, day)
        reason = next((one.reason for one in refused if day in one.period), None)
        if was is not None or becomes is not None or reason is not None:
            yield _Moment(day, was, becomes, reason)


def _on(pieces: Iterable[tuple[DateRange, Decided]], day: date) -> Decided | None:
    return next((decided for period, decided in pieces if day in period), None)


def _told(member: Member, moments: Sequence[_Moment]) -> ChildEffect:
    """The moment that counts: where the child loses its price, else where the price first differs, else the first."""
    kinds = [_kind(moment) for moment in moments]
    order = (
        (Kind.UNDECIDABLE,),
        (Kind.UP, Kind.DOWN, Kind.OTHER_UNIT),
        (Kind.SAME,),
        (Kind.NEW,),
        (Kind.UNPRICED,),
    )
    place = next(place for wanted in order for place, kind in enumerate(kinds) if kind in wanted)
    moment = moments[place]
    facts = moment.after or moment.before
    return ChildEffect(
        child_id=member.child_id,
        family=-member.child_id if member.household_id is None else member.household_id,
        kind=kinds[place],
        day=moment.day,
        before=None if moment.before is None else moment.before.price,
        after=None if moment.after is None else moment.after.price,
        isee_cents=None if facts is None else facts.facts.isee_cents,
        reason=moment.reason,
    )


def _kind(moment: _Moment) -> Kind:
    if moment.before is None:
        return Kind.UNPRICED if moment.after is None else Kind.NEW
    if moment.after is None:
        return Kind.UNDECIDABLE
    before, after = moment.before.price, moment.after.price
    if (before.unit, before.block_meals) != (after.unit, after.block_meals):
        return Kind.OTHER_UNIT
    if before.amount == after.amount:
        return Kind.SAME
    return Kind.UP if after.amount > before.amount else Kind.DOWN
