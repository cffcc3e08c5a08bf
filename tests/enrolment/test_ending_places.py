"""What becomes of a place when the year ends, and what an edition says of renewals."""

from datetime import date

import pytest

from services_catalog.schema import Audience
from sportello.enrolment.ending_places import Fate, Renewal, Renewing, fate_of, renewing_from, renewing_of
from sportello.families.seats import Seat
from sportello.kernel.school_year import SchoolYear
from tests.factories.editions import edition_content

BOTH = Audience(levels=("infanzia", "primaria"))
SCHOOL = "BAEE000001"


def seat(level: str, class_year: int, school: str = SCHOOL) -> Seat:
    return Seat(1, 1, 1, school, level, class_year, "A")


@pytest.mark.parametrize(
    ("place", "audience", "fate"),
    [
        (seat("primaria", 2), BOTH, (Fate.RENEWS, "primaria")),
        (seat("infanzia", 3), BOTH, (Fate.NEW_SCHOOL, "primaria")),
        (seat("nido", 3), BOTH, (Fate.NEW_SCHOOL, "infanzia")),
        (seat("primaria", 5), BOTH, (Fate.ENDS, "secondaria_1")),
        (seat("infanzia", 3), Audience(levels=("infanzia",)), (Fate.ENDS, "primaria")),
        (seat("secondaria_2", 5), Audience(levels=("secondaria_2",)), (Fate.ENDS, "")),
        (seat("primaria", 2), Audience(levels=("primaria",), schools=(SCHOOL,)), (Fate.RENEWS, "primaria")),
        (seat("primaria", 2), Audience(levels=("primaria",), schools=("BAEE000002",)), (Fate.ENDS, "primaria")),
        (None, BOTH, (Fate.NO_CLASS, "")),
    ],
)
def test_the_next_class_decides(place: Seat | None, audience: Audience, fate: tuple[Fate, str]) -> None:
    assert fate_of(place, audience) == fate


@pytest.mark.parametrize(
    ("said", "renewing", "day"),
    [
        ({"kind": "automatic"}, Renewing(Renewal.AUTOMATIC), None),
        ({"kind": "confirmed", "by": "05-31"}, Renewing(Renewal.CONFIRMED, "05-31"), date(2027, 5, 31)),
        ({"kind": "none"}, Renewing(Renewal.NONE), None),
        (None, Renewing(), None),
    ],
)
def test_the_edition_says_how_a_place_goes_on(said: object, renewing: Renewing, day: date | None) -> None:
    found = renewing_from({"admission": {"renewal": said}})
    assert found == renewing
    assert found.confirmed_by(SchoolYear(2026)) == day


def test_an_edition_that_says_nothing() -> None:
    assert renewing_of(edition_content()) == Renewing()
