"""Months as they are written: by number, by name, by three letters; or with the year in the same cell."""

import re
from functools import lru_cache
from typing import Final

_NAMES: Final = (
    "gennaio",
    "febbraio",
    "marzo",
    "aprile",
    "maggio",
    "giugno",
    "luglio",
    "agosto",
    "settembre",
    "ottobre",
    "novembre",
    "dicembre",
)
_BY_LETTERS: Final = {name[:3]: number for number, name in enumerate(_NAMES, 1)} | {"sett": 9}
_WITH_YEAR: Final = (
    (re.compile(r"(\d{4})[-/. ]?(\d{2})"), 1, 2),
    (re.compile(r"(\d{1,2})[-/. ](\d{4})"), 2, 1),
    (re.compile(r"([a-z]+)\.?[-/. ']+(\d{2,4})"), 2, 1),
)


def month_named(text: str) -> int | None:
    """The month of a name or of its first letters.

    >>> month_named("Novembre"), month_named("GIU"), month_named("sett."), month_named("mercoledì")
    (11, 6, 9, None)
    """
    plain = text.strip(" .").lower()
    number = _BY_LETTERS.get(plain[:3]) if len(plain) >= 3 else None
    return number if number is not None and (_NAMES[number - 1].startswith(plain) or plain == "sett") else None


@lru_cache(maxsize=1024)
def read_month(text: str) -> tuple[int | None, int | None]:
    """(month, year) of a cell; the year is None where the cell does not say it, the month where it is none.

    >>> read_month("05"), read_month("giugno"), read_month("2026-06"), read_month("mag 2026"), read_month("13")
    ((5, None), (6, None), (6, 2026), (5, 2026), (None, None))
    """
    plain = text.strip().lower()
    if plain.isascii() and plain.isdigit() and len(plain) <= 2:
        number = int(plain)
        return (number if 1 <= number <= 12 else None), None
    named = month_named(plain)
    if named is not None:
        return named, None
    for shape, year_place, month_place in _WITH_YEAR:
        match = shape.fullmatch(plain)
        if match is not None:
            word, year = match[month_place], int(match[year_place])
            month = int(word) if word.isdigit() else month_named(word)
            return (month if month and 1 <= month <= 12 else None), year + 2000 if year < 100 else year
    return None, None
