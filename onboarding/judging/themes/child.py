"""The child: names, sex, day and place of birth, each against the fiscal code."""

import re
from typing import Final

from onboarding.judging.line import Line
from onboarding.judging.plan import Plan
from onboarding.judging.themes.people import checked_name, keep_parted, split_name
from onboarding.judging.words.answers import read_sex
from onboarding.judging.words.codes import ReadCode, read_code
from onboarding.judging.words.dates import Reading, readings
from onboarding.judging.words.names import agrees
from onboarding.judging.words.places import codes_named
from sportello.kernel.fiscal_code import FiscalCode, InvalidFiscalCode

OLDEST: Final = 20
_BOTH: Final = 2
ABROAD: Final = "EE"
CODE: Final = "child_fiscal_code"
_DEFECTS: Final = {
    "missing": "cf_missing",
    "provisional": "provisional_numeric_cf",
    "check_digit": "cf_check_digit",
    "malformed": "cf_malformed",
}
_BELFIORE: Final = re.compile(r"[A-Z]\d{3}")
_UNTOLD: Final = ReadCode(None, "", repaired=False, defect="")


def read_child(line: Line, plan: Plan) -> None:
    """Fill the child's part of the record; what disagrees with a valid code is suggested from the code."""
    read = _read_code(line, plan)
    line.child = read.code
    _read_names(line, plan, read.code or read.meant)
    if plan.mapping.kind != "roster":
        _told_by(line, plan, read.code)
        return
    _read_sex(line, plan, read.code)
    _read_birth_date(line, plan, read.code)
    _read_birthplace(line, read.code)
    if read.defect in {"missing", "check_digit"}:
        _suggest_code(line, read)


def _read_code(line: Line, plan: Plan) -> ReadCode:
    if not plan.has(CODE):
        return _UNTOLD
    read = read_code(line.texts[CODE])
    line.record[CODE] = read.written or None
    if read.defect:
        line.note(_DEFECTS[read.defect], CODE)
    elif read.repaired:
        line.note("cf_case_or_space", CODE)
    if read.code is not None and read.code.is_omocode:
        line.note("info_omocode", CODE)
    return read


def _read_names(line: Line, plan: Plan, code: FiscalCode | None) -> None:
    if plan.has("child_name"):
        if plan.mapping.kind == "roster":
            split_name(line, plan, "child", code)
        else:
            _check_name(line, plan, code)
        return
    there = [field for field in ("child_surname", "child_given_name") if plan.has(field)]
    for field in there:
        line.record[field] = checked_name(line, field) or None
    if not all(line.record[field] for field in there):
        line.note("name_missing", "child_surname")
    if len(there) == _BOTH:
        _compare_names(line, code)


def _compare_names(line: Line, code: FiscalCode | None) -> None:
    family, given = str(line.record["child_surname"] or ""), str(line.record["child_given_name"] or "")
    if code is None or not (family and given) or agrees(code, family, given):
        return
    if agrees(code, given, family):
        line.record["child_surname"], line.record["child_given_name"] = given, family
        line.note("name_surname_swapped", "child_surname")
    else:
        line.note("name_vs_cf", "child_surname")


def _check_name(line: Line, plan: Plan, code: FiscalCode | None) -> None:
    """A name that stays in one column must still be one that the code allows. What the code tells of somebody who may
    be new stands beside the record.
    """
    full = checked_name(line, "child_name")
    line.record["child_name"] = full or None
    words = full.split(" ")
    pairs = [(" ".join(words[:cut]), " ".join(words[cut:])) for cut in range(1, len(words))]
    if not full:
        line.note("name_missing", "child_name")
    elif code is not None and not any(agrees(code, *pair) or agrees(code, *pair[::-1]) for pair in pairs):
        line.note("name_vs_cf", "child_name")
    elif code is not None and not code.is_provisional:
        keep_parted(line, plan, "child", full, code)


def _told_by(line: Line, plan: Plan, code: FiscalCode | None) -> None:
    if code is None or code.is_provisional:
        return
    born = code.birth_date(today=plan.known.today)
    line.beside["sex"], line.beside["birth_place"] = code.sex, code.birthplace_code
    line.beside["birth_date"] = None if born is None else born.isoformat()


