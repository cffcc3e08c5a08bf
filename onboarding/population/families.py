"""Families invented from a seed: who the parents are, where the children go to school."""

import random
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, Literal

from onboarding.population.names import (
    ABROAD,
    BOYS,
    FAMILY_NAMES,
    FAMILY_NAMES_FROM_ABROAD,
    GIRLS,
    MEN,
    STREETS,
    WOMEN,
)
from sportello.kernel.fiscal_code import FiscalCode

type Sex = Literal["F", "M"]

FROM_ABROAD: Final = 0.05
AGES: Final = {"infanzia": (3, 5), "primaria": (6, 10), "secondaria_1": (11, 13)}
DIETS: Final = (("", 78), ("CEL", 4), ("ALL. UOVO", 3), ("NO MAIALE", 8), ("VEG", 7))


@dataclass(frozen=True, slots=True)
class Place:
    """The Comune in which they live; `schools` are (code, level) of teaching sites."""

    name: str
    belfiore_code: str
    postal_code: str
    school_year: int
    schools: Sequence[tuple[str, str]]
    province: str = "BA"


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person with the fiscal code that follows from the rest."""

    family_name: str
    given_name: str
    sex: Sex
    birth_date: date
    birthplace: str
    birth_province: str
    fiscal_code: str


@dataclass(frozen=True, slots=True)
class SchoolChild:
    """A child, its class and its diet; `balance_cents` is what the old back office left."""

    person: Somebody
    school_code: str
    class_year: int
    section: str
    diet: str
    balance_cents: int


@dataclass(frozen=True, slots=True)
class InventedFamily:
    """Those who share a home; the payer is the mother or the father."""

    payer: Somebody
    children: tuple[SchoolChild, ...]
    street: str
    house_number: str
    phone: str
    email: str
    isee_cents: int | None


@dataclass
class Inventor:
    """Invents families of one place; no fiscal code twice. The same seed invents the same families."""

    place: Place
    seed: int
    used: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._dice = random.Random(f"{self.place.belfiore_code}:{self.seed}")  # noqa: S311 -- an invention, no secret
        self._sites = {level: [code for code, its in self.place.schools if its == level] for level in AGES}
        self._levels = [level for level in AGES if self._sites[level]]
        self._families = 0

    def families(self) -> Iterator[InventedFamily]:
        """Without end."""
        while True:
            yield self.family()

    def family(self) -> InventedFamily:
        """Parents in their thirties or forties, one to three children who bear the father's name."""
        dice, year = self._dice, self.place.school_year
        adults = date(year - 48, 1, 1), date(year - 27, 12, 31)
        mother, father = self._somebody("F", adults, WOMEN), self._somebody("M", adults, MEN)
        count = dice.choices((1, 2, 3), (55, 37, 8))[0]
        children = tuple(self._school_child(father.family_name) for _ in range(count))
        self._families += 1
        payer = mother if dice.random() < 0.6 else father
        return InventedFamily(
            payer=payer,
            children=children,
            street=dice.choice(STREETS),
            house_number=f"{dice.randint(1, 180)}{dice.choice(('', '', '', '/A', '/B'))}",
            phone=self._phone(),
            email=f"{plain(payer.given_name)}.{plain(payer.family_name)}{self._families}@example.org",
            isee_cents=self._isee(),
        )

    def somebody(self, given_name: str, family_name: str, sex: Sex, birth_date: date) -> Somebody:
        """A person told in full, born in the place; moved to a later day of birth while the code is taken."""
        while True:
            made = self._person(family_name, given_name, sex, birth_date, (self.place.name, self.place.belfiore_code))
            if made is not None:
                return made
            birth_date += timedelta(days=1)

    def _somebody(
        self, sex: Sex, born: tuple[date, date], given_names: Sequence[str], family_name: str = ""
    ) -> Somebody:
        dice = self._dice
        while True:
            abroad = dice.random() < FROM_ABROAD
            surname = family_name or dice.choice(FAMILY_NAMES_FROM_ABROAD if abroad else FAMILY_NAMES)
            birth = born[0] + timedelta(days=dice.randrange((born[1] - born[0]).days + 1))
            origin = dice.choice(ABROAD) if abroad else (self.place.name, self.place.belfiore_code)
            made = self._person(surname, dice.choice(given_names), sex, birth, origin)
            if made is not None:
                return made

    def _person(
        self, family_name: str, given_name: str, sex: Sex, birth_date: date, origin: tuple[str, str]
    ) -> Somebody | None:
        code = FiscalCode.compute(
            last_name=family_name,
            first_name=given_name,
            sex=sex,
            birth_date=birth_date,
            birthplace_code=origin[1],
        ).value
        if code in self.used:
            return None
        self.used.add(code)
        province = "EE" if origin[1].startswith("Z") else self.place.province
        return Somebody(family_name, given_name, sex, birth_date, origin[0].upper(), province, code)

    def _school_child(self, family_name: str) -> SchoolChild:
        dice = self._dice
        sex: Sex = dice.choice(("F", "M"))
        level = dice.choices(self._levels, [AGES[level][1] - AGES[level][0] + 1 for level in self._levels])[0]
        age = dice.randint(*AGES[level])
        year = self.place.school_year - age
        person = self._somebody(sex, (date(year, 1, 1), date(year, 12, 31)), GIRLS if sex == "F" else BOYS, family_name)
        return self.enrolled(person, level, age - AGES[level][0] + 1)

    def enrolled(self, person: Somebody, level: str, class_year: int) -> SchoolChild:
        """The child in a school of that level, with a diet and a balance drawn at random."""
        dice = self._dice
        return SchoolChild(
            person=person,
            school_code=dice.choice(self._sites[level]),
            class_year=class_year,
            section=dice.choice("ABC"),
            diet=dice.choices([diet for diet, _weight in DIETS], [weight for _diet, weight in DIETS])[0],
            balance_cents=dice.choices((0, dice.randint(100, 9000), -dice.randint(100, 6000)), (30, 45, 25))[0],
        )

    def _phone(self) -> str:
        """Prefixes 300 and 0800: nobody has them."""
        return self._dice.choice(("300", "0800")) + f"{self._dice.randrange(10**6):06d}"

    def _isee(self) -> int | None:
        dice = self._dice
        if dice.random() < 0.12:
            return None
        return dice.choice(
            (dice.randint(0, 900_000), dice.randint(500_000, 3_000_000), dice.randint(2_000_000, 6_000_000))
        )


def plain(name: str) -> str:
    """A name as a mail address holds it."""
    text = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return "".join(char for char in text if char.isalpha())
