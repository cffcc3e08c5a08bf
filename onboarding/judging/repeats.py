"""Lines that repeat an earlier one or contradict it, over the whole file."""

from collections.abc import Callable
from typing import Final

from onboarding.judging.catalogue import worst
from onboarding.judging.plan import Plan
from onboarding.judging.seen import Seen
from onboarding.judging.types import COMMITTED, Amendment, Defect, Judged, Record, Verdict
from onboarding.mapping.structs import Kind

_SAME: Final[dict[Kind, str]] = {
    "roster": "duplicate_same_data",
    "transport": "duplicate_month",
    "taxes": "same_progressive",
    "debts": "duplicate_id",
    "treasury": "duplicate_id",
    "other": "duplicate_same_data",
}


class Repeats:
    """Compares each line with those before it. `amendments` are what later lines told of earlier ones."""

    def __init__(self, plan: Plan) -> None:
        self._lines, self._facts, self._numbers = Seen(), Seen(), Seen()
        self._same = _SAME[plan.mapping.kind]
        self._key = _key_of(plan)
        self._is_roster = plan.mapping.kind == "roster"
        self._numbered = self._is_roster and plan.has("legacy_id") and plan.has("child_fiscal_code")
        self._where = next(
            (field for field in ("child_fiscal_code", "line_number", "debt_id", "entry_id") if plan.has(field)), ""
        )
        self.amendments: list[Amendment] = []

    def same_line(self, judged: Judged) -> bool:
        """Whether the line stands before, letter for letter; then it is that alone, however good or bad the first."""
        found = self._lines.get(hash(judged.raw.rstrip()))
        if found is not None:
            self._repeat(judged, found[0])
        return found is not None

    def compare(self, judged: Judged, texts: dict[str, str]) -> None:
        """Compare by what the line is about. Only what would be committed counts: it claims, and it is compared."""
        if judged.verdict in COMMITTED and judged.record is not None:
            key = self._key(judged.record, texts)
            if key is not None and self._is_repeat(judged, judged.record, hash(key)):
                return
            if self._numbered:
                self._check_number(judged, judged.record)
        # A line that contradicts another claims nothing: its copy contradicts the other as well.
        self._lines.put(hash(judged.raw.rstrip()), judged.line)

    def _is_repeat(self, judged: Judged, record: Record, key: int) -> bool:
        section = hash(record.get("section")) if self._is_roster else 0
        data = _digest(record, without="section" if self._is_roster else "")
        found = self._facts.first(key, judged.line, data, section)
        if found is None:
            return False
        line, first_data, first_section = found
        if (first_data, first_section) == (data, section):
            self._repeat(judged, line)
            return True
        code = "duplicate_conflicting_section" if first_data == data else "duplicate_conflicting_data"
        judged.defects = [Defect(code, "section" if first_data == data else self._where, str(line))]
        judged.verdict, judged.duplicate_of_line = Verdict.REVIEW, line
        return True

    def _repeat(self, judged: Judged, line: int) -> None:
        """A repeated line is told as that alone: its oddities are those of the line it repeats."""
        judged.defects = [Defect(self._same, "", str(line))]
        judged.verdict, judged.duplicate_of_line, judged.suggestion = Verdict.DUPLICATE, line, {}

    def _check_number(self, judged: Judged, record: Record) -> None:
        """Two children with one number: nobody can say whose it is, so both wait."""
        number, child = record.get("legacy_id"), hash(record.get("child_fiscal_code"))
        if number is None:
            return
        found = self._numbers.first(hash(number), judged.line, child)
        if found is None or found[1] == child:
            return
        defect = Defect("legacy_id_repeated", "legacy_id", str(found[0]))
        judged.defects.append(defect)
        judged.verdict = worst(judged.defects)
        self.amendments.append(
            Amendment(found[0], Verdict.REVIEW, Defect("legacy_id_repeated", "legacy_id", str(judged.line)))
        )


def _key_of(plan: Plan) -> Callable[[Record, dict[str, str]], object]:
    """What a line is about: a child, a child in a month, a progressive number, an identifier. None = not said."""

    def child(record: Record, _texts: dict[str, str]) -> object:
        return record.get("child_fiscal_code")

    def month(record: Record, _texts: dict[str, str]) -> object:
        who = record.get("child_fiscal_code") or record.get("legacy_id")
        return (who, record["month"], record.get("trip"), record.get("route")) if who and record.get("month") else None

    def number(_record: Record, texts: dict[str, str]) -> object:
        return texts.get("line_number") or None

    def debt(record: Record, _texts: dict[str, str]) -> object:
        return record.get("debt_id")

    def entry(record: Record, _texts: dict[str, str]) -> object:
        return (record.get("year"), record["entry_id"]) if record.get("entry_id") else None

    keys = {"roster": child, "transport": month, "taxes": number, "debts": debt, "treasury": entry}
    return keys.get(plan.mapping.kind, child)


def _digest(record: Record, *, without: str) -> int:
    """The fields of a file's records come in one order."""
    rest = record.copy()
    rest.pop(without, None)
    meals = rest.get("meals")
    if isinstance(meals, dict):
        rest["meals"] = " ".join(map(str, meals.values()))
    return hash(tuple(rest.values()))
