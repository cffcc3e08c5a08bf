"""Whether the cells of a line stand where their columns are; what is wrong when they do not."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from onboarding.fields import Reader
from onboarding.judging.plan import Cells, Plan
from onboarding.judging.types import Defect
from onboarding.judging.words.amounts import read_amount
from onboarding.judging.words.answers import read_yes_no
from onboarding.mapping.structs import Column
from onboarding.sources.types import SourceRow

type Widths = Callable[[SourceRow], tuple[Cells, list[Defect]]]
type Belongs = Callable[[str], object]
"""Whether a text, blanks around it left out, is of the kind that stands in a column."""

_CLASSES: Final[dict[Reader, re.Pattern[str]]] = {
    "amount": re.compile(r"[+-]?\d+(?:[.,]\d+)?[+-]?|"),
    "count": re.compile(r"\d+|"),
    "year": re.compile(r"\d{2}|\d{4}|"),
    "date": re.compile(r"[\d/.\-]{6,10}|"),
    "month": re.compile(r"\d{1,2}|[^\W\d_]{3,9}|"),
    "tax": re.compile(r"[^\W\d_][^\W\d_ .]*|"),
    "postal_code": re.compile(r"\d{5}|"),
    "fiscal_code": re.compile(r"\w{16}|\d{11}|"),
    "tax_subject": re.compile(r"\w{16}|\d{11}|"),
    "line_number": re.compile(r"\d+"),
}
_CODE: Final = re.compile(r"[A-Z]{6}[\dLMNP-V]{2}[A-Z][\dLMNP-V]{2}[A-Z][\dLMNP-V]{3}[A-Z]|\d{11}|", re.IGNORECASE)
_DAY: Final = r"(?:0[1-9]|[12]\d|3[01])"
_MONTH: Final = r"(?:0[1-9]|1[0-2])"
_HARD: Final[dict[Reader, re.Pattern[str]]] = {
    "fiscal_code": _CODE,
    "tax_subject": _CODE,
    "year": re.compile(r"(?:19[89]|20[0-6])\d|\d{2}|0*"),
    "date": re.compile(rf"{_DAY}\D?{_MONTH}\D?(?:19|20)?\d\d|(?:19|20)\d\d\D?{_MONTH}\D?{_DAY}|0*"),
}
"""Classes that characters in the wrong place hardly ever meet; a day that no calendar has is still a day."""
_TERRITORY: Final = re.compile(r"[A-Z]\d{3}|")
SHIFTS: Final = (-1, -2, -3, -4, 1, 2, 3, 4)
ENOUGH: Final = 2


def delimited_widths(plan: Plan) -> Widths:
    """Too many or too few cells: where they stand cannot be known. A birth abroad is still told."""
    width, sheet = plan.cells, plan.mapping.layout.form == "sheet"
    province, note = plan.columns.get("birth_province"), plan.columns.get("note")
    last_is_note = note is not None and note.place == width
    needed = max(column.place for column in plan.mapping.columns if column.field)

    habit = _TrailingSeparators()

    def check(row: SourceRow) -> tuple[Cells, list[Defect]]:
        count = len(row.cells)
        if count == width:
            habit.exact = True
            return row.cells, []
        if count < width and sheet:
            return (*row.cells, *[""] * (width - count)), []
        if count > width and (sheet or not habit.exact) and not any(map(str.strip, row.cells[width:])):
            return row.cells[:width], []
        if count < width:
            wrong = "columns_missing"
        else:
            wrong = "separator_in_note" if last_is_note else "unquoted_separator_shifts_columns"
        found = [Defect(wrong, "", str(count))]
        if province is not None and count >= province.place and row.cells[province.place - 1].strip() == "EE":
            found.insert(0, Defect("info_foreign_birth", "birth_place"))
        return (*row.cells[:width], *[""] * (max(width, needed) - count)), found

    return check


class _TrailingSeparators:
    """Some programs end each line with a separator: until a line without one is seen, an empty last cell is theirs."""

    exact = False


@dataclass(frozen=True, slots=True)
class _Places:
    """What is looked at in each line of fixed width: by number of the column, and where the days stand."""

    kinds: list[tuple[int, Belongs]]
    hard: list[tuple[int, re.Pattern[str]]]
    amounts: frozenset[int]
    days: list[slice]
    read: list[int]

    @classmethod
    def of(cls, plan: Plan) -> "_Places":
        columns = list(enumerate(plan.mapping.columns))
        reader = {number: plan.readers[column.field] for number, column in columns if column.field}
        return cls(
            kinds=[(number, kind) for number, kind in enumerate(kinds_of(plan)) if kind is not None],
            hard=[(number, _HARD[read]) for number, read in reader.items() if read in _HARD],
            amounts=frozenset(number for number, read in reader.items() if read in {"amount", "count"}),
            days=[
                slice(one.place - 1, one.place - 1 + one.width)
                for number, one in columns
                if reader.get(number) == "date"
            ],
            read=list(reader),
        )


def fixed_widths(plan: Plan) -> Widths:
    """Digits where digits belong: one column alone may be wrong, several mean that the line has shifted."""
    columns, places = plan.mapping.columns, _Places.of(plan)
    full, told_by_theme = plan.mapping.layout.width, plan.mapping.kind == "roster"
    ends = max(column.place + column.width - 1 for column in columns if column.field)

    def check(row: SourceRow) -> tuple[Cells, list[Defect]]:
        length, text = len(row.raw), row.raw
        found: list[Defect] = []
        if (length < ends and len(text.rstrip()) < length) or (full and length > full and text[full:].strip()):
            return row.cells, [Defect("columns_shifted")]
        if length < ends or len(row.cells) < len(columns):  # a workbook has cells of its own
            return row.cells, [Defect("columns_missing", "", str(length))]
        if full and length < full:
            found.append(Defect("trailing_spaces_trimmed"))
        cells = row.cells
        wrong = {number for number, belongs in places.kinds if not belongs(cells[number].strip())}
        amounts = wrong & places.amounts
        hard = sum(shape.fullmatch(cells[number].strip()) is None for number, shape in places.hard)
        tabs = "\t" in text and not any("\t" in cells[number] for number in places.read)
        moved = max(len(wrong) - len(amounts), hard + len(amounts)) >= ENOUGH or any(
            _cut_through(text[day].strip(), day) for day in places.days
        )
        if moved or ("\t" in text and not tabs):
            return cells, [*found, Defect("columns_shifted")]
        if amounts and not told_by_theme:
            return cells, [*found, Defect("amount_not_numeric", columns[min(amounts)].field)]
        if tabs:
            found.append(Defect("tab_in_filler"))
        return cells, found

    return check


def _cut_through(written: str, day: slice) -> bool:
    """Whether a date begins before its column or ends after it."""
    return 0 < len(written) < day.stop - day.start and written.isdigit()


def kinds_of(plan: Plan) -> list[Belongs | None]:
    """What each column of the mapping lets in; None lets in anything."""
    return [_kind_of(column, plan.readers[column.field]) if column.field else None for column in plan.mapping.columns]


def _kind_of(column: Column, reader: Reader) -> Belongs | None:
    shape = _TERRITORY if column.field == "municipality" else _CLASSES.get(reader)
    if shape is None and reader != "yes_no":
        return None
    written = {text.strip().casefold() for text in column.values}
    in_euro = reader == "amount" and column.decimal and column.unit == "euro"

    def belongs(text: str) -> bool:
        if reader == "yes_no" and read_yes_no(text) is not None:
            return True
        if shape is not None and shape.fullmatch(text):
            return True
        if in_euro and read_amount(text).cents is not None:  # thousands have their sign, the euro too
            return True
        return text.casefold() in written

    return belongs


def recut(columns: Sequence[Column], raw: str, kinds: Sequence[Belongs | None]) -> list[str] | None:
    """The cells of a line that lost or gained a few characters: where all that follows stands again; else None.

    Only for sums of control: what was lost is not known, so the line itself stays unread. Columns are looked at from
    the end of the line: the first that does not fit says that the shift is another, which costs less than a good line.
    """
    straight = [_cut(column, raw, 0) for column in columns]
    first = next((at for at, text in enumerate(straight) if not _lets_in(kinds[at], text)), len(columns))
    last = min(first, len(columns) - 1)
    for shift in SHIFTS:
        start = len(columns)
        while start > 1 and _lets_in(kinds[start - 1], _cut(columns[start - 1], raw, shift)):
            start -= 1
        if start <= last:
            return [*straight[:start], *(_cut(column, raw, shift) for column in columns[start:])]
    return None


def _cut(column: Column, raw: str, shift: int) -> str:
    return raw[max(column.place - 1 + shift, 0) :][: column.width].strip()


def _lets_in(belongs: Belongs | None, text: str) -> bool:
    return belongs is None or bool(belongs(text))
