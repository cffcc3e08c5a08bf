"""The Italian fiscal code (DPR 605/1973; DM 23/12/1976): reading, checking, and what it says of a person.

The registry of places comes from python-codicefiscale. Its own ``decode`` is not used: it reads the clock and
spells out 128 variants of each code, two hundred times the cost of the check.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any, Literal, Self

from codicefiscale import codicefiscale
from codicefiscale.data import get_indexed_data

from sportello.kernel.errors import DomainError, gettext_noop

type Sex = Literal["F", "M"]

_SHAPE = re.compile(r"[A-Z]{6}[0-9LMNPQRSTUV]{2}[ABCDEHLMPRST][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]")
_DIGITS = re.compile(r"[0-9]{11}")
_SPACES = re.compile(r"[\s\u00a0.\-]+")
_MONTHS = "ABCDEHLMPRST"
_DIGIT_PLACES = (6, 7, 9, 10, 12, 13, 14)
_TO_DIGITS = str.maketrans("LMNPQRSTUV", "0123456789")


class FiscalCodeDefect(StrEnum):
    """Why a text is not a fiscal code."""

    LENGTH = "length"
    SHAPE = "shape"
    CHECK_CHARACTER = "check_character"
    BIRTH_DATE = "birth_date"
    BIRTHPLACE = "birthplace"


_SENTENCES = {
    FiscalCodeDefect.LENGTH: gettext_noop("Il codice fiscale ha 16 caratteri (11 cifre se provvisorio)."),
    FiscalCodeDefect.SHAPE: gettext_noop("Il codice fiscale non ha la forma giusta: controlla lettere e cifre."),
    FiscalCodeDefect.CHECK_CHARACTER: gettext_noop(
        "Il carattere di controllo del codice fiscale non torna: c'è un errore di battitura."
    ),
    FiscalCodeDefect.BIRTH_DATE: gettext_noop("La data di nascita nel codice fiscale non esiste."),
    FiscalCodeDefect.BIRTHPLACE: gettext_noop("Il luogo di nascita nel codice fiscale non esiste."),
}


class InvalidFiscalCode(DomainError):
    """The text is not a fiscal code; ``defect`` says why. The sentence never repeats the code itself."""

    def __init__(self, defect: FiscalCodeDefect) -> None:
        super().__init__(_SENTENCES[defect])
        self.defect = defect


@dataclass(frozen=True, slots=True)
class Birthplace:
    """A Comune or a foreign state, as it was called in the registry of Belfiore codes."""

    code: str
    name: str
    province: str


@dataclass(frozen=True, slots=True, order=True)
class FiscalCode:
    """A checked fiscal code in capitals: 16 characters, or the 11 digits of a provisional one. Use ``parse``."""

    value: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read and check a code (spaces, points, hyphens and lower case are forgiven); raises InvalidFiscalCode.

        >>> FiscalCode.parse("rss mra 80a01 f205x").value
        'RSSMRA80A01F205X'
        """
        value = _SPACES.sub("", text).upper()
        defect = _defect(value)
        if defect is not None:
            raise InvalidFiscalCode(defect)
        return cls(value)

    @classmethod
    def compute(cls, *, last_name: str, first_name: str, sex: Sex, birth_date: date, birthplace_code: str) -> Self:
        """The code a person would be given, before any omocodia; raises InvalidFiscalCode for an unknown place."""
        day = birth_date.day + (40 if sex == "F" else 0)
        stem = (
            codicefiscale.encode_lastname(last_name)
            + codicefiscale.encode_firstname(first_name)
            + f"{birth_date.year % 100:02d}{_MONTHS[birth_date.month - 1]}{day:02d}{birthplace_code.upper()}"
        )
        return cls.parse(stem + codicefiscale.encode_cin(stem))

    @property
    def is_provisional(self) -> bool:
        """Whether it is the 11-digit code given until the registry assigns the real one: it tells nothing else."""
        return len(self.value) == 11

    @property
    def is_omocode(self) -> bool:
        """Whether letters stand in for digits because two people would share the code."""
        return not self.is_provisional and any(not self.value[place].isdigit() for place in _DIGIT_PLACES)

    @property
    def root(self) -> str:
        """The code before omocodia, with its own check character: what the personal data alone would give."""
        return self.value if self.is_provisional else _with_check(_plain(self.value))

    @property
    def sex(self) -> Sex | None:
        """The letter F or M; None for a provisional code."""
        if self.is_provisional:
            return None
        return "F" if int(_plain(self.value)[9:11]) > 40 else "M"

    def birth_date(self, *, today: date) -> date | None:
        """The latest date the two digits of the year can mean up to today; None for a provisional code."""
        if self.is_provisional:
            return None
        year, month, day = _birth_parts(_plain(self.value))
        for candidate in (today.year - today.year % 100 + year - step for step in (0, 100, 200)):
            born = _date_or_none(candidate, month, day)
            if born is not None and born <= today:
                return born
        return None

    @property
    def birthplace_code(self) -> str | None:
        """The Belfiore code of the Comune or state of birth; None for a provisional code."""
        return None if self.is_provisional else _plain(self.value)[11:15]

    def birthplace(self) -> Birthplace | None:
        """The place of birth under its latest name; None for a provisional code."""
        code = self.birthplace_code
        return None if code is None else _place(code)

    def matches_name(self, *, last_name: str, first_name: str) -> bool:
        """Whether the first six letters agree with the names; a provisional code agrees with any."""
        return self.is_provisional or (
            self.value[:3] == _last_name_letters(last_name) and self.value[3:6] == _first_name_letters(first_name)
        )

    def __str__(self) -> str:
        return self.value

    def __repr__(self) -> str:
        # A traceback or a log line must not carry a person's code.
        return "FiscalCode(…)"


