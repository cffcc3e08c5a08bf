"""The shape of the file: a header of 23 columns, one row per child, `;` between the cells.

It is what the canteen back offices of the area write out. The columns may stand in any order; those that our own
list of errors adds are recognised and ignored, so that a corrected list can be uploaded again.
"""

import csv
from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Final

from onboarding.errors import ColumnsMissing, ColumnsRepeated, ColumnsUnknown, EmptyFile, WrongSeparator
from sportello.kernel.errors import gettext_noop
from sportello.kernel.formulas import MARK, restored

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
NOTES: Final = ("RIGA", "ERRORI", "SUGGERIMENTO")

(
    LEGACY_ID,
    FAMILY_NAME,
    GIVEN_NAME,
    SEX,
    BIRTH_DATE,
    FISCAL_CODE,
    BIRTHPLACE,
    BIRTH_PROVINCE,
    STREET,
    HOUSE_NUMBER,
    POSTAL_CODE,
    RESIDENCE,
    SCHOOL_CODE,
    CLASS_YEAR,
    SECTION,
    DIET,
    ISEE,
    PAYER_FAMILY_NAME,
    PAYER_GIVEN_NAME,
    PAYER_FISCAL_CODE,
    PHONE,
    EMAIL,
    BALANCE,
) = range(len(COLUMNS))

type Cells = Sequence[str]
type CellReader = Callable[[Sequence[str]], Cells]


class UnbalancedQuotes(ValueError):
    """The quotation marks of a line do not close: where its cells end cannot be known."""


def split_cells(line: str) -> list[str]:
    """The cells of one physical line; raises UnbalancedQuotes. A cell never runs over the end of its line.

    The apostrophe that our own list of errors puts before what a spreadsheet would compute is taken away again.
    """
    cells = line.split(SEPARATOR) if '"' not in line else _quoted_cells(line)
    return [restored(cell) for cell in cells] if MARK in line else cells


def _quoted_cells(line: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=SEPARATOR, strict=True))
    except csv.Error as error:
        raise UnbalancedQuotes from error


def read_header(line: str) -> tuple[int, CellReader]:
    """How many cells a row has, and how to put those of a row in the order of COLUMNS.

    Raises EmptyFile, WrongSeparator, ColumnsMissing, ColumnsUnknown or ColumnsRepeated.
    """
    if not line.strip():
        raise EmptyFile
    names = [cell.strip().strip('"').upper() for cell in line.split(SEPARATOR)]
    _check_header(line, names)
    if names == list(COLUMNS):
        return len(names), _as_they_are
    return len(names), itemgetter(*(names.index(column) for column in COLUMNS))


def _as_they_are(cells: Sequence[str]) -> Cells:
    return cells


def _check_header(line: str, names: list[str]) -> None:
    if len(names) == 1:
        for separator, spoken in (
            (",", gettext_noop("la virgola")),
            ("\t", gettext_noop("la tabulazione")),
            ("|", gettext_noop("la barra verticale")),
        ):
            if line.count(separator) >= len(COLUMNS) // 2:
                raise WrongSeparator(spoken)
    missing = [column for column in COLUMNS if column not in names]
    if missing:
        raise ColumnsMissing(missing)
    unknown = [name for name in names if name not in COLUMNS and name not in NOTES]
    if unknown:
        raise ColumnsUnknown(unknown)
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise ColumnsRepeated(repeated)
