"""Classes and sections as schools write them: 1^C, III B, Prima A, 3B t.p."""

import re
from functools import lru_cache
from typing import Final

_ROMAN: Final = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5}
_WORDS: Final = {"PRIM": 1, "SECOND": 2, "TERZ": 3, "QUART": 4, "QUINT": 5}
_YEAR: Final = r"(?P<year>[1-5]|I{1,3}|IV|V|(?:PRIM|SECOND|TERZ|QUART|QUINT)[AO])"
_SIGN: Final = r"(?P<sign>\s?[\^°ªº*])?"
_BEFORE: Final = re.compile(r"^(?:CLASSE|CL\.?|SEZIONE|SEZ\.?)\s*")
_HOURS: Final = re.compile(r"\s*(?:\(.*\)|T\s?\.?\s?[PNBR]\.?|TEMPO\s+\w+|\d{2}\s?H|\d{2}\s?ORE|TP|TN)\s*$")
_ALONE: Final = re.compile(rf"{_YEAR}{_SIGN}")
_TOGETHER: Final = re.compile(
    rf"{_YEAR}{_SIGN}\s*[-/.\s]?\s*(?:SEZ(?:IONE|\.)?\s*)?(?P<quote>[\"'])?(?P<letter>[A-Z]{{1,2}}\d?)(?(quote)[\"'])"
)
_SECTION_FIRST: Final = re.compile(r"(?P<letter>[A-Z])\s*[-/]\s*(?P<year>[1-5])")
LONGEST_LETTER: Final = 4


@lru_cache(maxsize=2048)
def read_class(text: str) -> int | None:
    """The class of a cell that holds only the class.

    >>> read_class("3"), read_class("III"), read_class("Terza"), read_class("3^"), read_class("6"), read_class("3A")
    (3, 3, 3, 3, None, None)
    """
    match = _ALONE.fullmatch(_BEFORE.sub("", text.strip().upper()).strip())
    return None if match is None else _number(match["year"])


@lru_cache(maxsize=4096)
def read_class_and_section(text: str) -> tuple[int, str] | None:
    """Class and section of a cell that holds both; None where it can be read in two ways or in none.

    >>> read_class_and_section("1^C"), read_class_and_section("III B"), read_class_and_section("3B t.p.")
    ((1, 'C'), (3, 'B'), (3, 'B'))
    >>> read_class_and_section("II"), read_class_and_section("prima sez. A"), read_class_and_section("A/2")
    (None, (1, 'A'), (2, 'A'))
    """
    plain = _HOURS.sub("", _BEFORE.sub("", text.strip().upper()))
    if plain in _ROMAN:
        return None  # the class alone, or I and section I
    match = _TOGETHER.fullmatch(plain) or _SECTION_FIRST.fullmatch(plain)
    if match is None or (match["year"].isalpha() and _joined_otherwise(plain)):
        return None
    year = _number(match["year"])
    return None if year is None else (year, match["letter"])


def read_section(text: str) -> str:
    """The letter of a section.

    >>> read_section("sez. b"), read_section("C")
    ('B', 'C')
    """
    return _BEFORE.sub("", text.strip().upper()).strip(" \"'^")


def _joined_otherwise(plain: str) -> bool:
    """Roman numerals with the section behind them and no space: IVA may be IV A or I VA; only one letter may follow."""
    roman = re.fullmatch(r"([IV]+)([A-Z]{1,2}\d?)", plain)
    return roman is not None and (roman[1] not in _ROMAN or len(roman[2]) > 1 or roman[2] in "IV")


def _number(year: str) -> int | None:
    if year.isdigit():
        return int(year)
    return _ROMAN.get(year) or _WORDS.get(year[:-1])
