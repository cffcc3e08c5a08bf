"""What changes if a new ISEE is filed on a day: from when it counts, and what the household would pay less. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from services_catalog.fee_table import IseePolicy
from sportello.fees.facts import Price
from sportello.fees.isee_dates import Filing, counted_period
from sportello.fees.simulating import PlannedHousehold, PlannedService, Simulated, simulate
from sportello.fees.timeline import IseeSpan
from sportello.kernel.dates import DateRange
from sportello.kernel.money import Money
from sportello.means.rules import Kind, period_of_validity

_DAY = timedelta(days=1)
_LOOKED_AHEAD = 400


@dataclass(frozen=True, slots=True)
class FilingEffect:
    """From when an ISEE filed on a day counts, under the policy of an edition.

    ``counts`` None: it would not count at all. ``last_day``: the last day on which filing it has the same effect, when
    more than one has; ``then_from``: from when one filed the day after counts (None: it would not, or every day has
    its own effect). ``resumes``: the next day on which filing one counts, and from when, where the day after it would
    not: in December one that counts from January has lapsed before.
    """

    filed_on: date
    counts: DateRange | None
    last_day: date | None = None
    then_from: date | None = None
    resumes: tuple[date, date] | None = None


@dataclass(frozen=True, slots=True)
class ChildChange:
    """A child in a service with the ISEE of today and with the new one: prices of a unit and cost of the year."""

    child: int
    service: str
    before: Price
    after: Price
    saved: Money


@dataclass(frozen=True, slots=True)
class ServiceChange:
    """What the new ISEE does in a service, child by child; ``until`` is the last day on which it makes a difference."""

    service: str
    effect: FilingEffect
    from_day: date | None
    until: date | None
    children: tuple[ChildChange, ...]

    @property
    def saved(self) -> Money:
        """What the household would pay less; below zero when it would pay more."""
        return Money.sum(child.saved for child in self.children)


def new_isee(policy: IseePolicy, cents: int, filed_on: date) -> IseeSpan:
    """An ISEE filed on a day, which prevails over that of today: to 31 December, or on where the last known is kept."""
    valid = period_of_validity(Kind.MINORS, filed_on)
    kept = DateRange(valid.start) if policy.missing == "last_known" else valid
    return IseeSpan(kept, cents, (True,), Filing(filed_on=filed_on))


def effect_of_filing(policy: IseePolicy, filed_on: date) -> FilingEffect:
    """From when it counts, and up to which day filing it would do the same."""
    counts = _counted(policy, filed_on)
    if counts is None:
        return FilingEffect(filed_on, None, resumes=_resumes(policy, filed_on))
    last = filed_on
    following = _counted(policy, last + _DAY)
    while following is not None and following.start == counts.start and (last - filed_on).days < _LOOKED_AHEAD:
        last += _DAY
        following = _counted(policy, last + _DAY)
    by_the_day = last == filed_on and counts.start == filed_on and following is not None
    if by_the_day and following is not None and following.start == filed_on + _DAY:
        return FilingEffect(filed_on, counts)
    if following is None:
        return FilingEffect(filed_on, counts, last, resumes=_resumes(policy, last))
    return FilingEffect(filed_on, counts, last, following.start)


def change_of_isee(
    household: PlannedHousehold, service: PlannedService, policy: IseePolicy, *, cents: int, filed_on: date
) -> ServiceChange:
    """The service with the ISEE of the household, and with a new one filed on the day.

    Both are looked at for the whole school year; the ISEE of the household is taken to go on counting.
    """
    effect = effect_of_filing(policy, filed_on)
    counts = effect.counts
    inside = None if counts is None else counts.intersect(service.year)
    if inside is None:
        return ServiceChange(service.code, effect, None, None, ())
    changed = replace(household, isee=(*household.isee, new_isee(policy, cents, filed_on)))
    before, after = simulate(household, service), simulate(changed, service)
    children = [_change(old, new, inside) for old, new in zip(before, after, strict=True)]
    return ServiceChange(
        service.code, effect, inside.start, inside.last_day, tuple(child for child in children if child is not None)
    )


def _resumes(policy: IseePolicy, after: date) -> tuple[date, date] | None:
    """The first day after that one on which filing an ISEE counts, and from when."""
    for number in range(1, _LOOKED_AHEAD):
        day = after + timedelta(days=number)
        counts = _counted(policy, day)
        if counts is not None:
            return day, counts.start
    return None


def _counted(policy: IseePolicy, filed_on: date) -> DateRange | None:
    return counted_period(policy, Filing(filed_on=filed_on), period_of_validity(Kind.MINORS, filed_on))


def _change(before: Simulated, after: Simulated, inside: DateRange) -> ChildChange | None:
    """The child before and after, at the first price inside the days on which the new ISEE counts."""
    old, new = _first_inside(before, inside), _first_inside(after, inside)
    if old is None or new is None or before.failure or after.failure:
        return None
    return ChildChange(before.child, before.service, old, new, before.total - after.total)


def _first_inside(simulated: Simulated, inside: DateRange) -> Price | None:
    found: Sequence[Price] = [decided.price for period, decided in simulated.prices if period.overlaps(inside)]
    return found[0] if found else None