def _read_sex(line: Line, plan: Plan, code: FiscalCode | None) -> None:
    told = code.sex if code is not None else None
    if not plan.has("sex"):
        if plan.has(CODE):
            line.record["sex"] = told
        return
    written = read_sex(line.texts["sex"])
    line.record["sex"] = written or told
    if written is None:
        line.note("sex_unreadable", "sex")
    elif told is not None and not written:
        line.note("sex_missing", "sex")
    elif told is not None and written != told:
        line.note("sex_vs_cf", "sex")
        line.suggest("sex", told)


def _read_birth_date(line: Line, plan: Plan, code: FiscalCode | None) -> None:
    today = plan.known.today
    told = code.birth_date(today=today) if code is not None else None
    if not plan.has("birth_date"):
        if plan.has(CODE):
            line.record["birth_date"] = None if told is None else told.isoformat()
        return
    written, column = line.texts["birth_date"], plan.columns["birth_date"]
    found = readings(written, column.date_order, today.year)
    fitting = [reading for reading in found if told is None or reading.day == told]
    line.record["birth_date"] = None
    if not written and told is not None:
        line.record["birth_date"] = told.isoformat()
        line.note("birth_date_missing", "birth_date")
    elif fitting and fitting[0].day <= today and (told is not None or fitting[0].how != "excel_serial_date"):
        _keep(line, plan, fitting[0])
    else:
        in_future = bool(found) and found[0].day > today
        wrong = "birth_date_unreadable" if not found or told is None else "birth_date_vs_cf"
        line.note("birth_date_in_future" if in_future else wrong, "birth_date")
        likely = told or (found[0].day if found and not in_future else None)
        if likely is not None:
            line.suggest("birth_date", likely.isoformat())


def _keep(line: Line, plan: Plan, reading: Reading) -> None:
    line.record["birth_date"] = reading.day.isoformat()
    if reading.how != "plain" and not (reading.how == "birth_date_format" and plan.mapping.layout.form == "sheet"):
        line.note(reading.how, "birth_date")
    if plan.known.today.year - reading.day.year > OLDEST:
        line.note("age_not_plausible", "birth_date")


def _read_birthplace(line: Line, code: FiscalCode | None) -> None:
    """The code rules; a name is doubted only when the registry knows it and never gave it that code."""
    written, province = line.texts.get("birth_place", ""), line.texts.get("birth_province", "")
    named = frozenset({written}) if _BELFIORE.fullmatch(written) else codes_named(written, province)
    told = code.birthplace_code if code is not None else None
    if told is not None or "birth_place" in line.texts:
        line.record["birth_place"] = told or (next(iter(named)) if len(named) == 1 else None)
    if told is not None and named and told not in named:
        line.note("birthplace_vs_cf", "birth_place")
    abroad = told.startswith("Z") if told else province == ABROAD or (bool(named) and all(c[0] == "Z" for c in named))
    if abroad:
        line.note("info_foreign_birth", "birth_place")


def _suggest_code(line: Line, read: ReadCode) -> None:
    """The code the other cells make up; for a mistyped one only when nothing but its last letter differs."""
    made = _made(line, read.meant)
    if made is not None and (not read.written or (read.meant is not None and made.value == read.meant.value)):
        line.suggest(CODE, made.value)


def _made(line: Line, meant: FiscalCode | None) -> FiscalCode | None:
    record = line.record
    family, given, born = record.get("child_surname"), record.get("child_given_name"), line.born()
    sex = record.get("sex") or (meant.sex if meant is not None else None)
    place = record.get("birth_place") or (meant.birthplace_code if meant is not None else None)
    if not (
        isinstance(family, str) and isinstance(given, str) and born and sex in {"F", "M"} and isinstance(place, str)
    ):
        return None
    try:
        return FiscalCode.compute(
            last_name=family, first_name=given, sex="F" if sex == "F" else "M", birth_date=born, birthplace_code=place
        )
    except InvalidFiscalCode:
        return None
