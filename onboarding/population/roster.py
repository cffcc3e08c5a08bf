"""The families as the CSV of an old canteen back office: Windows-1252, CRLF, semicolons, decimal commas."""

import random
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Final

from onboarding.population.dirt import damage
from onboarding.population.families import InventedFamily, Inventor, SchoolChild
from sportello.kernel.money import Money

SEPARATOR: Final = ";"
COLUMNS: Final = (
    "MATRICOLA",
    "COGNOME",
    "NOME",
    "SESSO",
    "DATA_NASCITA",
    "COD_FISCALE",
    "COMUNE_NASCITA",
    "PROV",
    "INDIRIZZO",
    "CIVICO",
    "CAP",
    "COMUNE_RES",
    "COD_PLESSO",
    "CLASSE",
    "SEZ",
    "DIETA",
    "ISEE",
    "COGNOME_PAG",
    "NOME_PAG",
    "CF_PAG",
    "TELEFONO",
    "EMAIL",
    "SALDO",
)
DIRTY: Final = 0.08
REPEATED: Final = 0.005


def write_roster(
    inventor: Inventor, *, children: int, first: Sequence[InventedFamily] = (), dirty: float = DIRTY
) -> bytes:
    """A file of that many children and some rows twice. The rows of the families `first` come first, and are good."""
    dice = random.Random(f"{inventor.place.belfiore_code}:{inventor.seed}:dirt")  # noqa: S311 -- no secret
    rows: list[str] = []
    number = 0
    for family, certain in chain(((each, True) for each in first), ((each, False) for each in inventor.families())):
        for child in family.children:
            number += 1
            row = _row(inventor, family, child, number)
            clean = _line(row)
            if not certain and dice.random() < dirty:
                damage(row, child, dice)
            rows.append(_line(row))
            if not certain and rows[-1] == clean and dice.random() < REPEATED:
                rows.append(clean)
        if number >= children:
            return _file(rows)
    return _file(rows)


def _file(rows: Iterable[str]) -> bytes:
    return ("\r\n".join([SEPARATOR.join(COLUMNS), *rows]) + "\r\n").encode("cp1252")


def _line(row: dict[str, str]) -> str:
    return SEPARATOR.join(row[column] for column in COLUMNS)


def _row(inventor: Inventor, family: InventedFamily, child: SchoolChild, number: int) -> dict[str, str]:
    place, person, payer = inventor.place, child.person, family.payer
    return {
        "MATRICOLA": f"{number:06d}",
        "COGNOME": person.family_name,
        "NOME": person.given_name,
        "SESSO": person.sex,
        "DATA_NASCITA": f"{person.birth_date:%d/%m/%Y}",
        "COD_FISCALE": person.fiscal_code,
        "COMUNE_NASCITA": person.birthplace,
        "PROV": person.birth_province,
        "INDIRIZZO": family.street,
        "CIVICO": family.house_number,
        "CAP": place.postal_code,
        "COMUNE_RES": place.name.upper(),
        "COD_PLESSO": child.school_code,
        "CLASSE": str(child.class_year),
        "SEZ": child.section,
        "DIETA": child.diet,
        "ISEE": "" if family.isee_cents is None else _amount(family.isee_cents),
        "COGNOME_PAG": payer.family_name,
        "NOME_PAG": payer.given_name,
        "CF_PAG": payer.fiscal_code,
        "TELEFONO": family.phone,
        "EMAIL": family.email,
        "SALDO": _amount(child.balance_cents),
    }


def _amount(cents: int) -> str:
    return Money(cents).format().removesuffix(" €")
