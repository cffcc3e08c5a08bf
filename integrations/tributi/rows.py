"""One row of a tax file: what it says of whom, and whether it can be trusted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from integrations.tributi import values
from integrations.tributi.mapping import Format, Layout
from integrations.tributi.types import Reason, Tax, Verdict
from sportello.kernel.fiscal_code import FiscalCode, InvalidFiscalCode

YEARS: Final = range(1993, 2100)
COMPANY_LENGTH: Final = 11


class RowVerdict(StrEnum):
    """What happens to a row."""

    NOT_DATA = "not_data"
    GOOD = "good"
    FIX = "fix"
    REVIEW = "review"
    REJECT = "reject"
    DUPLICATE = "duplicate"
    CONTROL = "control"


REJECTS: Final = frozenset({"columns_shifted", "amount_not_numeric", "too_short"})
REVIEWS: Final = frozenset(
    {"impossible_date", "cf_check_digit", "abolished_tax", "tax_unknown", "progressive_conflict"}
)
FIXES: Final = frozenset({"trailing_spaces_trimmed", "tab_in_filler"})


@dataclass(frozen=True, slots=True)
class Duty:
    """A tax of a year of a person. It lives while the file is read; only the verdict that follows is ever kept."""

    progressive: int
    fiscal_code: str
    tax: Tax | str
    year: int
    due_cents: int
    paid_cents: int
    paid_on: date | None
    instalments: bool

    @property
    def verdict(self) -> Verdict:
        """In arrears is who paid less than was due, without a plan of instalments."""
        return Verdict.IN_ARREARS if self.paid_cents < self.due_cents and not self.instalments else Verdict.REGULAR

    @property
    def reason(self) -> Reason:
        """Why it is so."""
        if self.verdict is Verdict.IN_ARREARS:
            return Reason.UNPAID
        return Reason.INSTALMENTS if self.paid_cents < self.due_cents else Reason.PAID

    def __repr__(self) -> str:
        return f"Duty({self.progressive})"


@dataclass(frozen=True, slots=True)
class ReadRow:
    """The outcome for one line. `fiscal_code` is there whenever it could be read: also for rows left out."""

    line: int
    verdict: RowVerdict
    defects: tuple[str, ...] = ()
    duty: Duty | None = None
    fiscal_code: str = ""
    due_cents: int | None = None
    paid_cents: int | None = None

    def __repr__(self) -> str:
        return f"ReadRow({self.line}, {self.verdict})"


@dataclass(slots=True)
class _Reading:
    """What is known of a row while its cells are read."""

    cells: Mapping[str, str]
    forms: Mapping[str, Format]
    defects: list[str] = field(default_factory=list)

    def cell(self, name: str) -> str:
        return self.cells.get(name, "").strip()

    def amount(self, name: str) -> int | None:
        try:
            return values.cents(self.cell(name), self.forms[name])
        except values.NoNumber:
            return None


def read_row(
    line: int, cells: Mapping[str, str], forms: Mapping[str, Format], layout: Layout, *, comune: str, found: list[str]
) -> ReadRow:
    """Judges the cells of a detail row. `comune` is the code every row must carry; `found` are defects of the line."""
    row = _Reading(cells, forms, list(found))
    code = row.cell("fiscal_code").upper()
    if "comune" in cells and comune and row.cell("comune").upper() != comune:
        row.defects.append("columns_shifted")
        return _outcome(line, row, "")
    due, paid = row.amount("due"), row.amount("paid")
    if due is None or paid is None:
        row.defects.append("amount_not_numeric")
        return _outcome(line, row, code, amounts=(due, paid))
    _note_oddities(row, code, due, paid)
    duty = Duty(
        progressive=_number(row, "progressive"),
        fiscal_code=code,
        tax=_tax(row, layout),
        year=_number(row, "year"),
        due_cents=due,
        paid_cents=paid,
        paid_on=_paid_on(row),
        instalments=row.cell("instalments").upper() in layout.yes,
    )
    return _outcome(line, row, code, duty=duty, amounts=(due, paid))


def _note_oddities(row: _Reading, code: str, due: int, paid: int) -> None:
    if len(code) == COMPANY_LENGTH and code.isdigit():
        row.defects.append("info_company")
    elif not _is_code(code):
        row.defects.append("cf_check_digit")
    if paid > due:
        row.defects.append("info_overpaid")


def _is_code(text: str) -> bool:
    try:
        FiscalCode.parse(text)
    except InvalidFiscalCode:
        return False
    return True


def _number(row: _Reading, name: str) -> int:
    try:
        return values.number(row.cell(name))
    except values.NoNumber:
        return 0


def _tax(row: _Reading, layout: Layout) -> Tax | str:
    said = values.tax(row.cell("tax"), layout.taxes)
    if said == values.ABOLISHED:
        row.defects.append("abolished_tax")
    elif not said:
        row.defects.append("tax_unknown")
    return said if isinstance(said, Tax) else row.cell("tax").upper()


def _paid_on(row: _Reading) -> date | None:
    if "paid_on" not in row.forms:
        return None
    try:
        return values.day(row.cell("paid_on"), row.forms["paid_on"])
    except values.NoDate:
        row.defects.append("impossible_date")
        return None


def _outcome(
    line: int,
    row: _Reading,
    code: str,
    *,
    duty: Duty | None = None,
    amounts: tuple[int | None, int | None] = (None, None),
) -> ReadRow:
    return ReadRow(line, worst(row.defects), tuple(row.defects), duty, code, *amounts)


def worst(defects: list[str]) -> RowVerdict:
    """The gravest verdict among the defects of a row."""
    held = set(defects)
    if held & REJECTS:
        return RowVerdict.REJECT
    if held & REVIEWS:
        return RowVerdict.REVIEW
    return RowVerdict.FIX if held & FIXES else RowVerdict.GOOD
