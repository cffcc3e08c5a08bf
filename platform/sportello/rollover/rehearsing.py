"""The rehearsal of 1 September: what would happen to every child, service by service. Nothing is changed by it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain

from services_catalog.around_the_year import Around, editions_around
from services_catalog.models import Archetype
from sportello.applications.arrears import refused_for_arrears
from sportello.canteen.diets_ending import diets_ending
from sportello.enrolment.ending_places import EndingPlace, Fate, places_ending, places_of_next_year, renewing_of
from sportello.enrolment.models import Subscription
from sportello.families.seats import Seat, seats_on
from sportello.fees.deciding import ServiceUse
from sportello.fees.rehearsing import Passage, rehearse_prices
from sportello.kernel.dates import DateRange
from sportello.kernel.school_year import SchoolYear
from sportello.rollover.findings import (
    Finding,
    ServiceRenewal,
    deadline_of,
    goes_on_alone,
    lapse_horizon,
    last_day_before,
    of_classes,
    of_diets,
    of_places,
    of_prices,
    would_go_on,
)
from sportello.schools.advancing import next_class
from sportello.schools.models import Section

STAYS = frozenset({Fate.RENEWS, Fate.NEW_SCHOOL})


@dataclass(frozen=True, slots=True)
class SchoolOutlook:
    """A school on 1 September: children who go up a class, who leave it, and its classes without a next one."""

    school_id: int
    advancing: int
    leaving: int
    missing: int


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What came out: things to do, how each school stands, with which editions the new year was reckoned, and how many
    places go on by themselves.
    """

    findings: tuple[Finding, ...]
    schools: tuple[SchoolOutlook, ...]
    editions: tuple[int, ...]
    renewed_alone: int = 0


@dataclass(frozen=True, slots=True)
class _Ground:
    """What every part of a rehearsal reads."""

    year: SchoolYear
    today: date
    seats: Mapping[int, Seat]
    around: Mapping[int, Around]
    ending: list[EndingPlace]
    coming: list[Subscription]


def rehearse(
    *, year: SchoolYear, today: date, tell: Callable[[int, int], None] = lambda _done, _total: None
) -> Rehearsal:
    """What 1 September of ``year`` would bring, as things stand ``today``; reads only.

    Six queries and six for each service, whatever the number of children. ``tell`` hears how many of how many
    services are done.
    """
    ground = _ground(year, today)
    known = frozenset(
        Section.objects.filter(school_year=year.start_year).values_list("school_id", "class_year", "letter")
    )
    classes = list(of_classes(ground.seats.values(), known, year))
    renewals = {service: renewal_of(around, ground.ending, year, today) for service, around in ground.around.items()}
    findings = [*classes, *of_places(ground.ending, ground.seats, renewals, year), *_diets(ground)]
    for done, service in enumerate(ground.around):
        tell(done, len(ground.around))
        findings += _prices(ground, service)
    editions = tuple(around.after.pk for around in ground.around.values())
    alone = sum(1 for place in ground.ending if goes_on_alone(place, renewals[place.service_id]))
    return Rehearsal(tuple(findings), tuple(_outlooks(ground, classes)), editions, alone)


def _ground(year: SchoolYear, today: date) -> _Ground:
    seats = seats_on(last_day_before(year))
    around = editions_around(year.previous)
    audiences = {service: one.after.rules.audience for service, one in around.items()}
    ending = places_ending(year=year.previous, audiences=audiences, seats=seats)
    return _Ground(year, today, seats, around, ending, places_of_next_year(year.previous))


def _diets(ground: _Ground) -> Iterator[Finding]:
    """Of the children who will eat: one whose place at the canteen ends needs no certificate."""
    canteens = {service for service, around in ground.around.items() if _is_canteen(around)}
    eating = {place.child.pk for place in ground.ending if place.service_id in canteens and place.fate != Fate.ENDS}
    eating |= {place.child_id for place in ground.coming if place.service_id in canteens}
    diets = diets_ending(today=ground.today, until=lapse_horizon(ground.year))
    return of_diets([diet for diet in diets if diet.child_id in eating], ground.seats)


def renewal_of(around: Around, ending: Sequence[EndingPlace], year: SchoolYear, today: date) -> ServiceRenewal:
    """How the places of a service go on into ``year``; reads arrears only where the edition refuses for them."""
    drafted = around.after.school_year == year.start_year
    closes = deadline_of(around.after.rules if drafted else None, year)
    how = renewing_of(around.after.rules)
    alone = [one.child.pk for one in ending if one.service_id == around.after.service_id and would_go_on(one, how)]
    return ServiceRenewal(how, closes, refused_for_arrears(alone, around.after, today))


def _is_canteen(around: Around) -> bool:
    return around.after.service.archetype == Archetype.MEALS


def _prices(ground: _Ground, service: int) -> Iterator[Finding]:
    around = ground.around[service]
    found = rehearse_prices(
        uses=list(_uses(ground, service)),
        next_levels=_next_levels(ground.seats),
        passage=Passage(
            around.before.rules.fees, around.after.rules.fees, starts_on=ground.year.period.start, today=ground.today
        ),
    )
    return of_prices(service, found, ground.seats, ground.year)


def _uses(ground: _Ground, service: int) -> Iterator[ServiceUse]:
    """The places of both years: those held, and those expected of who may go on."""
    for place in ground.ending:
        if place.service_id == service:
            yield ServiceUse(place.child, place.period)
            if place.fate in STAYS:
                yield ServiceUse(place.child, ground.year.period)
    coming = [place for place in ground.coming if place.service_id == service]
    for held in chain(coming, _held_by(coming, ground.year)):
        yield ServiceUse(held.child, DateRange.from_bounds(held.valid_during))


def _held_by(coming: list[Subscription], year: SchoolYear) -> list[Subscription]:
    """The places that end now of children who have the next already: they are not among those that end."""
    services = {place.service_id for place in coming}
    held = Subscription.objects.filter(
        child__in=[place.child_id for place in coming],
        service__in=services,
        valid_during__contains=last_day_before(year),
    )
    known = {place.pk for place in coming}
    return [place for place in held.select_related("child").order_by("pk") if place.pk not in known]


def _next_levels(seats: Mapping[int, Seat]) -> dict[int, str]:
    following = {child: next_class(seat.level, seat.class_year) for child, seat in seats.items()}
    return {child: after.level for child, after in following.items() if after is not None}


def _outlooks(ground: _Ground, missing: list[Finding]) -> Iterator[SchoolOutlook]:
    figures: dict[int, list[int]] = {}
    for seat in ground.seats.values():
        after = next_class(seat.level, seat.class_year)
        stays = after is not None and not after.changes_level
        row = figures.setdefault(seat.school_id, [0, 0, 0])
        row[0 if stays else 1] += 1
    for finding in missing:
        if finding.school_id is not None:
            figures[finding.school_id][2] += 1
    for school, (advancing, leaving, without) in sorted(figures.items()):
        yield SchoolOutlook(school, advancing, leaving, without)
