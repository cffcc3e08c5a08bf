"""The notice number (NAV) and the payment reference (IUV): P6.

NAV = 3 + segregation (2) + base (13) + check (2); the IUV is the NAV without its first digit. The check is the number
before it, modulo 93: since 31 divides 93, it catches every wrong digit and every swap of two neighbours.
"""

import re
from typing import Final

AUX_DIGIT: Final = "3"  # 0, 1 and 2 are of the past: read, never made (P8)
BASE_DIGITS: Final = 13
LARGEST_BASE: Final = 10**BASE_DIGITS - 1
_SEGREGATION: Final = re.compile(r"[0-9]{2}", re.ASCII)
_OURS: Final = re.compile(r"3[0-9]{17}", re.ASCII)
_ANY: Final = re.compile(r"[0-3][0-9]{17}", re.ASCII)


def notice_number(segregation: str, base: int) -> str:
    """The 18 digits. Raises ValueError for a segregation that is not two digits, or a base that does not fit."""
    if not _SEGREGATION.fullmatch(segregation):
        raise ValueError("A segregation code is two digits.")
    if not 0 <= base <= LARGEST_BASE:
        raise ValueError("The base of a notice number has up to 13 digits.")
    stem = f"{AUX_DIGIT}{segregation}{base:0{BASE_DIGITS}}"
    return f"{stem}{_check(stem)}"


def iuv_of(nav: str) -> str:
    """The payment reference inside a notice number. Raises ValueError for what is not one of ours (aux digit 3)."""
    if not _OURS.fullmatch(nav):
        raise ValueError("Not a notice number with aux digit 3.")
    return nav[1:]


def nav_of(iuv: str) -> str:
    """The notice number of a payment reference of 17 digits. Raises ValueError."""
    nav = f"{AUX_DIGIT}{iuv}"
    if not _OURS.fullmatch(nav):
        raise ValueError("Not a payment reference of 17 digits.")
    return nav


def is_valid(nav: str) -> bool:
    """Whether it is a notice number that we might have made: aux digit 3 and a right check."""
    return bool(_OURS.fullmatch(nav)) and nav[-2:] == _check(nav[:-2])


def is_readable(nav: str) -> bool:
    """Whether it has the shape of a notice number of any age, as App IO takes it (P8)."""
    return bool(_ANY.fullmatch(nav))


def segregation_of(nav: str) -> str:
    """The two digits that say which intermediary made it. Raises ValueError for what is not one of ours."""
    return iuv_of(nav)[:2]


def _check(stem: str) -> str:
    return f"{int(stem) % 93:02}"
