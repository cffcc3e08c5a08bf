"""The child: names, sex, day and place of birth, each against the fiscal code."""

from datetime import date
from typing import Final

from onboarding.layout import (
    BIRTH_DATE,
    BIRTH_PROVINCE,
    BIRTHPLACE,
    FAMILY_NAME,
    FISCAL_CODE,
    GIVEN_NAME,
    SEX,
    Cells,
)
from onboarding.record import Findings, Known, RosterRow
from onboarding.row_rules.birthplaces import codes_named
from onboarding.row_rules.dates import read_date
from onboarding.row_rules.fiscal_codes import ReadCode, read_code
from onboarding.row_rules.lengths import NAME_LENGTH, shortened
from sportello.kernel.fiscal_code import FiscalCode, InvalidFiscalCode

OLDEST: Final = 20
_DEFECTS: Final = {
    "missing": "cf_missing",
    "provisional": "provisional_numeric_cf",
    "check_digit": "cf_check_digit",
    "malformed": "cf_malformed",
}


def read_child(cells: Cells, row: RosterRow, findings: Findings, known: Known) -> None:
    """Fill the child's part of the record; what disagrees with a valid code is suggested from the code."""
    read = read_code(cells[FISCAL_CODE])
    row.child_fiscal_code = read.written
    row.child_family_name = shortened(cells[FAMILY_NAME], NAME_LENGTH, "COGNOME", findings)
    row.child_given_name = shortened(cells[GIVEN_NAME], NAME_LENGTH, "NOME", findings)
    if not (row.child_family_name and row.child_given_name):
        findings.note("name_missing")
    if read.defect:
        findings.note(_DEFECTS[read.defect])
    elif read.repaired:
        findings.note("cf_case_or_space")
    if read.code is not None and read.code.is_omocode:
        findings.note("info_omocode")
    _read_names(row, findings, read.code)
    _read_sex(cells[SEX].strip().upper(), row, findings, read.code)
    _read_birth_date(cells[BIRTH_DATE].strip(), row, findings, read.code, known.today)
    _read_birthplace(cells, row, findings, read.code)
    if read.defect in {"missing", "check_digit"}:
        _suggest_code(row, findings, read)


def _read_names(row: RosterRow, findings: Findings, code: FiscalCode | None) -> None:
    """Names that only agree with the code the other way round were swapped: a certain repair."""
    family, given = row.child_family_name, row.child_given_name
    if code is None or not (family and given) or code.matches_name(last_name=family, first_name=given):
        return
    if code.matches_name(last_name=given, first_name=family):
        row.child_family_name, row.child_given_name = given, family
        findings.note("name_surname_swapped")
    else:
        findings.note("name_vs_cf")


def _read_sex(written: str, row: RosterRow, findings: Findings, code: FiscalCode | None) -> None:
    if written not in {"F", "M", ""}:
        findings.note("sex_unreadable")
        return
    row.child_sex = written
    told = code.sex if code is not None else None
    if told is None or written == told:
        return
    if written:
        findings.note("sex_vs_cf")
        findings.suggest("SESSO", told)
    else:
        row.child_sex = told
        findings.note("sex_missing")


def _read_birth_date(written: str, row: RosterRow, findings: Findings, code: FiscalCode | None, today: date) -> None:
    born, italian = read_date(written)
    told = code.birth_date(today=today) if code is not None else None
    if born is None:
        findings.note("birth_date_unreadable")
    elif born > today:
        findings.note("birth_date_in_future")
    elif told is not None and born != told:
        findings.note("birth_date_vs_cf")
    else:
        if not italian:
            findings.note("birth_date_format")
        if today.year - born.year > OLDEST:
            findings.note("age_not_plausible")
        row.child_birth_date = born
        return
    if told is not None:
        findings.suggest("DATA_NASCITA", f"{told:%d/%m/%Y}")


def _read_birthplace(cells: Cells, row: RosterRow, findings: Findings, code: FiscalCode | None) -> None:
    """The code rules; a name is doubted only when the registry knows it and never gave it that code."""
    named = codes_named(cells[BIRTHPLACE].strip(), cells[BIRTH_PROVINCE].strip())
    told = code.birthplace_code if code is not None else None
    if told is None:
        row.child_birthplace = next(iter(named)) if len(named) == 1 else ""
        return
    row.child_birthplace = told
    if named and told not in named:
        findings.note("birthplace_vs_cf")


def _suggest_code(row: RosterRow, findings: Findings, read: ReadCode) -> None:
    """The code the other cells make up; for a mistyped one only when nothing but its last letter differs."""
    if not (row.child_sex and row.child_birth_date and row.child_birthplace and row.child_family_name):
        return
    try:
        made = FiscalCode.compute(
            last_name=row.child_family_name,
            first_name=row.child_given_name,
            sex="F" if row.child_sex == "F" else "M",
            birth_date=row.child_birth_date,
            birthplace_code=row.child_birthplace,
        )
    except InvalidFiscalCode:
        return
    if not read.written or read.written[:15] == made.value[:15]:
        findings.suggest("COD_FISCALE", made.value)
