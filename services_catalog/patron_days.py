"""The days of the patron saint as a recurrence rule of the Comune. Pure.

The rule is alternatives separated by ``|``, each one of: ``05-08`` (that day), ``03:1:TUE`` (first Tuesday of March;
``-1`` the last), ``sunday_after:07-16`` (the first Sunday after that day); any may end in ``+n``, n days later.
"""

import re
from datetime import date, timedelta
from functools import lru_cache

from sportello.kernel.errors import DomainError, gettext_noop

_WEEKDAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
_RULE = re.compile(
    r"(?:(?P<after>[a-z]+)_after:)?(?P<month>\d{2})"
    r"(?:-(?P<day>\d{2})|:(?P<nth>-?\d):(?P<weekday>[A-Z]{3}))(?:\+(?P<later>\d+))?"
)

_NOT_A_RULE = gettext_noop("«%(text)s» non è una regola per la festa patronale.")


class InvalidPatronRule(DomainError):
    """The text is not a recurrence rule."""


@lru_cache(maxsize=256)
def patron_days(rule: str, year: int) -> frozenset[date]:
    """The patron days of a calendar year; none for an empty rule. Raises InvalidPatronRule."""
    return frozenset(_one(part.strip(), year) for part in rule.split("|") if part.strip())


def _one(text: str, year: int) -> date:
    match = _RULE.fullmatch(text)
    if match is None or (match["after"] and not match["day"]):
        raise InvalidPatronRule(_NOT_A_RULE, text=text)
    try:
        if match["nth"]:
            day = _nth_weekday(year, int(match["month"]), int(match["nth"]), _WEEKDAYS.index(match["weekday"]))
        else:
            day = date(year, int(match["month"]), int(match["day"]))
        if match["after"]:
            day = _next_weekday(day, _WEEKDAYS.index(match["after"][:3].upper()))
        return day + timedelta(days=int(match["later"] or 0))
    except ValueError as error:
        raise InvalidPatronRule(_NOT_A_RULE, text=text) from error


def _nth_weekday(year: int, month: int, nth: int, weekday: int) -> date:
    if nth == 0:
        raise ValueError(nth)
    if nth > 0:
        first = date(year, month, 1)
        day = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
    else:
        last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        day = last - timedelta(days=(last.weekday() - weekday) % 7 + 7 * (-nth - 1))
    if day.month != month:
        raise ValueError(nth)
    return day


def _next_weekday(day: date, weekday: int) -> date:
    """The first such weekday strictly after the day."""
    return day + timedelta(days=(weekday - day.weekday() - 1) % 7 + 1)
