"""The places that go on by themselves into the new year, service by service: what the rehearsal counted, to be done."""

from dataclasses import dataclass
from datetime import date

from services_catalog.around_the_year import editions_around
from services_catalog.models import Edition
from sportello.enrolment.ending_places import Renewal, places_ending
from sportello.enrolment.renewing_places import may_renew
from sportello.families.seats import seats_on
from sportello.kernel.school_year import SchoolYear
from sportello.rollover.findings import goes_on_alone, last_day_before
from sportello.rollover.rehearsing import renewal_of


@dataclass(frozen=True, slots=True)
class ServiceToRenew:
    """A service whose edition renews by itself: the children (by id) who go on, and those it refuses for arrears.

    ``ready``: the edition is in force on the first day of the new year. Before, the places wait.
    """

    edition: Edition
    children: tuple[int, ...]
    refused: int
    ready: bool


def services_to_renew(*, year: SchoolYear, today: date) -> list[ServiceToRenew]:
    """Who goes on into ``year`` as things stand ``today``, by the same judgement as the rehearsal; reads only."""
    seats = seats_on(last_day_before(year))
    around = editions_around(year.previous)
    audiences = {service: one.after.rules.audience for service, one in around.items()}
    ending = places_ending(year=year.previous, audiences=audiences, seats=seats)
    found = []
    for service, one in around.items():
        renewal = renewal_of(one, ending, year, today)
        if renewal.how.kind == Renewal.AUTOMATIC:
            held = [place for place in ending if place.service_id == service]
            going_on = tuple(place.child.pk for place in held if goes_on_alone(place, renewal))
            found.append(ServiceToRenew(one.after, going_on, len(renewal.refused), may_renew(one.after, year)))
    return sorted(found, key=lambda one: one.edition.service.name)
