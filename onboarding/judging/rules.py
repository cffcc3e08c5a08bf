"""The verdict on one line of data: cells put in place, each theme asked, all defects at once, the gravest decides."""

from collections.abc import Callable
from typing import Final

from onboarding.judging.catalogue import worst
from onboarding.judging.line import Line
from onboarding.judging.plan import Plan
from onboarding.judging.themes import child, contacts, debts, means, notes, payer, placement, ride, taxes
from onboarding.judging.types import Defect, Judged, Verdict
from onboarding.judging.widths import delimited_widths, fixed_widths
from onboarding.sources.types import SourceRow

type Theme = Callable[[Line, Plan], None]

_CHILD: Final = (child.CODE, "child_name", "child_surname", "child_given_name")
_PLACED: Final = ("class_year", "section", "class_and_section")
_CONTACTS: Final = ("street", "house_number", "address", "cap", "phone", "email", "residence")
_PEOPLE: Final[tuple[tuple[Theme, tuple[str, ...]], ...]] = (
    (child.read_child, _CHILD),
    (placement.read_legacy_id, ("legacy_id",)),
    (placement.read_school, ("school_code",)),
    (placement.read_placement, _PLACED),
    (means.read_diet, ("diet",)),
    (means.read_isee, ("isee",)),
    (means.read_balance, ("balance",)),
    (payer.read_payer, (payer.CODE, "payer_name", *payer.NAMES)),
    (payer.read_parents, ("father_name", "mother_name")),
    (contacts.read_contacts, _CONTACTS),
    (means.read_meals, ("meals", "meals_total")),
    (notes.read_note, ("note",)),
)
_ALWAYS: Final[dict[str, Theme]] = {
    "transport": ride.read_ride,
    "taxes": taxes.read_position,
    "debts": debts.read_debt,
    "treasury": debts.read_entry,
}
_TROUBLES: Final = {"continuation": Verdict.NOT_DATA}


def themes_of(plan: Plan) -> tuple[Theme, ...]:
    """The themes that a kind of export has and the file has columns for."""
    kind = plan.mapping.kind
    people = _PEOPLE if kind in {"roster", "transport"} else ()
    chosen = tuple(theme for theme, fields in people if plan.has(*fields))
    return (*chosen, _ALWAYS[kind]) if kind in _ALWAYS else chosen


class Rules:
    """The rules of one mapping, made ready once."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._themes = themes_of(plan)
        self._widths = fixed_widths(plan) if plan.is_fixed else delimited_widths(plan)
        self._has_parts = any(column.part for column in plan.mapping.columns)

    def judge(self, row: SourceRow) -> tuple[Judged, dict[str, str]]:
        """The verdict and the texts by field ({} where the cells could not be told apart)."""
        if row.trouble:
            code = row.trouble
            return Judged(row.number, row.raw, _TROUBLES.get(code, Verdict.REJECT), [Defect(code)]), {}
        cells, found = self._widths(row)
        if row.recoded:
            found = [*found, Defect("mojibake_double_encoding")]
        if worst(found) is Verdict.REJECT:
            return Judged(row.number, row.raw, Verdict.REJECT, found), {}
        plan = self.plan
        line = Line(plan.texts(cells), plan.parts(cells) if self._has_parts else {}, defects=found)
        self._ask(line)
        judged = Judged(row.number, row.raw, worst(line.defects), line.defects, line.record, line.suggestion)
        judged.beside = line.beside
        if judged.verdict is Verdict.REVIEW and plan.known.decided:
            judged = self._decided(judged, line)
        return judged, line.texts

    def _ask(self, line: Line) -> None:
        for theme in self._themes:
            theme(line, self.plan)

    def _decided(self, judged: Judged, first: Line) -> Judged:
        """Judge again with what the review desk decided of such cells: a value instead, or that it may stand."""
        decided = self.plan.known.decided
        values, waived = {}, set()
        for code, field, _detail in judged.defects:
            written = first.texts.get(field, "").strip()
            value = decided.get((code, field, written))
            if value is None:
                continue
            if value == written:
                waived.add((code, field))
            else:
                values[field] = value
        if not values and not waived:
            return judged
        line = Line(first.texts | values, first.parts)
        line.defects = [defect for defect in judged.defects if defect.code == "mojibake_double_encoding"]
        self._ask(line)
        line.defects = [defect for defect in line.defects if (defect.code, defect.field) not in waived]
        told = [Defect("decided_before", field) for field in sorted({*values, *(field for _code, field in waived)})]
        line.defects.extend(told)
        return Judged(
            judged.line, judged.raw, worst(line.defects), line.defects, line.record, line.suggestion, beside=line.beside
        )
