"""Who pays: an adult, other than the child, with a valid fiscal code."""

from typing import Final

from onboarding.layout import PAYER_FAMILY_NAME, PAYER_FISCAL_CODE, PAYER_GIVEN_NAME, Cells
from onboarding.record import Findings, Known, RosterRow
from onboarding.row_rules.fiscal_codes import read_code
from onboarding.row_rules.lengths import NAME_LENGTH, shortened
from sportello.kernel.fiscal_code import FiscalCode

YOUNGEST: Final = 16
_DEFECTS: Final = {
    "missing": "payer_missing",
    "provisional": "payer_provisional_cf",
    "check_digit": "payer_cf_check_digit",
    "malformed": "payer_cf_malformed",
}


def read_payer(cells: Cells, row: RosterRow, findings: Findings, known: Known) -> None:
    """Fill the payer's part of the record; sex, day and place of birth are those of the code."""
    row.payer_family_name = shortened(cells[PAYER_FAMILY_NAME], NAME_LENGTH, "COGNOME_PAG", findings)
    row.payer_given_name = shortened(cells[PAYER_GIVEN_NAME], NAME_LENGTH, "NOME_PAG", findings)
    read = read_code(cells[PAYER_FISCAL_CODE])
    row.payer_fiscal_code = read.written
    if read.written and read.written == row.child_fiscal_code:
        findings.note("payer_cf_equals_child_cf")
        return
    if read.defect:
        findings.note(_DEFECTS[read.defect])
        return
    if not (row.payer_family_name and row.payer_given_name):
        findings.note("payer_missing")
        return
    if read.repaired:
        findings.note("payer_cf_case_or_space")
    if read.code is not None:
        _read_person(row, findings, read.code, known)


def _read_person(row: RosterRow, findings: Findings, code: FiscalCode, known: Known) -> None:
    row.payer_sex = code.sex or ""
    row.payer_birthplace = code.birthplace_code or ""
    row.payer_birth_date = code.birth_date(today=known.today)
    if row.payer_birth_date is None or known.today.year - row.payer_birth_date.year < YOUNGEST:
        # Two digits of the year: somebody of 2026 reads as born in 2026, and cannot be a payer.
        findings.note("payer_too_young")
    family, given = row.payer_family_name, row.payer_given_name
    if code.matches_name(last_name=family, first_name=given):
        return
    if code.matches_name(last_name=given, first_name=family):
        row.payer_family_name, row.payer_given_name = given, family
        findings.note("payer_name_surname_swapped")
    else:
        findings.note("payer_name_vs_cf")
