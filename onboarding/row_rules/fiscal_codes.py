"""Reading a fiscal code out of a cell, with the name of what is wrong with it."""

from typing import NamedTuple

from sportello.kernel.fiscal_code import FiscalCode, FiscalCodeDefect, InvalidFiscalCode


class ReadCode(NamedTuple):
    """`code` is None when the cell holds no valid code; `written` is the cell in capitals without spaces."""

    code: FiscalCode | None
    written: str
    repaired: bool
    defect: str


def read_code(cell: str) -> ReadCode:
    """The defect is "" or one of: missing, provisional, check_digit, malformed."""
    written = "".join(cell.split()).upper()
    if not written:
        return ReadCode(None, "", repaired=False, defect="missing")
    repaired = written != cell
    if len(written) == 11 and written.isascii() and written.isdigit():
        return ReadCode(None, written, repaired=repaired, defect="provisional")
    try:
        return ReadCode(FiscalCode.parse(written), written, repaired=repaired, defect="")
    except InvalidFiscalCode as error:
        wrong = "check_digit" if error.defect is FiscalCodeDefect.CHECK_CHARACTER else "malformed"
        return ReadCode(None, written, repaired=repaired, defect=wrong)
