"""The sums that a file declares of itself, against what was counted: lines of totals and records of a trailer."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from onboarding.fields import Reader
from onboarding.judging.plan import Plan
from onboarding.judging.types import Defect, Judged, Record, Verdict
from onboarding.judging.widths import Belongs, kinds_of, recut
from onboarding.judging.words.amounts import cents_of, euro, read_amount
from onboarding.mapping.structs import Control
from onboarding.sources.types import SourceRow

type Key = tuple[str, str]
"""A field, and its part where it has several ("" else)."""

SUMMED: Final[frozenset[Reader]] = frozenset({"amount", "count"})
_NOT_DATA, _CONTROL = Verdict.NOT_DATA, Verdict.CONTROL


@dataclass(slots=True)
class Sums:
    """What was counted so far: cents or pieces by field; lines whose amount could not be read; lines of data.

    Repeated lines are left out, lines that cannot be loaded are not: the sender's program counted them.
    """

    plan: Plan
    totals: dict[Key, int] = field(default_factory=dict)
    unread: dict[str, int] = field(default_factory=dict)
    lines: int = 0
    at_last_total: dict[Key, int] = field(default_factory=dict)
    fields: tuple[str, ...] = ()
    kinds: list[Belongs | None] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.fields = tuple(name for name, reader in self.plan.readers.items() if reader in SUMMED)
        self.kinds = kinds_of(self.plan)

    def add(self, judged: Judged, row: SourceRow) -> None:
        """Count one line of data."""
        self.lines += 1
        record = judged.record
        if record is None:
            self._add_unread(row)
            return
        for name in self.fields:
            value = record.get(name)
            if isinstance(value, str):
                self._count((name, ""), cents_of(value))
            elif isinstance(value, dict):
                for part, count in value.items():
                    self._count((name, part), count)
            elif isinstance(value, int):
                self._count((name, ""), self._sum_of_parts(name, record, value))
            elif self.plan.mapping.layout.form == "fixed" or record.get(name, 0) is None:
                self.unread[name] = self.unread.get(name, 0) + 1

    def _count(self, key: Key, value: int) -> None:
        self.totals[key] = self.totals.get(key, 0) + value

    @staticmethod
    def _sum_of_parts(name: str, record: Record, value: int) -> int:
        """Where the sum of a line contradicts its parts, the parts are what was served."""
        meals = record.get("meals")
        return sum(meals.values()) if name == "meals_total" and isinstance(meals, dict) else value

    def _add_unread(self, row: SourceRow) -> None:
        """A line that cannot be loaded still has amounts where its columns can be found again."""
        texts: list[str] | None = None
        if self.plan.is_fixed and self.plan.mapping.controls:  # a file that declares no sum needs none
            columns = self.plan.mapping.columns
            texts = recut(columns, row.raw, self.kinds) or [cell.strip() for cell in row.cells]
        for name in self.fields:
            amount = None
            if texts is not None:
                place = self.plan.mapping.columns.index(self.plan.columns[name])
                amount = read_amount(texts[place], self.plan.columns[name].unit).cents if len(texts) > place else None
                amount = _signed(amount, self.plan, name)
            if amount is None:
                self.unread[name] = self.unread.get(name, 0) + 1
            else:
                self._count((name, ""), amount)


def judge_total(row: SourceRow, sums: Sums) -> Judged:
    """A line of sums: of the whole file so far, or of the lines since the last such line."""
    plan = sums.plan
    found = [Defect("total_row")]
    for column in plan.mapping.columns:
        if column.field not in sums.fields or column.place > len(row.cells):
            continue
        if column.field == "balance" and plan.owed is not None:
            continue  # credits and debts are counted together: neither sum can be told from the other
        declared = _number(row.cells[column.place - 1].strip(), plan, column.field)
        key = (column.field, column.part)
        counted = sums.totals.get(key, 0)
        if declared is None or declared in (counted, counted - sums.at_last_total.get(key, 0)):
            continue
        if sums.unread.get(column.field):
            found.append(Defect("info_sum_incomplete", column.field, str(sums.unread[column.field])))
        else:
            off = declared - counted
            detail = euro(off) if plan.readers[column.field] == "amount" else str(off)
            found.append(Defect("total_row_off_by", column.field, detail))
    sums.at_last_total = dict(sums.totals)
    return Judged(row.number, row.raw, _NOT_DATA, found)


def judge_trailer(row: SourceRow, sums: Sums) -> Judged:
    """The record at the end of a file: what it declares, what was counted, the difference."""
    record: Record = {}
    found: list[Defect] = []
    for control in sums.plan.mapping.controls:
        read = _declared(row, control, sums.plan)
        if read is None:
            found.append(Defect("control_unreadable", control.of))
        elif control.of:
            _compare(control.of, read, sums, record, found)
        else:
            record["records_declared"] = read
            if read != sums.lines:
                record["records_true"] = sums.lines
                found.append(Defect("tail_count_off_by", "", str(read - sums.lines)))
    return Judged(row.number, row.raw, _CONTROL, found or [Defect("trailer")], record or None)


def _compare(name: str, declared: int, sums: Sums, record: Record, found: list[Defect]) -> None:
    counted, unread = sums.totals.get((name, ""), 0), sums.unread.get(name, 0)
    shown: Callable[[int], str | int] = euro if sums.plan.readers.get(name) == "amount" else int
    record[f"{name}_declared"] = shown(declared)
    if declared == counted:
        return
    if unread:
        record[f"{name}_counted"] = shown(counted)
        found.append(Defect("info_sum_incomplete", name, str(unread)))
    else:
        record[f"{name}_true"] = shown(counted)
        found.append(Defect("tail_total_off_by", name, str(shown(declared - counted))))


def _declared(row: SourceRow, control: Control, plan: Plan) -> int | None:
    if plan.is_fixed:
        text = row.raw[control.place - 1 : control.place - 1 + control.width].strip()
    else:
        text = row.cells[control.place - 1].strip() if control.place <= len(row.cells) else ""
    if not control.of or plan.readers.get(control.of) == "count":
        return int(text) if text.isascii() and text.isdigit() else None
    return _signed(read_amount(text, control.unit).cents, plan, control.of)


def _signed(cents: int | None, plan: Plan, name: str) -> int | None:
    """As records have it: what is owed is less than zero."""
    column = plan.columns.get(name)
    return -cents if cents is not None and column is not None and column.sign == "debt" else cents


def _number(text: str, plan: Plan, name: str) -> int | None:
    if not text:
        return None
    if plan.readers[name] == "amount":
        return _signed(read_amount(text, plan.columns[name].unit).cents, plan, name)
    whole = text.removesuffix(",0").removesuffix(".0").replace(".", "")
    return int(whole) if whole.isascii() and whole.isdigit() else None
