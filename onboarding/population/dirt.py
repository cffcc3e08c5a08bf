"""What years of typing do to an archive: a known share of rows damaged in known ways."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from onboarding.population.families import SchoolChild

type Row = dict[str, str]
type Damage = Callable[[Row, SchoolChild, random.Random], None]


def _lower_case(row: Row, _child: SchoolChild, _dice: random.Random) -> None:
    row["COD_FISCALE"] = f"{row['COD_FISCALE'].lower()} "


def _mistyped_code(row: Row, _child: SchoolChild, dice: random.Random) -> None:
    code = row["COD_FISCALE"]
    row["COD_FISCALE"] = code[:15] + dice.choice([letter for letter in "ABCDEFGHIJ" if letter != code[15]])


def _no_code(row: Row, _child: SchoolChild, _dice: random.Random) -> None:
    row["COD_FISCALE"] = ""


def _other_sex(row: Row, _child: SchoolChild, _dice: random.Random) -> None:
    row["SESSO"] = "F" if row["SESSO"] == "M" else "M"


def _other_birth_date(row: Row, child: SchoolChild, dice: random.Random) -> None:
    row["DATA_NASCITA"] = f"{child.person.birth_date + timedelta(days=dice.choice((1, 30))):%d/%m/%Y}"


def _plain_isee(row: Row, _child: SchoolChild, _dice: random.Random) -> None:
    row["ISEE"] = row["ISEE"] and "€ " + row["ISEE"].replace(".", "")


def _zeros_lost(row: Row, _child: SchoolChild, _dice: random.Random) -> None:
    row["MATRICOLA"] = row["MATRICOLA"].lstrip("0")


def _names_swapped(row: Row, _child: SchoolChild, _dice: random.Random) -> None:
    row["COGNOME"], row["NOME"] = row["NOME"], row["COGNOME"]


def _no_payer(row: Row, _child: SchoolChild, _dice: random.Random) -> None:
    row.update(COGNOME_PAG="", NOME_PAG="", CF_PAG="")


def _school_gone(row: Row, _child: SchoolChild, _dice: random.Random) -> None:
    row["COD_PLESSO"] = row["COD_PLESSO"][:8] + "99"


def _no_class(row: Row, _child: SchoolChild, _dice: random.Random) -> None:
    row["CLASSE"] = ""


def _bad_mail(row: Row, _child: SchoolChild, _dice: random.Random) -> None:
    row["EMAIL"] = row["EMAIL"].replace("@", " ")


def _separator_in_street(row: Row, _child: SchoolChild, _dice: random.Random) -> None:
    row["INDIRIZZO"] += "; INT. 4"


DAMAGES: Final[tuple[tuple[Damage, int], ...]] = (
    (_lower_case, 20),
    (_zeros_lost, 15),
    (_names_swapped, 12),
    (_plain_isee, 12),
    (_bad_mail, 8),
    (_mistyped_code, 10),
    (_no_code, 6),
    (_other_sex, 5),
    (_other_birth_date, 5),
    (_no_payer, 6),
    (_school_gone, 5),
    (_no_class, 4),
    (_separator_in_street, 3),
)


def damage(row: Row, child: SchoolChild, dice: random.Random) -> None:
    """Spoil the row in one way drawn at random."""
    spoil = dice.choices([each for each, _weight in DAMAGES], [weight for _each, weight in DAMAGES])[0]
    spoil(row, child, dice)
