"""Which of the places of a service a child takes, and whether one is left. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from services_catalog.admission.capacity import Capacity, Places
from sportello.applications.admissibility.facts import Applicant
from sportello.applications.admissibility.three_valued import Known, all_of
from sportello.kernel.dates import DateRange


@dataclass(frozen=True, slots=True)
class Seat:
    """What decides which places a child takes; an empty text or None is not known."""

    level: str = ""
    school: str = ""
    class_year: int | None = None
    section: str = ""
    band: str = ""
    line: str = ""


@dataclass(frozen=True, slots=True)
class PlacesLeft:
    """A group of places and how many of them are taken."""

    places: Places
    taken: int

    @property
    def left(self) -> int:
        """How many are free; never below none, though an office may have gone beyond."""
        return max(0, self.places.places - self.taken)


def seat_of(applicant: Applicant, band: str) -> Seat:
    """The seat of a child about to apply."""
    return Seat(
        level=applicant.level,
        school=applicant.school,
        class_year=applicant.class_year,
        section=applicant.section,
        band=band,
        line=applicant.line,
    )


def takes(places: Places, seat: Seat) -> Known:
    """Whether the child takes one of these places; None while something that decides it is not known."""
    year = seat.class_year
    return all_of((
        _among(seat.level, places.levels),
        _among(seat.school, places.schools),
        _among(seat.section, places.sections),
        _among(seat.band, places.bands),
        _among(seat.line, places.lines),
        True if places.class_from is None else None if year is None else year >= places.class_from,
        True if places.class_to is None else None if year is None else year <= places.class_to,
    ))  # fmt: skip


def places_taken_by(capacity: Capacity | None, seat: Seat) -> list[Places]:
    """The groups of which the child takes a place for certain."""
    return [group for group in capacity.places if takes(group, seat)] if capacity else []


def full_for(capacity: Capacity | None, seat: Seat, taken: Mapping[str, int]) -> list[PlacesLeft]:
    """The groups that have no place left for the child; ``taken`` says how many are taken, by code."""
    counted = [PlacesLeft(group, taken.get(group.code, 0)) for group in places_taken_by(capacity, seat)]
    return [one for one in counted if one.left == 0]


def peak(periods: Iterable[DateRange], within: DateRange) -> int:
    """How many of the periods hold on one day at most, among the days of another period."""
    held = [shared for shared in (period.intersect(within) for period in periods) if shared is not None]
    return max((sum(day.start in period for period in held) for day in held), default=0)


def _among(value: str, wanted: tuple[str, ...]) -> Known:
    if not wanted:
        return True
    return value in wanted if value else None
