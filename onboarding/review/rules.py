"""What may be decided about a row, and what a decision makes of it. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from onboarding.judging.types import Defect, Judged, Record, Verdict
from onboarding.mapping import structs

type Action = Literal["value", "leave_out", "as_is"]

REMEMBERED: Final = 200
"""Characters of a cell by which a decision knows it again."""
WHOLE_FILE: Final = frozenset(
    {"duplicate_conflicting_section", "duplicate_conflicting_data", "legacy_id_repeated", "row_total_mismatch"}
)
"""Told of a line by the others: judging the line alone cannot tell it again."""
MAY_STAY: Final = frozenset(
    {
        "name_vs_cf",
        "birthplace_vs_cf",
        "age_not_plausible",
        "payer_name_vs_cf",
        "payer_too_young",
        "legacy_id_repeated",
        "row_total_mismatch",
        "free_text_note",
        "negative_amount",
        "paid_without_date",
        "date_without_payment",
        "other_municipality",
        "items_vs_amount",
    }
)
"""Doubts that a person may overrule: the record is whole and nothing of it is guessed."""
_COMPOSED: Final[Mapping[str, str]] = {
    "class_year": "class_and_section",
    "section": "class_and_section",
    "child_surname": "child_name",
    "child_given_name": "child_name",
    "payer_surname": "payer_name",
    "payer_given_name": "payer_name",
    "address": "street",
    "paid_on": "paid_on",
}


class Asked(NamedTuple):
    """What a decision speaks of: a defect, where, and what the file says there."""

    defect: str
    field: str
    written: str


@dataclass(frozen=True, slots=True)
class Ruling:
    """A decision as the rules see it."""

    action: Action
    value: str = ""


def column_of(mapping: structs.Mapping, field: str) -> int | None:
    """Where in `mapping.columns` the column stands that a field is read from; None where no column gives rise to it."""
    for name in (field, _COMPOSED.get(field, "")):
        for place, column in enumerate(mapping.columns):
            if name and column.field == name:
                return place
    return None


def cell_of(mapping: structs.Mapping, cells: Sequence[str], field: str) -> str:
    """What the file says of a field, as far as a decision remembers it; empty where it has no such column."""
    place = column_of(mapping, field)
    if place is None:
        return ""
    at = _cell_place(mapping, place)
    return cells[at].strip()[:REMEMBERED] if at < len(cells) else ""


def written_over(mapping: structs.Mapping, cells: Sequence[str], field: str, value: str) -> tuple[str, ...]:
    """The cells with another text in the column of a field."""
    place = column_of(mapping, field)
    changed = list(cells)
    if place is not None:
        at = _cell_place(mapping, place)
        changed += [""] * (at + 1 - len(changed))
        changed[at] = value
    return tuple(changed)


def _cell_place(mapping: structs.Mapping, place: int) -> int:
    return place if mapping.layout.form == "fixed" else mapping.columns[place].place - 1


def as_cell(value: str, column: structs.Column) -> str:
    """A value of a record as the column writes it: 12.30 is 12,30, or 12300 where thousandths are written."""
    bare = value.removeprefix("-")
    if not _is_amount(bare):
        return value
    whole, _point, cents = bare.partition(".")
    sign = "-" if value.startswith("-") else ""
    if column.unit == "euro":
        return value.replace(".", ",") if column.decimal == "," else value
    return f"{sign}{int(whole + cents) * (1 if column.unit == 'cents' else 10)}"


def _is_amount(text: str) -> bool:
    whole, point, cents = text.partition(".")
    return point == "." and len(cents) == 2 and whole.isascii() and whole.isdigit() and cents.isdigit()


def grave(defects: Iterable[Defect], catalogue: Mapping[str, Verdict]) -> list[Defect]:
    """Those that keep the row waiting for a person."""
    return [each for each in defects if catalogue.get(each.code, Verdict.REVIEW) is Verdict.REVIEW]


def waived(judged: Judged, over: Sequence[Defect], catalogue: Mapping[str, Verdict]) -> Judged:
    """The verdict without the doubts that a person overruled; nothing else is waived, and no record is made up."""
    rest = [each for each in judged.defects if each not in over]
    if judged.verdict is not Verdict.REVIEW or grave(rest, catalogue) or judged.record is None:
        return judged
    repaired = any(catalogue.get(each.code) is Verdict.FIX for each in rest)
    judged.verdict = Verdict.FIX if repaired or over else Verdict.GOOD
    return judged


def subject_of(record: Record | None, line: int) -> str:
    """By what a row is known in the next load, when a decision is about it alone."""
    for name in ("legacy_id", "child_fiscal_code", "debt_id", "fiscal_code"):
        value = None if record is None else record.get(name)
        if value:
            return f"{name}={value}"[:200]
    return f"line={line}"
