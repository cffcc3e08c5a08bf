"""Names of people: one form for all, and the parting of a name in one column by the letters of the fiscal code."""

import re
from functools import lru_cache
from typing import Final, NamedTuple

from sportello.kernel.fiscal_code import FiscalCode

NAME_LENGTH: Final = 80
_SPACES: Final = re.compile(r"\s+")
_APOSTROPHES: Final = str.maketrans("\u2019\u2018\u00b4`", "''''")
_ODD: Final = re.compile(r"[^\w\s'.,/\-()]|[\d_]")


class Parted(NamedTuple):
    """Surname and given name. `certain` when one parting alone agrees with the code."""

    surname: str
    given: str
    certain: bool


@lru_cache(maxsize=16384)
def name(text: str) -> str:
    """A name in capitals with single spaces: legacy archives hold capitals, and the sources must agree.

    >>> name(" D\u2019Ambrosio  nicolò")
    "D'AMBROSIO NICOLÒ"
    """
    return _SPACES.sub(" ", text.translate(_APOSTROPHES)).strip().upper()


@lru_cache(maxsize=16384)
def is_name(text: str) -> bool:
    """Whether it has only what names have: no digits, no signs of a formula."""
    return _ODD.search(text) is None


def agrees(code: FiscalCode, surname: str, given: str) -> bool:
    """Whether the letters of the code are those of the names."""
    return code.matches_name(last_name=surname, first_name=given)


def part(full: str, code: FiscalCode | None, *, given_first: bool) -> Parted | None:
    """Part a name in one column; None when the code agrees with no parting of it.

    Without a code a name of two words is parted in the order of the column, a longer one at its first word: a guess.

    >>> part("DI BARI FRANCESCA", FiscalCode.parse("DBRFNC19E46A662C"), given_first=False)
    Parted(surname='DI BARI', given='FRANCESCA', certain=True)
    """
    words = full.split(" ")
    if code is None or code.is_provisional:
        return _guess(words, given_first=given_first)
    for order in (given_first, not given_first):
        found = [pair for pair in _partings(words, given_first=order) if agrees(code, *pair)]
        if len(found) == 1:
            return Parted(*found[0], certain=True)
        if found:
            return Parted(*found[0], certain=False)
    return None


def _partings(words: list[str], *, given_first: bool) -> list[tuple[str, str]]:
    pairs = [(" ".join(words[:cut]), " ".join(words[cut:])) for cut in range(1, len(words))]
    return [(second, first) for first, second in pairs] if given_first else pairs


def _guess(words: list[str], *, given_first: bool) -> Parted:
    if len(words) == 1:
        return Parted(words[0], "", certain=False)
    cut = len(words) - 1 if given_first or (_is_particle(words[0]) and len(words) > 2) else 1
    first, second = " ".join(words[:cut]), " ".join(words[cut:])
    if _is_particle(words[0]) and not given_first and len(words) > 2:
        first, second = " ".join(words[:2]), " ".join(words[2:])
    return Parted(second, first, certain=False) if given_first else Parted(first, second, certain=False)


def _is_particle(word: str) -> bool:
    return word in {"DE", "DI", "LO", "LA", "LI", "DEL", "DELLA", "DELLO", "DEI", "DEGLI", "DAL", "DALLA", "D'", "VAN"}
