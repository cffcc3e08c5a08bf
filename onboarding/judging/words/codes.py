"""Reading a fiscal code out of a cell, with the name of what is wrong with it."""

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from sportello.kernel.fiscal_code import FiscalCode, FiscalCodeDefect, InvalidFiscalCode


class ReadCode(NamedTuple):
    """`code` is None when the cell holds no valid code; `written` is the cell in capitals without spaces.

    `meant` is the code with the check character that its other fifteen ask for, where only that one is wrong.
    """

    code: FiscalCode | None
    written: str
    repaired: bool
    defect: str
    meant: FiscalCode | None = None


@lru_cache(maxsize=8192)
def read_code(cell: str) -> ReadCode:
    """The defect is "" or one of: missing, provisional, check_digit, malformed."""
    written = "".join(cell.split()).upper()
    if not written:
        return ReadCode(None, "", repaired=False, defect="missing")
    repaired = written != cell
    if len(written) == 11 and written.isascii() and written.isdigit():
        return ReadCode(None, written, repaired=repaired, defect="provisional")
    try:
        code = FiscalCode.parse(written)
        return ReadCode(code, code.value, repaired=code.value != cell, defect="")
    except InvalidFiscalCode as error:
        if error.defect is FiscalCodeDefect.CHECK_CHARACTER:
            return ReadCode(None, written, repaired=repaired, defect="check_digit", meant=_meant(written))
        return ReadCode(None, written, repaired=repaired, defect="malformed")


@lru_cache(maxsize=8192)
def born(code: FiscalCode, today: date) -> date | None:
    """The birth date of a code: children of one payer stand near one another."""
    return code.birth_date(today=today)


def _meant(written: str) -> FiscalCode | None:
    plain = "".join(char for char in written if char.isalnum())
    try:
        return FiscalCode.parse(FiscalCode(plain).root)
    except InvalidFiscalCode:
        return None
