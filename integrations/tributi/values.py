"""The cells of a file as values: numbers, cents, dates, by the format that the mapping names."""

import re
from datetime import date
from typing import Final

from integrations.tributi.mapping import Format, TaxWords
from integrations.tributi.types import Tax

ABOLISHED: Final = "abolished"
_COMMA: Final = re.compile(r"(?P<sign>-?)(?P<whole>\d{1,3}(?:\.\d{3})*|\d+)(?:,(?P<part>\d{1,2}))?")
_POINT: Final = re.compile(r"(?P<sign>-?)(?P<whole>\d{1,3}(?:,\d{3})*|\d+)(?:\.(?P<part>\d{1,2}))?")
_DATES: Final[dict[str, re.Pattern[str]]] = {
    "ddmmyyyy": re.compile(r"(?P<d>\d{2})(?P<m>\d{2})(?P<y>\d{4})"),
    "yyyymmdd": re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})"),
    "dd/mm/yyyy": re.compile(r"(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{4})"),
    "yyyy-mm-dd": re.compile(r"(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})"),
}


class NoNumber(ValueError):
    """The cell holds no number of the named format."""


class NoDate(ValueError):
    """The cell holds a date that is on no calendar."""


def number(cell: str) -> int:
    """Digits alone. Raises NoNumber."""
    text = cell.strip()
    if not (text.isascii() and text.isdigit()):
        raise NoNumber
    return int(text)


def cents(cell: str, form: Format) -> int:
    """An amount in cents: as digits, or in euro with a decimal comma or point. Raises NoNumber."""
    if form in {"cents", "number", "text"}:
        return number(cell)
    found = (_COMMA if form == "comma" else _POINT).fullmatch(cell.strip().removesuffix("€").strip())
    if found is None:
        raise NoNumber
    whole = int(re.sub(r"\D", "", found["whole"]))
    amount = whole * 100 + int((found["part"] or "0").ljust(2, "0"))
    return -amount if found["sign"] else amount


def day(cell: str, form: Format) -> date | None:
    """A date; None for blanks or zeros. Raises NoDate."""
    text = cell.strip()
    if not text.strip("0"):
        return None
    found = _DATES[form].fullmatch(text) if form in _DATES else None
    if found is None:
        raise NoDate
    try:
        return date(int(found["y"]), int(found["m"]), int(found["d"]))
    except ValueError as error:
        raise NoDate from error


def tax(cell: str, words: TaxWords) -> Tax | str:
    """The tax that the word names, ABOLISHED, or an empty text for an unknown word."""
    said = cell.strip().upper()
    for one in Tax:
        if said in getattr(words, one.value):
            return one
    return ABOLISHED if said in words.abolished else ""
