"""The rules of a roster row: pure, total, and each defect of a row told at once.

Nothing here reads a database or a clock. Comparing rows with one another is the business of `cross_checks`.
"""

import re
from typing import Final

from onboarding.defects import worst
from onboarding.layout import BIRTH_PROVINCE, CellReader, Cells, UnbalancedQuotes, split_cells
from onboarding.record import Defect, Findings, Judged, Known, RosterRow, Verdict
from onboarding.row_rules.child import read_child
from onboarding.row_rules.contacts import read_contacts
from onboarding.row_rules.money import read_balance, read_isee
from onboarding.row_rules.payer import read_payer
from onboarding.row_rules.placement import read_diet, read_legacy_id, read_placement

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
ABROAD: Final = "EE"


def judge_line(line: str, *, width: int, order: CellReader, known: Known) -> Judged:
    """The verdict on one physical line of a file whose header has `width` columns."""
    try:
        cells = split_cells(line)
    except UnbalancedQuotes:
        return _rejected(Defect("quotes_unbalanced"))
    if len(cells) != width:
        return _wrong_width(cells, width)
    if _CONTROL.search(line):
        return _rejected(Defect("control_characters"))
    return _judge(order(cells), known)


def _judge(cells: Cells, known: Known) -> Judged:
    findings, row = Findings(), RosterRow()
    if cells[BIRTH_PROVINCE].strip() == ABROAD:
        findings.note("info_foreign_birth")
    read_child(cells, row, findings, known)
    read_legacy_id(cells, row, findings)
    read_placement(cells, row, findings, known)
    read_diet(cells, row, findings)
    read_isee(cells, row, findings)
    read_balance(cells, row, findings)
    read_payer(cells, row, findings, known)
    read_contacts(cells, row, findings)
    return Judged(worst(findings.defects), findings.defects, row, findings.suggestion)


def _wrong_width(cells: list[str], width: int) -> Judged:
    """Too many or too few cells. A birth abroad is still told: its column stands before those that shift."""
    found = [Defect("info_foreign_birth")] if len(cells) > BIRTH_PROVINCE and cells[BIRTH_PROVINCE] == ABROAD else []
    code = "unquoted_separator_shifts_columns" if len(cells) > width else "columns_missing"
    return _rejected(*found, Defect(code, str(len(cells))))


def _rejected(*defects: Defect) -> Judged:
    return Judged(Verdict.REJECT, list(defects), None, {})
