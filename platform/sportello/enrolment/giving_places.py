"""A place is given only while one is left, and to an early entrant only when nobody else waits."""

from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from services_catalog.describing_admission import order_words
from services_catalog.schema import EditionContent
from sportello.applications.admissibility.places import PlacesLeft, Seat, full_for, places_taken_by, takes
from sportello.applications.admissibility.words import count_words, full_words
from sportello.applications.models import Application, ApplicationState
from sportello.applications.stated import stated_school
from sportello.enrolment.occupancy import lock_places, seat_in, taken_from
from sportello.families.models import Child, Pupil
from sportello.families.queries import placements_on
from sportello.kernel.errors import DomainError
from sportello.kernel.school_year import SchoolYear

WAITING = (ApplicationState.SUBMITTED, ApplicationState.TO_COMPLETE)


class NoPlaceLeft(DomainError):
    """Every place that the child would take is taken; the application stays as it was."""


class OthersFirst(DomainError):
    """The child is admitted only when nobody of the other ages waits, and somebody does."""


def check_place(*, application: Application, child: Child, starts_on: date) -> None:
    """Within the transaction that accepts: raises NoPlaceLeft or OthersFirst, and holds the places of the service
    until its end, so that two clerks at once never give the same one twice.
    """
    content = application.edition.rules
    capacity = content.admission.capacity
    waits = any(band.admitted == "if_places_remain" for band in content.admission.bands())
    if capacity is None and not waits:
        return
    lock_places(application.service)
    seat = seat_of_application(application, child, starts_on)
    full = full_for(capacity, seat, taken_from(application.edition, content, starts_on))
    if full and capacity is not None:
        raise NoPlaceLeft(full_words(capacity, full))
    ahead = others_waiting(application, seat, content, starts_on)
    if ahead:
        raise OthersFirst(
            _("Questa età è accolta solo se nessun altro aspetta. Domande in attesa: %(count)s."), count=ahead
        )
    for turn in turns_of(application, child, starts_on):
        if not turn.has_come:
            raise OthersFirst(turn.sentence)


def places_of(application: Application, child: Child, day: date) -> list[tuple[PlacesLeft, str]]:
    """Every group of places that the child would take, how many are taken, and the sentence for the clerk."""
    content = application.edition.rules
    if content.admission.capacity is None:
        return []
    taken = taken_from(application.edition, content, day)
    groups = places_taken_by(content.admission.capacity, seat_of_application(application, child, day))
    counted = [PlacesLeft(group, taken.get(group.code, 0)) for group in groups]
    return [(one, count_words(one)) for one in counted]


def seat_of_application(application: Application, child: Child, day: date) -> Seat:
    """Where the child will sit: as the family stated, else where it sits on the day."""
    return _seat(application, child, placements_on([child], _day_of_service(application, day)).get(child.pk))


def _seat(application: Application, child: Child, pupil: Pupil | None) -> Seat:
    known = seat_in(application.edition.rules, child, pupil, application, SchoolYear(application.school_year))
    stated = stated_school(application)
    if stated is None:
        return known
    letter = stated.letter.strip().upper()
    return replace(
        known,
        level=str(application.answers["scuola"].get("level") or known.level),
        school=stated.school_code,
        class_year=stated.class_year,
        section=f"{stated.class_year}{letter}" if letter else "",
    )


def _day_of_service(application: Application, day: date) -> date:
    return max(day, SchoolYear(application.school_year).period.start)


def others_waiting(application: Application, seat: Seat, content: EditionContent, day: date) -> int:
    """How many children of an age always admitted wait for the places that this one would take; 0 where its own age
    is always admitted.
    """
    last = {band.code for band in content.admission.bands() if band.admitted == "if_places_remain"}
    if seat.band not in last:
        return 0
    wanted = {group.code for group in places_taken_by(content.admission.capacity, seat)}
    ahead = [one.seat for one in on_desk(application, day) if one.seat.band not in last]
    if not wanted:
        return len(ahead)
    groups = [{group.code for group in places_taken_by(content.admission.capacity, its)} for its in ahead]
    return sum(bool(wanted & theirs) for theirs in groups)


@dataclass(frozen=True, slots=True)
class Turn:
    """How the waiting list stands for a group of places: how many come before, in the order of the edition."""

    group: PlacesLeft
    before: int
    order: str

    @property
    def has_come(self) -> bool:
        """Whether a place is left after those who come before have theirs."""
        return self.before < self.group.left

    @property
    def sentence(self) -> str:
        """For the office."""
        words = ngettext(
            "Lista d'attesa (%(places)s), %(order)s: %(count)s domanda viene prima, posti liberi %(left)s.",
            "Lista d'attesa (%(places)s), %(order)s: %(count)s domande vengono prima, posti liberi %(left)s.",
            self.before,
        )
        label = self.group.places.label.within(get_language() or "it")
        return words % {"places": label, "order": self.order, "count": self.before, "left": self.group.left}


def turns_of(application: Application, child: Child, day: date) -> list[Turn]:
    """The turn of the application in every group of places it would take; none where the edition states no order."""
    content = application.edition.rules
    capacity = content.admission.capacity
    if capacity is None or capacity.order is None:
        return []
    mine = _Waiting(application, child, seat_of_application(application, child, day))
    before = [one for one in on_desk(application, day) if one.rank(capacity.order) < mine.rank(capacity.order)]
    taken = taken_from(application.edition, content, day)
    return [
        Turn(
            PlacesLeft(group, taken.get(group.code, 0)),
            sum(takes(group, one.seat) is True for one in before),
            order_words(capacity),
        )
        for group in places_taken_by(capacity, mine.seat)
    ]


@dataclass(frozen=True, slots=True)
class _Waiting:
    """An application on the desk, its child, and where it would sit."""

    application: Application
    child: Child
    seat: Seat

    def rank(self, order: str) -> tuple[int, int, int]:
        """Its place in an order; among equals, that of the protocol."""
        born = self.child.birth_date.toordinal() if self.child.birth_date else date.max.toordinal()
        age = {"eldest_first": born, "youngest_first": -born}.get(order, 0)
        protocol = self.application.protocol
        return (age, protocol.year, protocol.number) if protocol else (age, 0, self.application.pk)


def on_desk(application: Application, day: date) -> list[_Waiting]:
    """The other applications for the service and the year that nobody has decided; three queries."""
    waiting = Application.objects.filter(
        service=application.service_id, school_year=application.school_year, state__in=WAITING, child__isnull=False
    ).exclude(pk=application.pk)
    held = waiting.select_related("child", "edition", "protocol").order_by("pk")
    rows = [(one, one.child) for one in held if one.child]
    placed = placements_on([child for _one, child in rows], _day_of_service(application, day))
    return [_Waiting(one, child, _seat(one, child, placed.get(child.pk))) for one, child in rows]