def places_named(slug: str) -> frozenset[tuple[str, str]]:
    """(code, province) of every Comune and state that has ever borne the name; a slug such as "gravina-in-puglia".

    >>> places_named("bitonto")
    frozenset({('A893', 'BA')})
    """
    return _places_by_name().get(slug, frozenset())


# Kept apart: the names of a Comune are few, their pairs are as many as its people.
@lru_cache(maxsize=16384)
def _last_name_letters(name: str) -> str:
    return str(codicefiscale.encode_lastname(name))


@lru_cache(maxsize=16384)
def _first_name_letters(name: str) -> str:
    return str(codicefiscale.encode_firstname(name))


@cache
def _registry() -> dict[str, list[dict[str, Any]]]:
    """Belfiore code -> its entries over time; the package gives untyped JSON, hence Any."""
    codes: dict[str, list[dict[str, Any]]] = get_indexed_data()["codes"]
    return codes


@cache
def _places_by_name() -> dict[str, frozenset[tuple[str, str]]]:
    found: dict[str, set[tuple[str, str]]] = {}
    for code, entries in _registry().items():
        for entry in entries:
            for slug in entry["name_slugs"]:
                found.setdefault(slug, set()).add((code, str(entry["province"])))
    return {slug: frozenset(places) for slug, places in found.items()}


@cache
def _place(code: str) -> Birthplace | None:
    entries = _registry().get(code)
    if not entries:
        return None
    latest = max(entries, key=lambda entry: str(entry["date_created"] or ""))
    return Birthplace(code=code, name=str(latest["name"]), province=str(latest["province"]))


def _plain(value: str) -> str:
    """The first fifteen characters with omocodia letters turned back to digits."""
    if (value[6:8] + value[9:11] + value[12:15]).isdigit():
        return value[:15]
    return value[:6] + "".join(
        char.translate(_TO_DIGITS) if place in _DIGIT_PLACES else char for place, char in enumerate(value[6:15], 6)
    )


def _with_check(stem: str) -> str:
    return stem + codicefiscale.encode_cin(stem)


def _birth_parts(plain: str) -> tuple[int, int, int]:
    day = int(plain[9:11])
    return int(plain[6:8]), _MONTHS.index(plain[8]) + 1, day - 40 if day > 40 else day


def _date_or_none(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _provisional_check_holds(digits: str) -> bool:
    """The check digit of an 11-digit code: the doubling sum shared with VAT numbers (DM 23/12/1976)."""
    total = 0
    for place, char in enumerate(digits):
        value = int(char) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _defect(value: str) -> FiscalCodeDefect | None:
    if len(value) not in (11, 16):
        return FiscalCodeDefect.LENGTH
    if (_SHAPE if len(value) == 16 else _DIGITS).fullmatch(value) is None:
        return FiscalCodeDefect.SHAPE
    if not (_check_holds(value) if len(value) == 16 else _provisional_check_holds(value)):
        return FiscalCodeDefect.CHECK_CHARACTER
    return None if len(value) == 11 else _birth_defect(_plain(value))


def _check_holds(value: str) -> bool:
    return bool(codicefiscale.encode_cin(value) == value[15])


def _birth_defect(plain: str) -> FiscalCodeDefect | None:
    year, month, day = _birth_parts(plain)
    # 29 February exists in 00 only as 2000 or 1600; 2000 + year decides the leap years of every other century alike.
    if _date_or_none(2000 + year, month, day) is None:
        return FiscalCodeDefect.BIRTH_DATE
    return None if plain[11:15] in _registry() else FiscalCodeDefect.BIRTHPLACE
