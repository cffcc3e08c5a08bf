"""Invented families: names combined at random, fiscal codes computed."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final, Literal

from sportello.kernel.fiscal_code import FiscalCode
from tenants.municipal_packs import SchoolFacts, pack_of

SURNAMES: Final = (
    "LOSACCO", "DE TULLIO", "CAMPOBASSO", "LO BASSO", "D'ADDABBO", "SCIACOVELLI", "DI TURI", "QUARTO", "SANTORO",
    "DELL'ERBA", "MASTRONARDI", "FANELLI", "LA FORGIA", "COLAIANNI", "SOMMA", "PACE", "VISCI", "IACOBELLIS", "RE", "FO",
    "DE CANDIA", "MAGGIO", "TOTARO", "NITTI", "ALÒ", "PICÀ", "LA GIOIA", "DE SANTIS", "OSTUNI", "ZACCARIA",
)  # fmt: skip
ABROAD_SURNAMES: Final = ("DEDJA", "MARINESCU", "ZHANG", "EL AMRANI", "OKAFOR", "ROSSI SILVA", "KOVALENKO")
BOYS: Final = (
    "PIETRO", "DAVIDE", "CHRISTIAN", "ANDREA", "NICCOLÒ", "GIAN LUCA", "EDOARDO", "MATTIA", "DIEGO", "ELIA", "LEO",
    "FRANCESCO PIO", "GIUSEPPE", "ANGELO", "IVAN", "MARCO ANTONIO", "NOÈ",
)  # fmt: skip
GIRLS: Final = (
    "LUDOVICA", "ASIA", "GINEVRA", "MARIA PIA", "ELISA", "CLAUDIA", "BIANCA", "EVA", "ANNA CHIARA", "IDA", "MIA",
    "GIULIA", "ELENA", "VIOLA", "ALESSIA", "ANDREA", "ZOE",
)  # fmt: skip
PLACES: Final = (
    ("A225", "ALTAMURA", "BA"), ("F284", "MOLFETTA", "BA"), ("A662", "BARI", "BA"), ("H645", "RUVO DI PUGLIA", "BA"),
    ("L425", "TRIGGIANO", "BA"), ("F262", "MODUGNO", "BA"), ("E038", "GIOIA DEL COLLE", "BA"), ("D643", "FOGGIA", "FG"),
    ("L219", "TORINO", "TO"), ("F839", "NAPOLI", "NA"), ("A669", "BARLETTA", "BT"),
)  # fmt: skip
ABROAD: Final = (
    ("Z112", "GERMANIA", "EE"),
    ("Z138", "UCRAINA", "EE"),
    ("Z335", "NIGERIA", "EE"),
    ("Z330", "MAROCCO", "EE"),
)
STREETS: Final = (
    "VIA MAGGIO",
    "CORSO VITTORIO EMANUELE II",
    "VIA DEI MILLE",
    "PIAZZA ZANARDELLI",
    "VIA SANT'ANNA",
    "C.DA LAMA",
)


@dataclass(frozen=True)
class Person:
    """Somebody, with the code that the data give."""

    surname: str
    given: str
    sex: Literal["F", "M"]
    born: date
    place: tuple[str, str, str]
    code: str

    @property
    def abroad(self) -> bool:
        return self.place[0].startswith("Z")


@dataclass(frozen=True)
class Child:
    """A child at school, its payer, its address."""

    person: Person
    payer: Person
    other: Person
    school: SchoolFacts
    year: int
    section: str
    street: str
    house: str
    phone: str
    email: str


class World:
    """Children of a Comune; every code is given once."""

    def __init__(self, seed: int, belfiore: str, school_year: int) -> None:
        self.random = Random(seed)  # noqa: S311 -- not for secrets: the same exports every time
        self.school_year, self.belfiore = school_year, belfiore
        levels = {"infanzia", "primaria", "secondaria_1"}
        self.schools = [
            one for one in pack_of(belfiore).schools() if one.level in levels and one.ownership == "statale"
        ]
        self._used: set[str] = set()

    def person(self, first: int, last: int, surname: str = "", sex: Literal["F", "M", ""] = "") -> Person:
        """Somebody born between two years."""
        random = self.random
        while True:
            abroad = random.random() < 0.06
            family = surname or random.choice(ABROAD_SURNAMES if abroad else SURNAMES)
            chosen: Literal["F", "M"] = sex or random.choice(("F", "M"))
            given = random.choice(BOYS if chosen == "M" else GIRLS)
            born = date(first, 1, 1) + timedelta(days=random.randrange(365 * (last - first + 1)))
            place = random.choice(ABROAD if abroad else PLACES)
            code = FiscalCode.compute(
                last_name=family, first_name=given, sex=chosen, birth_date=born, birthplace_code=place[0]
            ).value
            if code not in self._used:
                self._used.add(code)
                return Person(family, given, chosen, born, place, code)

    def children(self) -> list[Child]:
        """The children of one family."""
        random = self.random
        father, mother = self.person(1972, 1999, sex="M"), self.person(1974, 2001, sex="F")
        payer, other = random.sample((father, mother), 2)
        street, house = random.choice(STREETS), random.choice(("12", "3/B", "101", "7 BIS", "44"))
        phone = random.choice(
            (f"3{random.randrange(20, 99)}{random.randrange(10**7):07d}", f"080{random.randrange(3000000, 3999999)}")
        )
        email = f"{payer.given.split()[0].lower()}{random.randrange(10_000)}@example.net".replace("ò", "o").replace(
            "è", "e"
        )
        return [
            Child(child, payer, other, *self._place(child), street, house, phone, email)
            for child in (
                self.person(self.school_year - 13, self.school_year - 3, surname=father.surname)
                for _ in range(random.choices((1, 2, 3), (5, 3, 1))[0])
            )
        ]

    def many(self, count: int) -> list[Child]:
        """That many children."""
        found: list[Child] = []
        while len(found) < count:
            found.extend(self.children())
        return found[:count]

    def _place(self, child: Person) -> tuple[SchoolFacts, int, str]:
        age = self.school_year - child.born.year
        level = "infanzia" if age <= 5 else "primaria" if age <= 10 else "secondaria_1"
        pool = [school for school in self.schools if school.level == level] or self.schools
        school = self.random.choice(pool)
        year = min(
            max(age - {"infanzia": 2, "primaria": 5, "secondaria_1": 10}[level], 1), 5 if level == "primaria" else 3
        )
        return school, year, self.random.choice("ABCDE")


def mistyped(code: str, random: Random) -> str:
    """The code with another last letter."""
    return code[:15] + random.choice([letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if letter != code[15]])


def record_of(child: Child) -> dict[str, object]:
    """What the key says of a child."""
    person, payer = child.person, child.payer
    return {
        "child_fiscal_code": person.code,
        "child_surname": person.surname,
        "child_given_name": person.given,
        "sex": person.sex,
        "birth_date": person.born.isoformat(),
        "birth_place": person.place[0],
        "school_code": child.school.school_code,
        "class_year": child.year,
        "section": child.section,
        "payer_fiscal_code": payer.code,
        "payer_surname": payer.surname,
        "payer_given_name": payer.given,
        "phone": child.phone,
        "email": child.email,
    }
