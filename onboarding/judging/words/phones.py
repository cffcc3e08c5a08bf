"""Italian telephone numbers: landlines begin with 0, mobiles with 3."""

import re
from functools import lru_cache
from typing import Final, NamedTuple

_SEPARATORS: Final = re.compile(r"[\s./\-()\u00a0]+")
_PHONE: Final = re.compile(r"\+?\d{6,15}")
_ITALY: Final = re.compile(r"(?:\+|00)39(3\d{8,9}|0\d{5,10})")
WHOLE: Final = 8
_BETWEEN: Final = re.compile(r"\s+[-/]\s+|[;,/|]|\s+(?:o|e|oppure)\s+|\s{2,}", re.IGNORECASE)
_TWICE: Final = re.compile(r"(?:3\d{9}|080\d{7})(?:3\d{9}|080\d{7})")
_SCIENTIFIC: Final = re.compile(r"(\d)(?:[.,](\d+))?E\+?(\d{1,2})", re.IGNORECASE)
_TOLL_FREE: Final = re.compile(r"800\d{3}(?:\d{3})?|803\d{3}")


class Phone(NamedTuple):
    """`number` is None where nothing can be kept; `defect` is empty where the number stood as it should."""

    number: str | None
    defect: str


@lru_cache(maxsize=8192)
def read_phone(text: str) -> Phone:
    """A number; digits that a spreadsheet rounded away are lost, and only the family has them.

    >>> read_phone("805317611"), read_phone("+39 340 1234567").number
    (Phone(number='0805317611', defect='phone_leading_zero_lost'), '3401234567')
    >>> read_phone("3,60061E+09")
    Phone(number=None, defect='phone_scientific_notation')
    >>> read_phone("080 5317611 - 340 1234567").defect
    'phone_several'
    """
    plain = _SEPARATORS.sub("", text)
    if not plain:
        return Phone(None, "")
    scientific = _SCIENTIFIC.fullmatch(text.strip())
    if scientific is not None:
        return _unrounded(scientific)
    italian = _ITALY.fullmatch(plain)
    if italian is not None:
        return Phone(italian[1], "")
    if _several(text):
        return Phone(None, "phone_several")
    return _as_it_stands(plain)


def _as_it_stands(plain: str) -> Phone:
    if _PHONE.fullmatch(plain) is None or not plain.isascii():
        return Phone(None, "phone_invalid")
    if plain[0] in "03+" or _TOLL_FREE.fullmatch(plain):
        return Phone(plain, "")
    return Phone(f"0{plain}", "phone_leading_zero_lost")


def _several(text: str) -> bool:
    """Whether a cell has more than one number: which one to keep is for a person."""
    parts = [_SEPARATORS.sub("", part) for part in _BETWEEN.split(text)]
    whole = [part for part in parts if part.isascii() and part.isdigit() and len(part) >= WHOLE]
    return len(whole) > 1 or (bool(_TWICE.fullmatch(_SEPARATORS.sub("", text))) and len(whole) == 0)


def _unrounded(match: re.Match[str]) -> Phone:
    """All digits are there only when as many are written as the number has."""
    digits, length = match[1] + (match[2] or ""), int(match[3]) + 1
    if len(digits) != length or digits.endswith("00"):
        return Phone(None, "phone_scientific_notation")
    return Phone(digits if digits[0] == "3" else f"0{digits}", "phone_format")
