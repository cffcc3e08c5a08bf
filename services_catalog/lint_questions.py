"""Is every question read by a rule of this edition, and is every fact that a rule reads asked or known?

What a form asks beyond the rules is unlawful (Garante per la protezione dei dati personali, provv. 273/2013, doc. web
2554925): an error. A rule whose fact nobody gives sends each application to the office: a question to the Comune.
"""

from collections.abc import Callable, Iterator

import msgspec

from services_catalog.admission.territory import CatchmentRule, DistanceRule
from services_catalog.fee_table import ExcessSlope, FeeTable, structs_of
from services_catalog.findings import Finding, Severity, warning
from services_catalog.schema import EditionContent, Question
from sportello.kernel.errors import gettext_noop
from sportello.kernel.money import Money


def question_findings(content: EditionContent, archetype: str | None) -> Iterator[Finding]:
    """Questions that nothing reads (errors), and rules whose facts nobody gives.

    Without the ``archetype`` of the service what only a kind of service reads is taken as read.
    """
    for index, question in enumerate(content.questions):
        if not _READERS[question.read_by](content, question, archetype):
            sentence = gettext_noop(
                "La domanda «%(label)s» non serve a nessuna regola di questa edizione: chiedere dati in più "
                "non è lecito (Garante privacy, provv. 273/2013). Togli la domanda, o scrivi la regola che la legge."
            )
            params = {"label": question.label.it}
            yield Finding(Severity.ERROR, "question_unread", f"questions[{index}]", sentence, params)
    yield from _facts_nobody_gives(content)


def reads_isee(table: FeeTable) -> bool:
    """Whether a price depends on the ISEE."""
    return any(isinstance(struct, ExcessSlope) or _bounded(struct) for struct in structs_of(table))


def _bounded(struct: msgspec.Struct) -> bool:
    bounds = (getattr(struct, name, None) for name in ("isee_from", "isee_to", "isee_below", "isee_above"))
    return any(bound not in {None, Money(0)} for bound in bounds)


def _rule_reads(content: EditionContent, question: Question, _archetype: str | None) -> bool:
    rule = next((rule for rule in content.admission.rules if rule.code == question.rule), None)
    if question.kind == "metres":
        return isinstance(rule, DistanceRule)
    return isinstance(rule, CatchmentRule) and rule.attested_by == "declared"


def _condition_read(content: EditionContent, question: Question, _archetype: str | None) -> bool:
    return question.kind == "yes_no" and question.condition in content.admission.conditions()


def _line_read(content: EditionContent, question: Question, _archetype: str | None) -> bool:
    return question.kind == "choice" and bool(
        {choice.code for choice in question.choices} & {*content.admission.lines()}
    )


def _isee_read(content: EditionContent, _question: Question, _archetype: str | None) -> bool:
    return reads_isee(content.fees) or content.admission.reads_isee()


def _for_meals(_content: EditionContent, _question: Question, archetype: str | None) -> bool:
    return archetype in {None, "meals"}


_READERS: dict[str, Callable[[EditionContent, Question, str | None], bool]] = {
    "canteen.diet": _for_meals,
    "canteen.notes": _for_meals,
    "families.school": lambda *_: True,  # every audience reads the school
    "fees.isee": _isee_read,
    "fees.condition": lambda content, question, _: question.condition in content.fees.conditions(),
    "admission.rule": _rule_reads,
    "admission.condition": _condition_read,
    "capacity.line": _line_read,
}


def _facts_nobody_gives(content: EditionContent) -> Iterator[Finding]:
    asked = {question.rule for question in content.questions if question.read_by == "admission.rule"}
    for index, rule in enumerate(content.admission.rules):
        by_street = isinstance(rule, CatchmentRule) and (
            rule.attested_by == "office" or any(area.streets for area in rule.areas)
        )
        if isinstance(rule, DistanceRule | CatchmentRule) and rule.code not in asked and not by_street:
            sentence = gettext_noop(
                "La regola «%(rule)s» legge un fatto che nessuna domanda chiede e nessun archivio dà: "
                "ogni domanda andrebbe all'ufficio. È voluto?"
            )
            yield warning("fact_unasked", f"admission.rules[{index}]", sentence, rule=rule.code)
    yield from _conditions_nobody_gives(content)
    if content.admission.lines() and not any(one.read_by == "capacity.line" for one in content.questions):
        sentence = gettext_noop("I posti sono contati per linea, ma nessuna domanda chiede la linea.")
        yield warning("line_unasked", "admission.capacity", sentence)


def _conditions_nobody_gives(content: EditionContent) -> Iterator[Finding]:
    asked = {question.condition for question in content.questions if question.condition}
    for index, condition in enumerate(content.conditions):
        read = condition.code in content.admission.conditions()
        if read and condition.evidence == "self_declared" and condition.code not in asked:
            sentence = gettext_noop(
                "La condizione «%(label)s» la dichiara la famiglia, ma nessuna domanda la chiede: come si saprà?"
            )
            yield warning("condition_unasked", f"conditions[{index}]", sentence, label=condition.label.it)
