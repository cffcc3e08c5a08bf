"""The reader over the officer's shoulder: holes, overlaps, odd jumps and open assumptions of an edition.

It asks and never guesses: each finding is a question with a place. An error keeps an edition from being put in
force; a warning and a declared assumption only have to be seen.
"""

import itertools
from collections.abc import Callable, Iterator

import msgspec

from services_catalog.fee_table import CostShare, FeeTable
from services_catalog.findings import Finding, Severity, errors_of
from services_catalog.lint_admission import admission_findings
from services_catalog.lint_bases import base_findings
from services_catalog.lint_questions import question_findings
from services_catalog.lint_steps import step_findings
from services_catalog.schema import EditionContent
from sportello.kernel.errors import gettext_noop

__all__ = ["Check", "Finding", "Severity", "errors_of", "lint", "lint_fees", "lint_table", "register_check"]

type Check = Callable[[EditionContent], Iterator[Finding]]
"""What a room above finds in an edition: ``fees`` prices its examples, say."""

_further: list[Check] = []


def register_check(check: Check) -> None:
    """Called once, in ``AppConfig.ready`` of the room: what it finds stands beside the linter's own."""
    if check not in _further:
        _further.append(check)


def lint(content: EditionContent, archetype: str | None = None) -> list[Finding]:
    """Every finding of an edition, in the order of its parts; with the ``archetype`` of its service, also the
    questions that a service of that kind does not read.
    """
    return [
        *lint_fees(content.fees),
        *_unpriced_levels(content),
        *_windows(content),
        *admission_findings(content),
        *question_findings(content, archetype),
        *_assumptions(content),
        *(finding for check in _further for finding in check(content)),
    ]


def lint_fees(table: FeeTable) -> list[Finding]:
    """The findings of the fee table alone: what the editor shows beside its rows."""
    return [*base_findings(table), *step_findings(table)]


def lint_table(table: FeeTable) -> list[Finding]:
    """As :func:`lint_fees`, with what was supposed and the open questions: all there is to ask about a table."""
    return [*lint_fees(table), *(_supposed_finding(*found) for found in supposed(table, "fees")), *_open(table)]


def _unpriced_levels(content: EditionContent) -> Iterator[Finding]:
    if not isinstance(content.fees.base, CostShare):
        return
    priced = {cost.level for cost in content.fees.base.unit_costs}
    for level in content.audience.levels:
        if level not in priced:
            yield Finding(
                Severity.ERROR,
                "level_without_cost",
                "fees.base.unit_costs",
                gettext_noop("Manca il costo unitario per il grado «%(level)s»."),
                {"level": level},
            )


def _windows(content: EditionContent) -> Iterator[Finding]:
    """Windows that overlap, and an edition nobody can apply to."""
    order = sorted(range(len(content.windows)), key=lambda index: content.windows[index].opens)
    if not order:
        sentence = gettext_noop("Nessuna finestra di iscrizione: nessuno potrà fare domanda.")
        yield Finding(Severity.WARNING, "no_window", "windows", sentence, {})
    for before, after in itertools.pairwise(order):
        first, second = content.windows[before], content.windows[after]
        if second.opens <= first.closes:
            sentence = gettext_noop("Le finestre «%(first)s» e «%(second)s» si sovrappongono: è voluto?")
            params = {"first": first.label.it, "second": second.label.it}
            yield Finding(Severity.WARNING, "windows_overlap", f"windows[{after}]", sentence, params)


def _assumptions(content: EditionContent) -> Iterator[Finding]:
    """What was supposed for want of an act, wherever it stands in the edition."""
    for index, text in enumerate(content.assumptions):
        yield _supposed_finding(f"assumptions[{index}]", text)
    yield from (_supposed_finding(place, text) for place, text in supposed(content.fees, "fees"))
    if content.calendar.assumption:
        yield _supposed_finding("calendar", content.calendar.assumption)
    yield from _open(content.fees)


def _supposed_finding(place: str, text: str) -> Finding:
    sentence = gettext_noop("Ipotesi da confermare: %(text)s")
    return Finding(Severity.ASSUMPTION, "assumption", place, sentence, {"text": text})


def _open(table: FeeTable) -> Iterator[Finding]:
    for index, question in enumerate(table.open_questions):
        sentence = gettext_noop("Domanda aperta: %(text)s")
        place = f"fees.open_questions[{index}]"
        yield Finding(Severity.ASSUMPTION, "open_question", place, sentence, {"text": question})


def supposed(node: object, place: str) -> Iterator[tuple[str, str]]:
    """Every assumption written in a part of the language, with its place."""
    if isinstance(node, msgspec.Struct):
        if text := getattr(node, "assumption", ""):
            yield place, text
        for name in node.__struct_fields__:
            yield from supposed(getattr(node, name), f"{place}.{name}")
    elif isinstance(node, tuple):
        for index, item in enumerate(node):
            yield from supposed(item, f"{place}[{index}]")
