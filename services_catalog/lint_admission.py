"""What the linter asks about who may apply, the documents and the places."""

import itertools
from collections.abc import Iterator

from services_catalog.admission.ages import AgeBand, AgeRule
from services_catalog.admission.standing import SchoolRule
from services_catalog.admission.territory import DistanceRule
from services_catalog.findings import Finding, Severity, warning
from services_catalog.schema import EditionContent
from sportello.kernel.errors import gettext_noop


def admission_findings(content: EditionContent) -> Iterator[Finding]:
    """Age bands with holes, rules and documents for nobody, places nobody takes, windows in an odd order."""
    for index, rule in enumerate(content.admission.rules):
        place = f"admission.rules[{index}]"
        if isinstance(rule, AgeRule):
            yield from _bands(rule, place)
        elif isinstance(rule, SchoolRule):
            yield from _for_nobody(content, rule, place)
        elif isinstance(rule, DistanceRule):
            yield from _levels_not_served(content, [level for row in rule.rows for level in row.levels], place)
    yield from _documents(content)
    yield from _places(content)
    yield from _late_before_ordinary(content)


def _bands(rule: AgeRule, place: str) -> Iterator[Finding]:
    """Of two bands counted on the same day: the ages between them, and those in both."""
    same_day = sorted(rule.bands, key=lambda band: (str(band.on), _from(band)))
    for first, second in itertools.pairwise(same_day):
        if first.on != second.on or (first.below is None and second.at_least is None):
            continue
        where = f"{place}.bands[{rule.bands.index(second)}]"
        params = {"first": first.label.it, "second": second.label.it}
        end = first.below.total_months if first.below else 10_000
        if _from(second) > end:
            sentence = gettext_noop(
                "Fra le fasce di età «%(first)s» e «%(second)s» c'è un vuoto: chi ha quell'età resta fuori?"
            )
            yield warning("age_gap", where, sentence, **params)
        elif _from(second) < end:
            sentence = gettext_noop(
                "Le fasce di età «%(first)s» e «%(second)s» si sovrappongono: vale la prima che è scritta. È voluto?"
            )
            yield warning("age_overlap", where, sentence, **params)


def _from(band: AgeBand) -> int:
    return band.at_least.total_months if band.at_least else 0


def _for_nobody(content: EditionContent, rule: SchoolRule, place: str) -> Iterator[Finding]:
    levels, schools = set(rule.levels), set(rule.schools)
    served = set(content.audience.schools)
    if (levels and not levels & set(content.audience.levels)) or (schools and served and not schools & served):
        sentence = gettext_noop("La regola «%(rule)s» esclude tutte le scuole servite: nessuno può fare domanda.")
        yield Finding(Severity.ERROR, "nobody_may_apply", place, sentence, {"rule": rule.code})


def _levels_not_served(content: EditionContent, levels: list[str], place: str) -> Iterator[Finding]:
    for level in levels:
        if level not in content.audience.levels:
            sentence = gettext_noop("Qui è nominato il grado «%(level)s», che il servizio non serve.")
            yield warning("level_not_served", place, sentence, level=level)


def _documents(content: EditionContent) -> Iterator[Finding]:
    opens = min((window.opens for window in content.windows), default=None)
    for index, document in enumerate(content.admission.documents):
        place = f"admission.documents[{index}]"
        levels = set(document.when.levels)
        if levels and not levels & set(content.audience.levels):
            sentence = gettext_noop("Il documento «%(label)s» non è chiesto a nessuno: è voluto?")
            yield warning("document_for_nobody", place, sentence, label=document.label.it)
        if document.by is not None and opens is not None and document.by < opens:
            sentence = gettext_noop("Il documento «%(label)s» scade prima che si aprano le iscrizioni: è voluto?")
            yield warning("document_too_soon", place, sentence, label=document.label.it)


def _places(content: EditionContent) -> Iterator[Finding]:
    if content.admission.capacity is None:
        return
    for index, group in enumerate(content.admission.capacity.places):
        place = f"admission.capacity.places[{index}]"
        yield from _levels_not_served(content, list(group.levels), place)
        if group.places == 0:
            sentence = gettext_noop("«%(label)s» ha zero posti: nessuno può essere accolto. È voluto?")
            yield warning("no_places", place, sentence, label=group.label.it)


def _late_before_ordinary(content: EditionContent) -> Iterator[Finding]:
    ordinary = [window for window in content.windows if not window.late]
    for index, window in enumerate(content.windows):
        if window.late and any(window.opens < other.opens for other in ordinary):
            sentence = gettext_noop(
                "La finestra fuori termine «%(label)s» si apre prima di una ordinaria: è nell'ordine giusto?"
            )
            yield warning("late_before_ordinary", f"windows[{index}]", sentence, label=window.label.it)
