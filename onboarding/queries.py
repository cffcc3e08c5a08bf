"""Reads of a load that its pages share."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from onboarding.checking import mapping_of
from onboarding.engine import CATALOGUE, told
from onboarding.judging.labels import label
from onboarding.judging.types import Defect, Verdict
from onboarding.models import RosterLoad, StagedRow
from sportello.kernel.money import Money
from sportello.kernel.names import shown_name

BATCH = 2_000


@dataclass(frozen=True, slots=True)
class ToldDefect:
    """A defect in words: where, what, what to do; `grave` when it keeps the row out."""

    column: str
    what: str
    remedy: str
    grave: bool
    waived: bool = False


def defects_of(row: StagedRow) -> list[ToldDefect]:
    """The defects of a row in words."""
    found = []
    for defect in row.defects:
        what, remedy = told(Defect(defect["code"], defect["field"], defect["detail"]))
        waived = bool(defect.get("waived"))
        grave = CATALOGUE.get(defect["code"], Verdict.REVIEW) not in {Verdict.GOOD, Verdict.FIX} and not waived
        place = label(defect["field"]) if defect["field"] else ""
        found.append(ToldDefect(place, what, remedy, grave, waived))
    return found


def suggestions_of(row: StagedRow) -> list[tuple[str, str]]:
    """What would put the row right, field by field in words."""
    return [(label(field), value) for field, value in row.suggestion.items()]


def who_is(row: StagedRow) -> str:
    """The person a row speaks of, as far as it can be read."""
    record = row.record or {}
    pairs = (("child_surname", "child_given_name"), ("child_name",), ("surname_or_name", "given_name"), ("debt_id",))
    for names in pairs:
        words = [str(record[name]) for name in names if record.get(name)]
        if words:
            return shown_name(" ".join(words)) if len(names) > 1 or names[0] == "child_name" else words[0]
    return ""


def correction_rows(load: RosterLoad) -> Iterator[list[str]]:
    """The rows to review and the unreadable ones, to be corrected and uploaded again: first the headings.

    Cells as they came, in the order of the file; then line, errors and suggestion. A row whose cells cannot be told
    apart keeps its text in the first cell.
    """
    header = list(mapping_of(load).layout.header)
    yield [*header, "RIGA", "ERRORI", "SUGGERIMENTO"]
    rows = StagedRow.objects.filter(load=load, verdict__in=(Verdict.REVIEW, Verdict.REJECT)).order_by("line")
    for row in rows.iterator(chunk_size=BATCH):
        errors = " ".join(f"{each.what} {each.remedy}" for each in defects_of(row) if each.grave)
        suggestion = ", ".join(_suggested(row.suggestion.items()))
        cells = list(row.cells or [row.raw])[: len(header)]
        cells += [""] * (len(header) - len(cells))
        yield [*cells, str(row.line), errors, suggestion]


def _suggested(items: Iterable[tuple[str, str]]) -> Iterator[str]:
    for field, value in items:
        yield f"{label(field)} = {value}"


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure of the file beside that of the old programme's report."""

    what: str
    ours: str
    theirs: str
    equal: bool


def compared_figures(load: RosterLoad) -> list[Compared]:
    """Children, credits and debts against what the operator typed from the old programme's report."""
    said = load.expected
    rows: list[Compared] = []
    if "people" in said:
        ours = int(load.counts.get("people", 0))
        rows.append(Compared(_("Bambini"), str(ours), str(said["people"]), ours == said["people"]))
    for name, what in (("credit", _("Crediti")), ("due", _("Debiti"))):
        if name in said:
            ours = abs(int(load.totals.get(name, 0)))
            rows.append(Compared(what, Money(ours).format(), Money(said[name]).format(), ours == abs(said[name])))
    return rows
