"""The taxonomy of pagoPA for school services (P31): which code goes with a due, and from which day to which.

The endings (TS, SP, AP) follow no rule: a code is looked up, never put together. `read_taxonomy` reads the official
list, whose dates are written month first, and `differences` says what it changes for us.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

import msgspec

from integrations.errors import AnswerUnreadable

FOREVER: Final = date(2080, 1, 1)  # as the official list says that there is no end
ALWAYS: Final = date(1900, 1, 1)
SHAPE: Final = re.compile(r"9/[0-9]{7}[A-Z]{2}/", re.ASCII)
_DAY: Final = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})", re.ASCII)


class Due(StrEnum):
    """What families pay for, in the words of the taxonomy."""

    MEALS = "meals"
    BUS = "bus"
    NIDO = "nido"
    SCHOOL_FEES = "school_fees"  # municipal educational services, so also the municipal scuola dell'infanzia
    BEFORE_SCHOOL = "before_school"
    LUNCH_BREAK = "lunch_break"
    AFTER_SCHOOL = "after_school"
    BUS_CARD = "bus_card"
    SUMMER_CENTRE = "summer_centre"
    NOTIFICATION = "notification"  # secretary's fees, costs of notifying
    STAMP_DUTY = "stamp_duty"


@dataclass(frozen=True, slots=True)
class Row:
    """A code of the official list, and the days on which it may be used: the last one is not among them."""

    code: str
    name: str
    starts_on: date
    ends_on: date

    def holds(self, on: date) -> bool:
        """Whether it may be used on a day."""
        return self.starts_on <= on < self.ends_on


VERSION: Final = 33  # of October 2023
TABLE: Final = {
    Due.MEALS: (Row("9/0107101TS/", "Mense scolastiche", ALWAYS, FOREVER),),
    Due.BUS: (Row("9/0107102SP/", "Trasporto scolastico", ALWAYS, FOREVER),),
    Due.NIDO: (Row("9/0107106SP/", "Nido", date(2020, 11, 1), FOREVER),),
    Due.SCHOOL_FEES: (Row("9/0107100TS/", "Rette scolastiche", ALWAYS, FOREVER),),
    Due.BEFORE_SCHOOL: (Row("9/0107103SP/", "Prescuola", ALWAYS, FOREVER),),
    Due.LUNCH_BREAK: (Row("9/0107104SP/", "Interscuola", ALWAYS, FOREVER),),
    Due.AFTER_SCHOOL: (Row("9/0107105SP/", "Doposcuola", ALWAYS, FOREVER),),
    Due.BUS_CARD: (Row("9/0107107AP/", "Duplicato Tesserino di riconoscimento", date(2021, 6, 1), FOREVER),),
    Due.SUMMER_CENTRE: (Row("9/0108103TS/", "Centri estivi e centri gioco", ALWAYS, FOREVER),),
    Due.NOTIFICATION: (Row("9/0103100TS/", "Diritti di segreteria e Spese di notifica", ALWAYS, FOREVER),),
    Due.STAMP_DUTY: (Row("9/0115103TS/", "Altre imposte di Bollo", ALWAYS, FOREVER),),
}


def category_of(due: Due, *, on: date) -> str:
    """The code for a due on a day. Raises LookupError when the taxonomy has none then: a table to bring up to date."""
    found = next((row.code for row in TABLE[due] if row.holds(on)), None)
    if found is None:
        raise LookupError(f"The taxonomy has no code for {due} on {on}.")
    return found


def is_category(code: str, *, on: date) -> bool:
    """Whether a code is one of ours and may be used on a day."""
    return any(row.code == code and row.holds(on) for rows in TABLE.values() for row in rows)


class _Official(msgspec.Struct):
    code: str = msgspec.field(name="DATI SPECIFICI DI INCASSO")
    name: str = msgspec.field(name="TIPO SERVIZIO")
    starts_on: str = msgspec.field(name="DATA INIZIO VALIDITA")
    ends_on: str = msgspec.field(name="DATA FINE VALIDITA")


def read_taxonomy(content: bytes) -> list[Row]:
    """The rows of the official JSON. Raises AnswerUnreadable."""
    try:
        found = msgspec.json.decode(content, type=list[_Official])
    except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
        raise AnswerUnreadable from wrong
    return [Row(one.code.strip(), one.name.strip(), _day(one.starts_on), _day(one.ends_on)) for one in found]


@dataclass(frozen=True, slots=True)
class Difference:
    """A code of ours that the official list has not, or has for other days (`official`)."""

    due: Due
    ours: Row
    official: Row | None


def differences(official: Iterable[Row]) -> list[Difference]:
    """What the official list says otherwise of the codes we use. The names are not compared: they are for people."""
    known: dict[str, list[Row]] = {}
    for row in official:
        known.setdefault(row.code, []).append(row)
    found = []
    for due, rows in TABLE.items():
        for ours in rows:
            there = known.get(ours.code, [])
            if not any((row.starts_on, row.ends_on) == (ours.starts_on, ours.ends_on) for row in there):
                found.append(Difference(due, ours, there[0] if there else None))
    return found


def _day(text: str) -> date:
    """Month, day, year: as 02/15/2021 proves."""
    found = _DAY.fullmatch(text.strip())
    try:
        month, day, year = (int(part) for part in found.groups()) if found else (0, 0, 0)
        return date(year, month, day)
    except ValueError as wrong:
        raise AnswerUnreadable from wrong
