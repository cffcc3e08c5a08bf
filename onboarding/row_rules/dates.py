"""Dates as the back offices write them."""

import re
from datetime import date
from typing import Final

_ITALIAN: Final = re.compile(r"(\d{2})/(\d{2})/(\d{4})")
_FORGIVEN: Final = (
    (re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})"), (3, 2, 1)),
    (re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00)?)?"), (1, 2, 3)),
)


def read_date(text: str) -> tuple[date | None, bool]:
    """The date and whether it stood in the form gg/mm/aaaa; (None, False) when it is no date at all.

    >>> read_date("07/03/2019"), read_date("2019-03-07"), read_date("31/02/2019")
    ((datetime.date(2019, 3, 7), True), (datetime.date(2019, 3, 7), False), (None, False))
    """
    match = _ITALIAN.fullmatch(text)
    if match is not None:
        day = _date(int(match[3]), int(match[2]), int(match[1]))
        return day, day is not None
    for shape, (year, month, number) in _FORGIVEN:
        match = shape.fullmatch(text)
        if match is not None:
            return _date(int(match[year]), int(match[month]), int(match[number])), False
    return None, False


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
