"""Dates as back offices, spreadsheets and suppliers write them: every reading a text allows, the plain one first."""

import re
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from onboarding.judging.words.months import month_named
from onboarding.mapping.structs import DateOrder

type How = Literal["plain", "birth_date_format", "two_digit_year", "us_date_order", "excel_serial_date"]

_THREE: Final = re.compile(
    r"(\d{1,4})[/.\- ](\d{1,2})[/.\- ](\d{1,4})(?:[T ]\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:\.\d+)?)?Z?)?"
)
_NAMED: Final = re.compile(r"(\d{1,2})[/.\- ]([A-Za-z]{3,9})\.?[/.\- ](\d{2,4})")
_COMPACT: Final = re.compile(r"\d{8}")
_SERIAL: Final = re.compile(r"(\d{4,5})(?:[.,]0+)?")
_FIRST_SERIAL: Final = date(1899, 12, 30)
_SERIALS: Final = range(3_654, 60_000)  # 1910 to 2064


class Reading(NamedTuple):
    """A day a text may mean, and what had to be done to read it so."""

    day: date
    how: How


@lru_cache(maxsize=16384)
def readings(text: str, order: DateOrder, this_year: int) -> tuple[Reading, ...]:
    """What the text may mean, best first; () when it is no date. Two-digit years are not in the future.

    >>> [(str(day), how) for day, how in readings("3/8/18", "dmy", 2026)]
    [('2018-08-03', 'two_digit_year'), ('2018-03-08', 'us_date_order')]
    >>> readings("31/02/2019", "dmy", 2026)
    ()
    """
    if (match := _THREE.fullmatch(text)) is not None:
        return tuple(_of_three(match[1], match[2], match[3], order, this_year))
    if (match := _NAMED.fullmatch(text)) is not None and (month := month_named(match[2])) is not None:
        year, short = _year(match[3], this_year)
        return _one(_date(year, month, int(match[1])), "two_digit_year" if short else "plain")
    if _COMPACT.fullmatch(text) is not None:
        return _compact(text, order)
    if (match := _SERIAL.fullmatch(text)) is not None and int(match[1]) in _SERIALS:
        return (Reading(_FIRST_SERIAL + timedelta(days=int(match[1])), "excel_serial_date"),)
    return ()


def _of_three(first: str, second: str, third: str, order: DateOrder, this_year: int) -> list[Reading]:
    found: list[tuple[date | None, How]]
    if len(first) >= 3:
        found = [(_date(int(first), int(second), int(third)), "plain" if order == "ymd" else "birth_date_format")]
    elif order == "ymd" and len(third) < 3:
        found = [(_date(_year(first, this_year)[0], int(second), int(third)), "two_digit_year")]
    else:
        year, short = _year(third, this_year)
        found = _day_and_month(int(first), int(second), year, order, short=short)
    return [Reading(day, how) for day, how in found if day is not None]


def _day_and_month(
    first: int, second: int, year: int, order: DateOrder, *, short: bool
) -> list[tuple[date | None, How]]:
    plain: How = "two_digit_year" if short else "birth_date_format" if order == "ymd" else "plain"
    if order == "mdy":
        return [(_date(year, first, second), plain)]
    found: list[tuple[date | None, How]] = [(_date(year, second, first), plain)]
    if first != second:
        found.append((_date(year, first, second), "us_date_order"))
    return found


def _year(text: str, this_year: int) -> tuple[int, bool]:
    if len(text) > 2:
        return int(text), False
    year = this_year - this_year % 100 + int(text)
    return (year if year <= this_year else year - 100), True


def _compact(text: str, order: DateOrder) -> tuple[Reading, ...]:
    if order == "ymd":
        return _one(_date(int(text[:4]), int(text[4:6]), int(text[6:])), "plain")
    if order == "mdy":
        return _one(_date(int(text[4:]), int(text[:2]), int(text[2:4])), "plain")
    return _one(_date(int(text[4:]), int(text[2:4]), int(text[:2])), "plain")


def _one(day: date | None, how: How) -> tuple[Reading, ...]:
    return () if day is None else (Reading(day, how),)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
