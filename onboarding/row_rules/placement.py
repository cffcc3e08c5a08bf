"""The child's number in the old back office, its school and class, its diet."""

import re
from typing import Final

from onboarding.layout import CLASS_YEAR, DIET, LEGACY_ID, SCHOOL_CODE, SECTION, Cells
from onboarding.record import Findings, Known, RosterRow
from onboarding.row_rules.lengths import LEGACY_ID_LENGTH, shortened
from sportello.schools.advancing import CLASSES

LEGACY_DIGITS: Final = 6
LONGEST_LETTER: Final = 4
DIETS: Final = {
    "": ("", ""),
    "CEL": ("medical", "celiac"),
    "ALL. UOVO": ("medical", "egg_allergy"),
    "NO MAIALE": ("ethical_religious", "no_pork"),
    "VEG": ("ethical_religious", "vegetarian"),
}
_CLASS: Final = re.compile(r"[1-5]")


def read_legacy_id(cells: Cells, row: RosterRow, findings: Findings) -> None:
    """Numbers have six digits; a spreadsheet that takes them for amounts drops the zeros before them."""
    written = shortened(cells[LEGACY_ID], LEGACY_ID_LENGTH, "MATRICOLA", findings)
    if not written:
        findings.note("legacy_id_missing")
    elif len(written) < LEGACY_DIGITS and written.isascii() and written.isdigit():
        findings.note("leading_zeros_lost")
        written = written.zfill(LEGACY_DIGITS)
    row.legacy_id = written


def read_placement(cells: Cells, row: RosterRow, findings: Findings, known: Known) -> None:
    """The school must be one of the Comune's, the class one that its level has."""
    school, year, letter = cells[SCHOOL_CODE].strip().upper(), cells[CLASS_YEAR].strip(), cells[SECTION].strip().upper()
    level = known.schools.get(school)
    if level is None:
        findings.note("school_code_unknown", school[:10])
    else:
        row.school_code = school
    if not year:
        findings.note("class_missing")
    elif _CLASS.fullmatch(year) is None:
        findings.note("class_unreadable", year[:20])
    else:
        row.class_year = int(year)
        if level is not None and row.class_year > CLASSES.get(level, 5):
            findings.note("class_vs_level", year)
    if letter:
        row.section = letter[:LONGEST_LETTER]
        if len(letter) > LONGEST_LETTER:
            findings.note("text_too_long", "SEZ")
    else:
        findings.note("section_missing")


def read_diet(cells: Cells, row: RosterRow, findings: Findings) -> None:
    """Empty is the menu of everybody; an unknown word is never guessed: a wrong menu may harm."""
    written = cells[DIET].strip().upper()
    diet = DIETS.get(written)
    if diet is None:
        findings.note("diet_unknown", written[:40])
    else:
        row.diet_kind, row.diet_code = diet
