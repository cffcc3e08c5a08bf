"""Address, telephone and e-mail of the payer's household."""

import re
from typing import Final

from onboarding.layout import EMAIL, HOUSE_NUMBER, PHONE, POSTAL_CODE, RESIDENCE, STREET, Cells
from onboarding.record import Findings, RosterRow
from onboarding.row_rules.birthplaces import codes_named
from onboarding.row_rules.lengths import ADDRESS_LENGTH, shortened

_EMAIL: Final = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)
_POSTAL_CODE: Final = re.compile(r"\d{5}")
_PHONE: Final = re.compile(r"\+?\d{6,15}")
_SEPARATORS: Final = re.compile(r"[\s./\-()]+")
LONGEST_EMAIL: Final = 254


def read_contacts(cells: Cells, row: RosterRow, findings: Findings) -> None:
    """What cannot be used is dropped from the record and told; the file keeps it."""
    street = f"{cells[STREET].strip()} {cells[HOUSE_NUMBER].strip()}"
    row.address = shortened(street, ADDRESS_LENGTH, "INDIRIZZO", findings)
    codes = codes_named(cells[RESIDENCE].strip())
    row.residence_code = next(iter(codes)) if len(codes) == 1 else ""
    _read_postal_code(cells[POSTAL_CODE].strip(), row, findings)
    _read_phone(cells[PHONE].strip(), row, findings)
    _read_email(cells[EMAIL].strip(), row, findings)


def _read_postal_code(written: str, row: RosterRow, findings: Findings) -> None:
    if not written or _POSTAL_CODE.fullmatch(written):
        row.postal_code = written
    else:
        findings.note("postal_code_invalid")


def _read_phone(written: str, row: RosterRow, findings: Findings) -> None:
    """Italian landlines begin with 0, mobiles with 3: other digits are a landline whose zero a spreadsheet dropped."""
    number = _SEPARATORS.sub("", written)
    if not number:
        return
    if _PHONE.fullmatch(number) is None:
        findings.note("phone_invalid")
    elif number[0] in "03+":
        row.phone = number
    else:
        row.phone = f"0{number}"
        findings.note("phone_leading_zero_lost")


def _read_email(written: str, row: RosterRow, findings: Findings) -> None:
    if not written:
        return
    if len(written) <= LONGEST_EMAIL and _EMAIL.fullmatch(written):
        row.email = written.lower()
    else:
        findings.note("email_invalid")
