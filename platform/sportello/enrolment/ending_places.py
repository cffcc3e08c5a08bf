"""What becomes of the places in the services when the school year ends. Nothing is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import Exists, OuterRef

from services_catalog.reading import to_builtins
from services_catalog.schema import Audience, EditionContent
from sportello.enrolment.models import Subscription
from sportello.families.models import Child
from sportello.families.seats import Seat
from sportello.kernel.dates import DateRange
from sportello.kernel.school_year import SchoolYear
from sportello.schools.advancing import next_class


class Fate(StrEnum):
    """What may follow a place that ends."""

    RENEWS = "renews"
    """The next class is one the service serves, in the same school."""
    NEW_SCHOOL = "new_school"
    """The service serves the next level; the child's school is still to be known."""
    ENDS = "ends"
    """The service does not serve the class that follows, or none follows."""
    NO_CLASS = "no_class"
    """Nobody says where the child sits: nothing can be told."""


class Renewal(StrEnum):
    """How a place goes on, as the edition says."""

    UNSAID = "unsaid"
    AUTOMATIC = "automatic"
    CONFIRMED = "confirmed"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Renewing:
    """How the places of a service go on; ``by`` is the month and day by which a family confirms, such as "05-31"."""

    kind: Renewal = Renewal.UNSAID
    by: str = ""

    def confirmed_by(self, year: SchoolYear) -> date | None:
        """The day by which to confirm, in the calendar year in which the school year ends; None where none is said."""
        if not self.by:
            return None
        month, day = (int(part) for part in self.by.split("-"))
        return date(year.start_year + 1, month, day)


def renewing_of(content: EditionContent) -> Renewing:
    """What an edition says of renewals."""
    return renewing_from(to_builtins(content))


def renewing_from(plain: Mapping[str, Any]) -> Renewing:
    """As :func:`renewing_of`, from plain data: ``admission.renewal`` by its name, where the language has it."""
    said = plain.get("admission", {}).get("renewal") or {}
    return Renewing(Renewal(said.get("kind", Renewal.UNSAID)), said.get("by", ""))


@dataclass(frozen=True, slots=True)
class EndingPlace:
    """A place that ends with the school year, and what may follow."""

    child: Child
    service_id: int
    period: DateRange
    fate: Fate
    next_level: str = ""


def fate_of(seat: Seat | None, audience: Audience) -> tuple[Fate, str]:
    """What may follow a place of a child who sits there, and at which level; pure."""
    if seat is None:
        return Fate.NO_CLASS, ""
    after = next_class(seat.level, seat.class_year)
    if after is None:
        return Fate.ENDS, ""
    if after.level not in audience.levels:
        return Fate.ENDS, after.level
    if after.changes_level:
        return Fate.NEW_SCHOOL, after.level
    served = not audience.schools or seat.school_code in audience.schools
    return (Fate.RENEWS if served else Fate.ENDS), after.level


def places_ending(
    *, year: SchoolYear, audiences: Mapping[int, Audience], seats: Mapping[int, Seat]
) -> list[EndingPlace]:
    """The places held on the last day of the year by children who have none for the next; one query.

    ``audiences`` are those of the next year, by service; a service without one is left out.
    """
    following = Subscription.objects.filter(
        child=OuterRef("child"), service=OuterRef("service"), valid_during__overlap=year.next.period.bounds
    )
    held = Subscription.objects.filter(
        ~Exists(following), service__in=list(audiences), valid_during__contains=year.period.last_day
    )
    found = []
    for place in held.select_related("child").order_by("child", "service", "pk"):
        fate, level = fate_of(seats.get(place.child_id), audiences[place.service_id])
        period = DateRange.from_bounds(place.valid_during)
        found.append(EndingPlace(place.child, place.service_id, period, fate, level))
    return found


def places_of_next_year(year: SchoolYear) -> list[Subscription]:
    """The places that are there already for the year after, each with its child; one query."""
    found = Subscription.objects.filter(valid_during__overlap=year.next.period.bounds)
    return list(found.select_related("child").order_by("child", "service", "pk"))
