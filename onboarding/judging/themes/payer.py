"""Who pays: an adult, other than the child, with a valid fiscal code. And the parents that a school's sheet names."""

from typing import Final

from onboarding.judging.line import Line
from onboarding.judging.plan import Plan
from onboarding.judging.themes.people import checked_name, keep_parted, split_name
from onboarding.judging.words.codes import born, read_code
from onboarding.judging.words.names import agrees
from sportello.kernel.fiscal_code import FiscalCode

YOUNGEST: Final = 16
CODE: Final = "payer_fiscal_code"
NAMES: Final = ("payer_surname", "payer_given_name")
_DEFECTS: Final = {
    "missing": "payer_missing",
    "provisional": "payer_provisional_cf",
    "check_digit": "payer_cf_check_digit",
    "malformed": "payer_cf_malformed",
}


def read_payer(line: Line, plan: Plan) -> None:
    """Fill the payer's part of the record; sex, day and place of birth are those of the code."""
    code = _read_code(line, plan) if plan.has(CODE) else None
    if plan.has("payer_name") and plan.mapping.kind == "roster":
        split_name(line, plan, "payer", code)
    elif plan.has("payer_name"):
        full = checked_name(line, "payer_name")
        line.beside["payer_name"] = full or None
        if full and code is not None and not code.is_provisional:
            keep_parted(line, plan, "payer", full, code)
    elif plan.has(*NAMES):
        _read_names(line, plan, code)
    if code is not None:
        _read_age(line, plan, code)


def read_parents(line: Line, plan: Plan) -> None:
    """Father and mother by name; one of them alone is no defect."""
    found = [field for field in ("father_name", "mother_name") if plan.has(field)]
    for field in found:
        line.record[field] = checked_name(line, field) or None
    if len(found) == 2 and sum(line.record[field] is None for field in found) == 1:
        line.note("info_one_parent", found[0] if line.record[found[0]] is None else found[1])


def _read_code(line: Line, plan: Plan) -> FiscalCode | None:
    read = read_code(line.texts[CODE])
    line.record[CODE] = read.written or None
    if read.written and read.written == line.record.get("child_fiscal_code"):
        line.record[CODE] = None
        line.note("payer_cf_equals_child_cf", CODE)
        return None
    if read.defect:
        line.note(_DEFECTS[read.defect], CODE)
        if read.meant is not None and _fits(line, plan, read.meant):
            line.suggest(CODE, read.meant.value)
    elif read.repaired:
        line.note("payer_cf_case_or_space", CODE)
    return read.code


def _fits(line: Line, plan: Plan, meant: FiscalCode) -> bool:
    return plan.has(*NAMES) and agrees(meant, *(line.texts.get(field, "").upper() for field in NAMES))


def _read_names(line: Line, plan: Plan, code: FiscalCode | None) -> None:
    there = [field for field in NAMES if plan.has(field)]
    for field in there:
        line.record[field] = checked_name(line, field) or None
    if code is None:
        return
    family, given = str(line.record.get(NAMES[0]) or ""), str(line.record.get(NAMES[1]) or "")
    if len(there) < len(NAMES):
        if not (family or given):
            line.note("payer_missing", there[0])
    elif not (family and given):
        line.note("payer_missing", NAMES[0])
    elif agrees(code, family, given):
        return
    elif agrees(code, given, family):
        line.record[NAMES[0]], line.record[NAMES[1]] = given, family
        line.note("payer_name_surname_swapped", NAMES[0])
    else:
        line.note("payer_name_vs_cf", NAMES[0])


def _read_age(line: Line, plan: Plan, code: FiscalCode) -> None:
    day = born(code, plan.known.today)
    if day is None or plan.known.today.year - day.year < YOUNGEST:
        # Two digits of the year: somebody of 2026 reads as born in 2026, and cannot be a payer.
        line.note("payer_too_young", CODE)
