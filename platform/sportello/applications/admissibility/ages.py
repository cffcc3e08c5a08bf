"""How old a child is on a day, and whether it falls between two ages."""

from calendar import monthrange
from datetime import date

from services_catalog.admission.ages import AgeBand, AgeRule
from services_catalog.admission.documents import ChildAge
from services_catalog.admission.roots import OnDate, OnDayOfYear, OnFilingDay, Reckoning
from sportello.applications.admissibility.three_valued import Known
from sportello.kernel.school_year import SchoolYear


def day_of(reckoning: Reckoning, year: SchoolYear, filed: date) -> date:
    """The day on which age is counted, for that school year and that day of filing."""
    match reckoning:
        case OnDate():
            return reckoning.date
        case OnFilingDay():
            return filed
        case OnDayOfYear():
            month, day = map(int, reckoning.day.split("-"))
            return date(year.start_year + (reckoning.year == "end"), month, day)


def months_completed(born: date, day: date) -> int:
    """Months completed on the day, below zero before birth. Who is born on a day that a month lacks completes it on
    the last of that month.
    """
    last = monthrange(day.year, day.month)[1]
    return (day.year - born.year) * 12 + day.month - born.month - (day.day < min(born.day, last))


def of_that_age(bounds: AgeBand | ChildAge, born: date | None, year: SchoolYear, filed: date) -> Known:
    """Whether the child has completed the lower age and not yet the upper one; None for an unknown birth date."""
    if born is None:
        return None
    months = months_completed(born, day_of(bounds.on, year, filed))
    if bounds.at_least is not None and months < bounds.at_least.total_months:
        return False
    if bounds.below is None:
        return True
    return 0 <= months < bounds.below.total_months


def band_of(rule: AgeRule, born: date, year: SchoolYear, filed: date) -> AgeBand | None:
    """The first band in which the age falls."""
    return next((band for band in rule.bands if of_that_age(band, born, year, filed)), None)
