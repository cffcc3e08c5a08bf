"""From a day of one school year to the like day of the next. Pure.

Which day is alike depends on what bound it: a first or last day of a month stays one, what hung on Easter hangs on the
next Easter, a closed day keeps its date, everything else (windows, beginning and end) keeps its weekday.
"""

from calendar import monthrange
from datetime import date, timedelta
from typing import Final

from services_catalog.service_days import national_holidays

WHOLE_WEEKS: Final = timedelta(weeks=52)
EASTER: Final = "Pasqua"
CARNIVAL: Final = (timedelta(days=-48), timedelta(days=-46))
AROUND_EASTER: Final = (timedelta(days=-4), timedelta(days=3))


def same_date(day: date) -> date:
    """The same day and month a year later; 29 February becomes the 28th."""
    last = monthrange(day.year + 1, day.month)[1]
    return day.replace(year=day.year + 1, day=min(day.day, last))


def same_weekday(day: date) -> date:
    """The same weekday fifty-two weeks later; the first and the last day of a month stay so.

    >>> same_weekday(date(2026, 9, 28)), same_weekday(date(2027, 6, 30))
    (datetime.date(2027, 9, 27), datetime.date(2028, 6, 30))
    """
    if day.day == 1:
        return same_date(day)
    if day.day == monthrange(day.year, day.month)[1]:
        return day.replace(year=day.year + 1, day=monthrange(day.year + 1, day.month)[1])
    return day + WHOLE_WEEKS


def easter(year: int) -> date:
    """Easter Sunday of a calendar year."""
    return next(day for day, name in national_holidays(year).items() if name == EASTER)


def hangs_on_easter(first_day: date, last_day: date) -> bool:
    """Whether days without school are those of Easter (from the Wednesday before to the one after) or of carnival."""
    centre = easter(first_day.year)
    return any(first_day <= centre + end and centre + start <= last_day for start, end in (CARNIVAL, AROUND_EASTER))


def as_far_from_easter(day: date) -> date:
    """As many days from the next year's Easter as it was from its own."""
    return easter(day.year + 1) + (day - easter(day.year))


def next_closed_days(first_day: date, last_day: date) -> tuple[date, date]:
    """The closed days of the next year, both included."""
    shifted = as_far_from_easter if hangs_on_easter(first_day, last_day) else same_date
    return shifted(first_day), shifted(last_day)
