"""Invented families with valid fiscal codes, children at school in any of the 41 Comuni."""

# ruff: noqa: SIM905 -- lists of words read better as text; a column is a function of a pupil

import random
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Final

from onboarding.recognition.facts import Facts, School, facts_of_packs
from sportello.kernel.fiscal_code import FiscalCode

TODAY: Final = date(2026, 11, 23)
SURNAMES: Final = (
    "BIANCHI,DE MARCO,LO CASCIO,SANTORO,D'ALESSANDRO,GRECO,LOSITO,DI PIERRO,MARTINELLI,CAFAGNA,ZACCARIA,NOTARNICOLA,"
    "DELL'ORCO,FANELLI,SIMONE,ROSSI,VENEZIA,PACE,LEO,RE,UVA,GIORDANO,PALMISANO,SGARAMELLA,CICCIMARRA,ABBRESCIA,"
    "DE NICOLÒ,MASTROMARINO,BUFANO,CENTRONE,DAMATO,DIBENEDETTO,SCARANO,PORCELLI,QUARTO,TROTTA,VALENTINO,ZONNO"
).split(",")
FOREIGN: Final = "HYSA,DRAGOMIR,KUMAR,ZHANG,TRAORE,EL AMRANI,KOVAC,PETROVA".split(",")
MALE: Final = (
    "MARCO,PIETRO,DAVIDE,EMANUELE,CHRISTIAN,DONATO,RAFFAELE,ANGELO,PAOLO,SIMONE,LORENZO,ENRICO,GIAN LUCA,CARLO ALBERTO,"
    "NICCOLÒ,IVAN,UGO,LEO,FILIPPO,SERGIO"
).split(",")
FEMALE: Final = (
    "ELENA,LAURA,ILARIA,ALESSIA,SERENA,GRETA,LUDOVICA,VIOLA,ANITA,MARIA CHIARA,ANNA RITA,LUCIA,EVA,IDA,ASIA,NICOLE,"
    "ISABEL,CAMILLA,REBECCA,AGATA"
).split(",")
BORN: Final = (
    ("A662", "BARI", "BA"),
    ("L109", "TERLIZZI", "BA"),
    ("F280", "MOLA DI BARI", "BA"),
    ("H645", "RUVO DI PUGLIA", "BA"),
    ("A285", "ANDRIA", "BT"),
    ("D643", "FOGGIA", "FG"),
    ("L219", "TORINO", "TO"),
    ("F839", "NAPOLI", "NA"),
    ("Z100", "ALBANIA", "EE"),
    ("Z129", "ROMANIA", "EE"),
)
STREETS: Final = (
    "VIA GARIBALDI,CORSO VITTORIO EMANUELE II,PIAZZA ALDO MORO,VIA DANTE ALIGHIERI,VIALE DELLA LIBERTÀ,VIA MATTEOTTI,"
    "CONTRADA LAMA,VIA G. DI VITTORIO,LARGO SAN NICOLA,VIA TEN. RUSSO,STRADA PROVINCIALE,VIA IV NOVEMBRE"
).split(",")
CAPS: Final = {"A662": "70121", "A225": "70022", "F284": "70056", "A893": "70032", "L109": "70038"}


@dataclass(frozen=True)
class Person:
    surname: str
    given: str
    sex: str
    born: date
    place: tuple[str, str, str]
    code: str


@dataclass(frozen=True)
class Pupil:
    person: Person
    father: Person
    mother: Person
    payer: Person
    school: str
    school_name: str
    year: int
    section: str
    street: str
    number: str
    phone: str
    email: str
    isee: float | None


@cache
def facts() -> Facts:
    return facts_of_packs(today=TODAY)


def sites(town: str) -> list[tuple[str, School]]:
    """The primary and lower secondary schools and kindergartens of a Comune."""
    levels = {"infanzia", "primaria", "secondaria_1"}
    return [
        (code, school)
        for code, school in facts().schools.items()
        if school.municipality == town and school.level in levels
    ]


class World:
    """A Comune full of pupils, the same for the same seed."""

    def __init__(self, seed: int, town: str) -> None:
        self.random = random.Random(seed)  # noqa: S311 -- test data
        self.town, self.town_name = town, facts().towns[town].upper()
        self.cap = CAPS.get(town, f"700{self.random.randrange(10, 70)}")
        self.schools = sites(town)

    def person(self, low: date, high: date, *, surname: str = "", sex: str = "") -> Person:
        dice = self.random
        foreign = dice.random() < 0.06
        surname = surname or dice.choice(FOREIGN if foreign else SURNAMES)
        sex = sex or dice.choice("MF")
        given = dice.choice(MALE if sex == "M" else FEMALE)
        born = low + timedelta(days=dice.randrange((high - low).days))
        place = dice.choice(BORN[-2:]) if foreign else dice.choices(BORN[:-2], [50, 9, 8, 7, 6, 4, 3, 3])[0]
        code = FiscalCode.compute(
            last_name=surname,
            first_name=given,
            sex="F" if sex == "F" else "M",
            birth_date=born,
            birthplace_code=place[0],
        )
        return Person(surname, given, sex, born, place, code.value)

    def family(self) -> list[Pupil]:
        dice = self.random
        grown = (date(1972, 1, 1), date(1999, 12, 31))
        father, mother = self.person(*grown, sex="M"), self.person(*grown, sex="F")
        payer = dice.choice((father, mother))
        street, number = dice.choice(STREETS), str(dice.randrange(1, 220)) + dice.choice(("", "", "", "/B", " BIS"))
        phone = dice.choice(
            (f"3{dice.randrange(20, 99)}{dice.randrange(10**7):07d}", f"080{dice.randrange(3000000, 5999999)}")
        )
        email = f"{payer.given.split()[0]}{dice.randrange(999)}@example.org".lower().translate(
            str.maketrans("òàèéù", "oaeeu")
        )
        isee = None if dice.random() < 0.15 else round(dice.uniform(0, 45000), 2)
        pupils = []
        for _ in range(dice.choices((1, 2, 3), (6, 3, 1))[0]):
            child = self.person(date(2013, 1, 1), date(2023, 12, 31), surname=father.surname)
            code, school = dice.choice(self.schools)
            pupils.append(
                Pupil(
                    child,
                    father,
                    mother,
                    payer,
                    code,
                    school.name,
                    dice.randrange(1, 6),
                    dice.choice("ABCDE"),
                    street,
                    number,
                    phone,
                    email,
                    isee,
                )
            )
        return pupils

    def pupils(self, count: int) -> list[Pupil]:
        found: list[Pupil] = []
        while len(found) < count:
            found += self.family()
        return found[:count]
