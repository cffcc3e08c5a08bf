"""Whether a place goes on into the next school year. Pure: who advances the classes asks it for each child."""

from datetime import date

from services_catalog.admission.renewal import AutomaticRenewal, ConfirmedRenewal, NoRenewal, Renewal
from sportello.applications.admissibility.places import Seat
from sportello.applications.admissibility.three_valued import Known
from sportello.kernel.school_year import SchoolYear


def renews(renewal: Renewal | None, *, now: Seat, then: Seat, confirmed_on: date | None, year: SchoolYear) -> Known:
    """Whether the place held in ``year`` goes on: ``now`` is where the child sits, ``then`` where it will.

    None where the edition says nothing, or nobody knows yet where the child will sit.
    """
    match renewal:
        case None:
            return None
        case NoRenewal():
            return False
        case ConfirmedRenewal():
            month, day = map(int, renewal.by.split("-"))
            last = date(year.start_year + 1, month, day)
            return confirmed_on is not None and confirmed_on <= last
        case AutomaticRenewal(until="end_of_level"):
            return _same(now.level, then.level)
        case AutomaticRenewal():
            return _same(now.school, then.school)


def _same(now: str, then: str) -> Known:
    return now == then if now and then else None
