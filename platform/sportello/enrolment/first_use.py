"""From which day an enrolment filed in a window may be used."""

from collections.abc import Callable
from datetime import date, timedelta

from services_catalog.admission.renewal import FirstUse
from services_catalog.service_days import national_holidays
from sportello.applications.models import Application


def usable_from(first_use: FirstUse, filed: date, is_working: Callable[[date], bool]) -> date:
    """The first day of use; the day of filing is not counted."""
    day, left = filed, first_use.working_days
    while left:
        day += timedelta(days=1)
        left -= is_working(day)
    return day if first_use.on == "last_day" else day + timedelta(days=1)


def first_usable_day(application: Application) -> date:
    """The first day on which the enrolment may be used: that of its window's rule, or the day it was filed."""
    filed = application.taken_in_charge_on or application.changed_at.date()
    window = application.edition.rules.window_on(filed)
    return usable_from(window.first_use, filed, is_working_day) if window and window.first_use else filed


def is_working_day(day: date) -> bool:
    """Monday to Friday, national holidays left out."""
    return day.weekday() < 5 and day not in national_holidays(day.year)
