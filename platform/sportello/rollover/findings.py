"""What a rehearsal finds, before it is kept: values of the room, made from what the other rooms tell."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from services_catalog.schema import EditionContent
from sportello.canteen.diets_ending import EndingDiet
from sportello.enrolment.ending_places import EndingPlace, Fate, Renewal, Renewing
from sportello.families.seats import Seat
from sportello.fees.rehearsing import Rehearsed
from sportello.kernel.school_year import SchoolYear
from sportello.rollover.models import WorkKind
from sportello.schools.advancing import next_class

type Fact = str | int | bool | None

KIND_OF: Final = {
    Fate.RENEWS: WorkKind.RENEWAL,
    Fate.NEW_SCHOOL: WorkKind.NEW_SCHOOL,
    Fate.ENDS: WorkKind.ENDING,
    Fate.NO_CLASS: WorkKind.NO_CLASS,
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to do: the fields of a :class:`WorkItem`."""

    kind: WorkKind
    due_on: date
    child_id: int | None = None
    service_id: int | None = None
    section_id: int | None = None
    school_id: int | None = None
    facts: Mapping[str, Fact] = field(default_factory=dict)

    @property
    def identity(self) -> tuple[str, int | None, int | None, int | None]:
        """What makes two findings the same thing: for a child the class is not part of it."""
        return identity_of(self.kind, self.child_id, self.service_id, self.section_id)


@dataclass(frozen=True, slots=True)
class ServiceRenewal:
    """How the places of a service go on, and when its first window of the new year closes.

    ``refused`` are the children (by id) whose place would go on by itself, but for arrears.
    """

    how: Renewing
    window_closes: date
    refused: frozenset[int] = frozenset()


def identity_of(
    kind: str, child_id: int | None, service_id: int | None, section_id: int | None
) -> tuple[str, int | None, int | None, int | None]:
    """The identity of a finding or of a row."""
    return kind, child_id, service_id, None if child_id is not None else section_id


def last_day_before(year: SchoolYear) -> date:
    """The day by which most things must be done: the last of the year that ends."""
    last = year.previous.period.last_day
    assert last is not None  # noqa: S101  # a school year ends
    return last


def of_classes(seats: Iterable[Seat], known: frozenset[tuple[int, int, str]], year: SchoolYear) -> Iterator[Finding]:
    """The classes that go on and have no class of the new year; ``known`` are (school, class, letter) of that year."""
    counted: dict[int, tuple[Seat, int]] = {}
    for seat in seats:
        held = counted.get(seat.section_id)
        counted[seat.section_id] = (seat, 1 if held is None else held[1] + 1)
    for seat, children in counted.values():
        after = next_class(seat.level, seat.class_year)
        if after is None or after.changes_level or (seat.school_id, after.class_year, seat.letter) in known:
            continue
        facts: dict[str, Fact] = {"next_class": f"{after.class_year}{seat.letter}", "children": children}
        yield Finding(
            WorkKind.SECTION, last_day_before(year), section_id=seat.section_id, school_id=seat.school_id, facts=facts
        )


def of_places(
    places: Iterable[EndingPlace],
    seats: Mapping[int, Seat],
    renewals: Mapping[int, ServiceRenewal],
    year: SchoolYear,
) -> Iterator[Finding]:
    """The places that end, by what may follow; those that go on by themselves ask for nothing."""
    for place in places:
        renewal = renewals[place.service_id]
        if goes_on_alone(place, renewal):
            continue
        seat = seats.get(place.child.pk)
        facts: dict[str, Fact] = {"next_level": place.next_level} if place.next_level else {}
        refused = would_go_on(place, renewal.how)
        if place.fate == Fate.RENEWS and renewal.how.kind != Renewal.UNSAID and not refused:
            facts["renewal"] = str(renewal.how.kind)
        yield Finding(
            WorkKind.ARREARS if refused else KIND_OF[place.fate],
            _due(place, renewal, year),
            child_id=place.child.pk,
            service_id=place.service_id,
            section_id=None if seat is None else seat.section_id,
            school_id=None if seat is None else seat.school_id,
            facts=facts,
        )


def goes_on_alone(place: EndingPlace, renewal: ServiceRenewal) -> bool:
    """Whether the place is renewed without anybody doing anything."""
    return would_go_on(place, renewal.how) and place.child.pk not in renewal.refused


def would_go_on(place: EndingPlace, how: Renewing) -> bool:
    """Whether the edition renews the place by itself, arrears apart."""
    return place.fate == Fate.RENEWS and how.kind == Renewal.AUTOMATIC


def _due(place: EndingPlace, renewal: ServiceRenewal, year: SchoolYear) -> date:
    confirmed_by = renewal.how.confirmed_by(year.previous)
    if place.fate == Fate.RENEWS and confirmed_by is not None:
        return confirmed_by
    return renewal.window_closes if place.fate in {Fate.RENEWS, Fate.NEW_SCHOOL} else last_day_before(year)


def of_diets(diets: Iterable[EndingDiet], seats: Mapping[int, Seat]) -> Iterator[Finding]:
    """The diets that run out."""
    for diet in diets:
        seat = seats.get(diet.child_id)
        yield Finding(
            WorkKind.DIET,
            diet.last_day,
            child_id=diet.child_id,
            section_id=None if seat is None else seat.section_id,
            school_id=None if seat is None else seat.school_id,
            facts={"medical": diet.medical},
        )


def of_prices(service_id: int, found: Rehearsed, seats: Mapping[int, Seat], year: SchoolYear) -> Iterator[Finding]:
    """The prices that change for brothers and sisters, and those an ISEE that lapses would change."""
    until = lapse_horizon(year)
    changes: list[tuple[WorkKind, date, int, dict[str, Fact]]] = [
        (
            WorkKind.SIBLINGS,
            last_day_before(year),
            one.child_id,
            {
                "rank_before": one.rank_before,
                "rank_after": one.rank_after,
                "before_cents": one.before_cents,
                "after_cents": one.after_cents,
            },
        )
        for one in found.siblings
    ]
    changes += [
        (WorkKind.ISEE, one.last_day, one.child_id, {"with_cents": one.with_cents, "without_cents": one.without_cents})
        for one in found.lapses
        if one.last_day <= until
    ]
    for kind, due_on, child, facts in changes:
        seat = seats.get(child)
        yield Finding(
            kind,
            due_on,
            child_id=child,
            service_id=service_id,
            section_id=None if seat is None else seat.section_id,
            school_id=None if seat is None else seat.school_id,
            facts=facts,
        )


def lapse_horizon(year: SchoolYear) -> date:
    """How far the rehearsal looks for papers that run out: 31 December of the year that begins."""
    return date(year.start_year, 12, 31)


def deadline_of(content: EditionContent | None, year: SchoolYear) -> date:
    """The last day of the first window that is not late in the rules of the new year; without any, the eve of it."""
    ordinary = () if content is None else [window for window in content.windows if not window.late]
    first = min(ordinary, key=lambda window: window.opens, default=None)
    eve = last_day_before(year)
    return eve if first is None else min(first.closes, eve)
