"""A position of the local taxes: who, which tax and year, what is due, what was paid."""

import re
from typing import Final

from onboarding.judging.line import Line
from onboarding.judging.plan import Plan
from onboarding.judging.themes.people import checked_name
from onboarding.judging.themes.ride import read_day, read_due
from onboarding.judging.words.amounts import cents_of, euro
from onboarding.judging.words.answers import read_yes_no
from onboarding.judging.words.codes import read_code
from onboarding.judging.words.names import agrees, name
from sportello.kernel.fiscal_code import FiscalCode

ABOLISHED: Final = {"ICI": 2012, "TARSU": 2013, "TIA": 2013, "TARES": 2014, "TASI": 2020}
"""Taxes that ended, and the first year without them (D.L. 201/2011; L. 147/2013; L. 160/2019)."""
_TAX: Final = re.compile(r"[A-Z][A-Z ./_-]*")
_BELFIORE: Final = re.compile(r"[A-Z]\d{3}")
OLDEST_YEAR: Final = 1990
_DEFECTS: Final = {"missing": "cf_missing", "check_digit": "cf_check_digit", "malformed": "cf_malformed"}


def read_position(line: Line, plan: Plan) -> None:
    """All of the position, each part where the file has it; what is owed follows from due and paid."""
    if plan.has("fiscal_code"):
        _read_subject(line, plan)
    else:
        _read_names(line, plan, None)
    if plan.has("year"):
        _read_year(line, plan)
    if plan.has("tax"):
        _read_tax(line)
    for field in ("due", "paid"):
        if plan.has(field):
            read_due(line, plan, field)
    if plan.has("last_payment"):
        read_day(line, plan, "last_payment")
    if plan.has("instalments"):
        line.record["instalments"] = read_yes_no(line.texts["instalments"])
        if line.record["instalments"] is None:
            line.note("yes_no_unreadable", "instalments", line.texts["instalments"][:20])
    _derive(line)
    _check_municipality(line, plan)


def _read_subject(line: Line, plan: Plan) -> None:
    """Eleven digits are a company here: a person who pays taxes has left the provisional code behind."""
    read = read_code(line.texts["fiscal_code"])
    company = read.defect == "provisional"
    line.record["subject_kind"] = "company" if company else "person"
    line.record["fiscal_code"] = read.written or None
    if company:
        line.note("info_company", "fiscal_code")
    elif read.defect:
        line.note(_DEFECTS[read.defect], "fiscal_code")
    elif read.repaired:
        line.note("cf_case_or_space", "fiscal_code")
    if read.code is not None and read.code.is_omocode:
        line.note("info_omocode", "fiscal_code")
    _read_names(line, plan, read.code)
    if read.defect == "check_digit" and read.meant is not None and _named(line, read.meant):
        line.suggest("fiscal_code", read.meant.value)


def _read_names(line: Line, plan: Plan, code: FiscalCode | None) -> None:
    if not plan.has("surname_or_name"):
        return
    company = line.record.get("subject_kind") == "company"
    family = name(line.shortened("surname_or_name", 160)) if company else checked_name(line, "surname_or_name")
    given = checked_name(line, "given_name") if plan.has("given_name") else ""
    line.record["surname_or_name"], line.record["given_name"] = family or None, given or None
    if not family:
        line.note("name_missing", "surname_or_name")
    elif code is None or not given or agrees(code, family, given):
        return
    elif agrees(code, given, family):
        line.record["surname_or_name"], line.record["given_name"] = given, family
        line.note("name_surname_swapped", "surname_or_name")
    else:
        line.note("name_vs_cf", "surname_or_name")


def _named(line: Line, code: FiscalCode) -> bool:
    return agrees(code, str(line.record.get("surname_or_name")), str(line.record.get("given_name")))


def _read_year(line: Line, plan: Plan) -> None:
    written = line.texts["year"]
    year = int(written) if written.isascii() and written.isdigit() else 0
    good = OLDEST_YEAR <= year <= plan.known.today.year + 1
    line.record["year"] = year if good else None
    if not good:
        line.note("year_wrong" if written else "year_missing", "year", written[:10])


def _read_tax(line: Line) -> None:
    tax, year = line.texts["tax"].upper(), line.record.get("year")
    line.record["tax"] = tax or None
    if not tax:
        line.note("tax_missing", "tax")
    elif _TAX.fullmatch(tax) is None:
        line.note("tax_unknown", "tax", tax[:20])
    elif tax in ABOLISHED and isinstance(year, int) and year >= ABOLISHED[tax]:
        line.note("abolished_tax", "tax", tax)


def _derive(line: Line) -> None:
    due, paid = line.record.get("due"), line.record.get("paid")
    if not (isinstance(due, str) and isinstance(paid, str)):
        return
    owed = cents_of(due) - cents_of(paid)
    line.record["balance"] = euro(owed)
    line.record["in_arrears"] = owed > 0 and not line.record.get("instalments")
    if owed < 0:
        line.note("info_overpaid", "paid")


def _check_municipality(line: Line, plan: Plan) -> None:
    written = line.texts.get("municipality", "").upper()
    ours = plan.known.municipality or plan.mapping.municipality
    if ours and _BELFIORE.fullmatch(written) and written != ours:
        line.note("other_municipality", "municipality", written)
