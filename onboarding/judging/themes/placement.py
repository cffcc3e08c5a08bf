"""The child's number in the old back office, its school, class and section."""

from typing import Final

from onboarding.judging.line import Line
from onboarding.judging.plan import Plan
from onboarding.judging.words.classes import LONGEST_LETTER, read_class, read_class_and_section, read_section
from onboarding.judging.words.schools import MIM_CODE, plain_name
from sportello.schools.advancing import CLASSES

LEGACY_ID_LENGTH: Final = 40


def read_legacy_id(line: Line, plan: Plan) -> None:
    """A spreadsheet that takes numbers for amounts drops the zeros before them; the column says how many digits."""
    written, digits = line.shortened("legacy_id", LEGACY_ID_LENGTH), plan.columns["legacy_id"].digits
    if not written:
        line.note("legacy_id_missing", "legacy_id")
    elif len(written) < digits and written.isascii() and written.isdigit():
        line.note("leading_zeros_lost", "legacy_id")
        written = written.zfill(digits)
    line.record["legacy_id"] = written or None


def read_school(line: Line, plan: Plan) -> None:
    """The school must be one of the Comune's: by its code, by the mapping's value table, or by its own name."""
    written = line.texts["school_code"]
    code, known = written.upper(), plan.known
    line.record["school_code"] = None
    if code in known.schools or (not known.schools and MIM_CODE.fullmatch(code)):
        line.record["school_code"] = code
    elif (
        named := known.school_names.get(written.casefold()) or known.school_names.get(plain_name(written))
    ) is not None:
        line.record["school_code"] = named
    elif written:
        line.note("school_code_unknown", "school_code", written[:40])
    else:
        line.note("school_missing", "school_code")


def read_placement(line: Line, plan: Plan) -> None:
    """Class and section, in one column or two; the class must be one that the level of the school has."""
    if plan.has("class_and_section"):
        _read_together(line)
    if plan.has("class_year"):
        _read_class(line)
    if plan.has("section"):
        _read_section(line)
    level = plan.known.schools.get(str(line.record.get("school_code")), "")
    year = line.record.get("class_year")
    if isinstance(year, int) and level and year > CLASSES.get(level, 5):
        line.note("class_vs_level", _class_field(plan), str(year))


def _class_field(plan: Plan) -> str:
    return "class_year" if plan.has("class_year") else "class_and_section"


def _read_together(line: Line) -> None:
    written = line.texts["class_and_section"]
    found = read_class_and_section(written)
    line.record["class_year"], line.record["section"] = found if found is not None else (None, None)
    if found is not None:
        line.note("class_notation", "class_and_section")
    elif written:
        line.note("class_unreadable", "class_and_section", written[:20])
    else:
        line.note("class_missing", "class_and_section")


def _read_class(line: Line) -> None:
    """A class with its section beside it ("3B") is read where no other column says the section."""
    written = line.texts["class_year"]
    year = read_class(written)
    both = read_class_and_section(written) if year is None and written else None
    if both is not None and line.texts.get("section", both[1]).upper() in {"", both[1]}:
        year, line.record["section"] = both
    line.record["class_year"] = year
    if not written:
        line.note("class_missing", "class_year")
    elif year is None:
        line.note("class_unreadable", "class_year", written[:20])
    elif written != str(year):
        line.note("class_notation", "class_year")


def _read_section(line: Line) -> None:
    letter = read_section(line.texts["section"])
    if letter:
        line.record["section"] = letter[:LONGEST_LETTER]
        if len(letter) > LONGEST_LETTER:
            line.note("text_too_long", "section")
    elif not line.record.get("section"):
        line.record["section"] = None
        line.note("section_missing", "section")
