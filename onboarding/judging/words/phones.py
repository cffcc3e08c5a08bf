"""Italian telephone numbers: landlines begin with 0, mobiles with 3."""

import re
from functools import lru_cache
from typing import Final, NamedTuple

_SEPARATORS: Final = re.compile(r"[\s./\-()\u00a0]+")
_PHONE: Final = re.compile(r"\+?\d{6,15}")
_ITALY: Final = re.compile(r"(?:\+|00)39(3\d{8,9}|0\d{5,10})")
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
    if _PHONE.fullmatch(plain) is None or not plain.isascii():
        return Phone(None, "phone_invalid")
    if plain[0] in "03+" or _TOLL_FREE.fullmatch(plain):
        return Phone(plain, "")
    return Phone(f"0{plain}", "phone_leading_zero_lost")


def _unrounded(match: re.Match[str]) -> Phone:
    """All digits are there only when as many are written as the number has."""
    digits, length = match[1] + (match[2] or ""), int(match[3]) + 1
    if len(digits) != length or digits.endswith("00"):
        return Phone(None, "phone_scientific_notation")
    return Phone(digits if digits[0] == "3" else f"0{digits}", "phone_format")
