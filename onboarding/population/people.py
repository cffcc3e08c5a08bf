"""The fictional people that everybody is told about: one family to walk the journeys with, and the staff.

Their names are the same in each Comune, their fiscal codes follow from the Comune in which they were born. The
console's printout, the identity page, the exercises and the tests read them from here.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from onboarding.population.families import InventedFamily, Inventor, Place, SchoolChild, Sex, Somebody
from sportello.accounts.models import Role
from sportello.kernel.fiscal_code import FiscalCode

type Told = tuple[str, str, Sex, date]
"""Given name, family name, sex and birth date."""

MOTHER: Final = ("GIULIA", "SANTORO", "F", date(1988, 5, 14))
FATHER: Final = ("PIETRO", "VITALE", "M", date(1984, 11, 2))
ENROLLED: Final = (("SOFIA", "F", 8), ("LEONARDO", "M", 5))
TO_ENROL: Final = ("ANNA", "F", 6)
ONLY_CHILD: Final = ("MATTEO", "M", 7)
EXEMPT_MOTHER: Final = ("ADA", "FERRANTE", "F", date(1990, 2, 17))
EXEMPT_CHILD: Final = ("NICOLA", "M", 8)
GRANDMOTHER: Final[Told] = ("ROSA", "ANTONACCI", "F", date(1955, 7, 21))
OF_TWO_COMUNI: Final[Told] = ("ELENA", "LOIACONO", "F", date(1986, 3, 9))
CARD_HOLDER: Final[Told] = ("FRANCO", "LORUSSO", "M", date(1969, 12, 4))
PROFESSIONAL: Final[Told] = ("LIDIA", "CARRASSI", "F", date(1975, 10, 11))
BIRTHPLACE_OF_ALL: Final = "A662"
"""Those who are the same person in every Comune were born in one place."""
MOTHERS_ISEE: Final = 850_000


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Somebody who works for the services of a Comune, with a digital identity."""

    given_name: str
    family_name: str
    sex: Sex
    birth_date: date
    role: Role
    does: str


STAFF: Final = (
    StaffMember("Carla", "Uffici", "F", date(1979, 3, 8), Role.CLERK, "clerk: rosters, applications, payments"),
    StaffMember(
        "Aldo", "Comunale", "M", date(1971, 9, 20), Role.ADMINISTRATOR, "administrator: rules, calendar, staff"
    ),
    StaffMember(
        "Ivana",
        "Seconda",
        "F",
        date(1967, 4, 25),
        Role.ADMINISTRATOR,
        "second administrator: approves the fees that the first proposes",
    ),
    StaffMember("Sandra", "Maestri", "F", date(1983, 1, 30), Role.SCHOOL, "school: calls the roll of her school"),
    StaffMember(
        "Bruna", "Ragionieri", "F", date(1975, 5, 17), Role.ACCOUNTANT, "accountant: reconciliation, chapters, treasury"
    ),
    StaffMember("Assia", "Ascolta", "F", date(1988, 6, 14), Role.SUPPORT, "support: acts as who asks for help"),
)


@dataclass(frozen=True, slots=True)
class DemoFamilies:
    """The families of the roster, and the child that is known but not at the canteen."""

    mothers: InventedFamily
    fathers: InventedFamily
    exempt: InventedFamily
    to_enrol: SchoolChild

    @property
    def of_the_roster(self) -> tuple[InventedFamily, ...]:
        """Those that the old back office knew."""
        return self.mothers, self.fathers, self.exempt


def demo_families(inventor: Inventor) -> DemoFamilies:
    """The known families, drawn first so that nobody takes their codes."""
    mother, father = inventor.somebody(*_told(MOTHER)), inventor.somebody(*_told(FATHER))
    at_the_canteen = tuple(_child(inventor, "VITALE", *facts) for facts in ENROLLED)
    to_enrol = _child(inventor, "VITALE", *TO_ENROL)
    only_child = _child(inventor, FATHER[1], *ONLY_CHILD)
    exempt_mother = inventor.somebody(*_told(EXEMPT_MOTHER))
    exempt_child = _child(inventor, EXEMPT_MOTHER[1], *EXEMPT_CHILD)
    home = {"street": "VIA DEGLI ULIVI", "house_number": "7"}
    return DemoFamilies(
        mothers=InventedFamily(
            payer=mother,
            children=at_the_canteen,
            phone="300000001",
            email="giulia.santoro@example.org",
            isee_cents=MOTHERS_ISEE,
            **home,
        ),
        fathers=InventedFamily(
            payer=father,
            children=(only_child,),
            street="CORSO DEL CARRUBO",
            house_number="12/A",
            phone="300000002",
            email="pietro.vitale@example.org",
            isee_cents=None,
        ),
        exempt=InventedFamily(
            payer=exempt_mother,
            children=(exempt_child,),
            street="VIA DEL MANDORLO",
            house_number="31",
            phone="300000003",
            email="ada.ferrante@example.org",
            isee_cents=310_000,
        ),
        to_enrol=to_enrol,
    )


def _told(facts: tuple[str, str, Sex, date]) -> tuple[str, str, Sex, date]:
    return facts


def _child(inventor: Inventor, family_name: str, given_name: str, sex: Sex, age: int) -> SchoolChild:
    person = inventor.somebody(given_name, family_name, sex, date(inventor.place.school_year - age, 4, 9))
    level, first_age = ("infanzia", 3) if age < 6 else ("primaria", 6)
    return inventor.enrolled(person, level, age - first_age + 1)


def staff_of(place: Place) -> list[tuple[StaffMember, Somebody]]:
    """The staff of a Comune with their fiscal codes."""
    inventor = Inventor(place, seed=0)
    return [
        (member, inventor.somebody(member.given_name, member.family_name, member.sex, member.birth_date))
        for member in STAFF
    ]


def born_in_bari(person: Told) -> str:
    """The fiscal code of somebody who is the same in every Comune."""
    given_name, family_name, sex, born = person
    return FiscalCode.compute(
        last_name=family_name,
        first_name=given_name,
        sex=sex,
        birth_date=born,
        birthplace_code=BIRTHPLACE_OF_ALL,
    ).value
