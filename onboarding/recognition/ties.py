"""What columns say of one another: names agree with the letters of a fiscal code, dates and places with its digits."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from codicefiscale import codicefiscale

from onboarding.judging.words.places import codes_named
from onboarding.mapping.structs import DateOrder
from onboarding.recognition.profiles import Profile
from onboarding.recognition.tags import code_in, date_parts
from sportello.kernel.fiscal_code import FiscalCode

GROWN_UP: Final = 20
_EPOCH: Final = date(1899, 12, 30)
_NO_NAME: Final = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Person:
    """What a code says of a person."""

    surname: str
    given: str
    sex: str
    born: date
    place: str
    province: str


@dataclass(slots=True)
class CodeColumn:
    """A column of fiscal codes: of children or of grown-ups, by the ages inside."""

    at: int
    people: list[Person | None]
    median_age: float = 0.0
    is_child: bool = False
    repeated: float = 0.0


@dataclass(slots=True)
class Tie:
    """The shares of rows in which a column agrees with a column of codes."""

    surname: float = 0.0
    given: float = 0.0
    full_surname_first: float = 0.0
    full_given_first: float = 0.0
    dmy: float = 0.0
    mdy: float = 0.0
    ymd: float = 0.0
    place: float = 0.0
    province: float = 0.0
    sex: float = 0.0
    sex_words: dict[str, str] = field(default_factory=dict)

    @property
    def birth(self) -> float:
        return max(self.dmy, self.mdy, self.ymd)

    @property
    def order(self) -> DateOrder:
        best = max((self.dmy, 2), (self.ymd, 1), (self.mdy, 0))
        return ("mdy", "ymd", "dmy")[best[1]]

    @property
    def full(self) -> float:
        return max(self.full_surname_first, self.full_given_first)


@dataclass(frozen=True, slots=True)
class Ties:
    """Of a file: its columns of codes, and for each other column its agreement with each of them."""

    codes: tuple[CodeColumn, ...]
    by_column: dict[tuple[int, int], Tie]

    def of(self, at: int, code: CodeColumn | None) -> Tie:
        """The agreement of a column with a column of codes."""
        return self.by_column.get((at, code.at), _NOTHING) if code is not None else _NOTHING

    @property
    def child(self) -> CodeColumn | None:
        """The codes of children: the youngest when several are."""
        return min((code for code in self.codes if code.is_child), key=lambda code: code.median_age, default=None)

    @property
    def payer(self) -> CodeColumn | None:
        """The codes of those who pay: grown-ups."""
        return next((code for code in self.codes if not code.is_child), None)


_NOTHING: Final = Tie()


@lru_cache(maxsize=32768)
def surname_letters(text: str) -> str:
    """The three letters a surname gives to the code; empty for what cannot be a name."""
    return str(codicefiscale.encode_lastname(text)) if text and not _NO_NAME.search(text) else ""


@lru_cache(maxsize=32768)
def given_letters(text: str) -> str:
    """The three letters a given name gives to the code."""
    return str(codicefiscale.encode_firstname(text)) if text and not _NO_NAME.search(text) else ""


@lru_cache(maxsize=32768)
def full_name_fits(text: str, surname: str, given: str) -> tuple[bool, bool]:
    """Whether some cut of a full name gives the six letters: surname first, given name first."""
    words = text.replace(",", " ").split()
    first = second = False
    for cut in range(1, len(words)):
        left, right = " ".join(words[:cut]), " ".join(words[cut:])
        first = first or (surname_letters(left) == surname and given_letters(right) == given)
        second = second or (surname_letters(right) == surname and given_letters(left) == given)
    return first, second


def find_ties(profiles: Sequence[Profile], today: date) -> Ties:
    """All agreements between columns of codes and the others."""
    codes = [
        _code_column(profile, today)
        for profile in profiles
        if profile.share("code_shape", "code") >= 0.5 and profile.share("code") >= 0.3 and len(profile.filled) >= 3
    ]
    _tell_ages_apart(codes)
    places = {code.at for code in codes}
    by_column = {
        (profile.at, code.at): _tie(profile, code, today)
        for profile in profiles
        if profile.at not in places and profile.filled
        for code in codes
    }
    return Ties(tuple(codes), by_column)


@lru_cache(maxsize=32768)
def _person(code: FiscalCode, today: date) -> Person | None:
    born, place = code.birth_date(today=today), code.birthplace()
    if born is None or place is None or code.sex is None:
        return None
    return Person(code.value[:3], code.value[3:6], code.sex, born, place.code, place.province)


def _code_column(profile: Profile, today: date) -> CodeColumn:
    people: list[Person | None] = []
    for cell in profile.cells:
        code = code_in(cell)
        people.append(_person(code, today) if code is not None else None)
    ages = sorted((today - person.born).days / 365.25 for person in people if person is not None)
    column = CodeColumn(profile.at, people)
    if ages:
        column.median_age = ages[len(ages) // 2]
        column.is_child = column.median_age < GROWN_UP or ages[-1 - len(ages) // 20] - ages[len(ages) // 20] <= 14
        column.repeated = 1 - profile.distinct / len(profile.filled)
    return column


def _tell_ages_apart(codes: Sequence[CodeColumn]) -> None:
    """In old exports children have grown up since: the clearly younger of two columns is still that of the children."""
    if len(codes) >= 2 and not any(code.is_child for code in codes):
        youngest, second = sorted(codes, key=lambda code: code.median_age)[:2]
        youngest.is_child = second.median_age - youngest.median_age > 12
    if len(codes) >= 2 and all(code.is_child for code in codes):
        oldest, second = sorted(codes, key=lambda code: -code.median_age)[:2]
        oldest.is_child = oldest.median_age - second.median_age <= 12


def _tie(profile: Profile, code: CodeColumn, today: date) -> Tie:
    tie = Tie()
    pairs = [(cell, person) for cell, person in zip(profile.cells, code.people, strict=True) if cell and person]
    if len(pairs) < 3:
        return tie
    if profile.share("date", "compact_dmy", "compact_ymd", "serial") >= 0.5:
        _tie_dates(tie, pairs, today)
    elif profile.share("letters") >= 0.5:
        _tie_names(tie, pairs)
        _tie_places(tie, profile, pairs)
    elif profile.share("place") >= 0.3 or profile.share("belfiore") >= 0.5:
        _tie_places(tie, profile, pairs)
    if profile.distinct <= 6 and (profile.words is None or len(profile.words) <= 8):
        _tie_sex(tie, pairs)
    return tie


def _tie_names(tie: Tie, pairs: Sequence[tuple[str, Person]]) -> None:
    count = len(pairs)
    several = sum(" " in cell for cell, _ in pairs) >= 0.85 * count
    # The letters of "ROSSI MARIA" are those of ROSSI: where all cells have several words they are full names.
    tie.surname = 0.0 if several else sum(surname_letters(cell) == person.surname for cell, person in pairs) / count
    tie.given = 0.0 if several else sum(given_letters(cell) == person.given for cell, person in pairs) / count
    fits = [full_name_fits(cell, person.surname, person.given) for cell, person in pairs]
    tie.full_surname_first = sum(first for first, _ in fits) / count
    tie.full_given_first = sum(second for _, second in fits) / count


def _tie_places(tie: Tie, profile: Profile, pairs: Sequence[tuple[str, Person]]) -> None:
    count = len(pairs)
    tie.place = sum(person.place == cell.upper() or person.place in codes_named(cell) for cell, person in pairs) / count
    if profile.share("province") >= 0.8:
        tie.province = sum(person.province == cell.upper() for cell, person in pairs) / count


def _tie_dates(tie: Tie, pairs: Sequence[tuple[str, Person]], today: date) -> None:
    count = len(pairs)
    found: Counter[str] = Counter()
    for cell, person in pairs:
        found.update(order for order in ("dmy", "mdy", "ymd") if person.born in days_of(cell, order, today))
    tie.dmy, tie.mdy, tie.ymd = found["dmy"] / count, found["mdy"] / count, found["ymd"] / count


@lru_cache(maxsize=65536)
def days_of(cell: str, order: DateOrder, today: date) -> tuple[date, ...]:
    """The days a cell may mean under an order: two for a year of two digits, one otherwise, none when it is no date."""
    if cell.isdigit():
        if len(cell) == 5:
            return (_EPOCH + timedelta(days=int(cell)),)
        if len(cell) != 8:
            return ()
        cut = (0, 4, 6) if order == "ymd" else (0, 2, 4)
        parts = ("", int(cell[: cut[1]]), int(cell[cut[1] : cut[2]]), int(cell[cut[2] :]))
    else:
        read = date_parts(cell)
        if read is None:
            return ()
        parts = read
    if parts[0] == "ymd" or order == "ymd":
        year, month, day = parts[1], parts[2], parts[3]
    elif order == "mdy":
        month, day, year = parts[1], parts[2], parts[3]
    else:
        day, month, year = parts[1], parts[2], parts[3]
    years = (year,) if year >= 100 else (2000 + year, 1900 + year)
    return tuple(
        day
        for day in (_day(year, month, day) for year in years)
        if day is not None and day <= today.replace(year=today.year + 10, day=1)
    )


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _tie_sex(tie: Tie, pairs: Sequence[tuple[str, Person]]) -> None:
    """The words that go with each sex: two or more words, each of them (nearly) always with the same sex."""
    seen: dict[str, Counter[str]] = {}
    for cell, person in pairs:
        seen.setdefault(cell, Counter())[person.sex] += 1
    usual = {cell: counts.most_common(1)[0] for cell, counts in seen.items()}
    if {sex for sex, _ in usual.values()} == {"F", "M"}:
        tie.sex = sum(times for _, times in usual.values()) / len(pairs)
        tie.sex_words = {cell: sex for cell, (sex, _) in usual.items()}
