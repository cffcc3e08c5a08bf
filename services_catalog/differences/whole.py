"""Everything that changes from one edition to another, part by part."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from services_catalog.describing_admission import admission_rows
from services_catalog.describing_calendar import calendar_rows
from services_catalog.describing_fees import Row
from services_catalog.differences.phrases import Change
from services_catalog.differences.rows import row_sentences
from services_catalog.differences.sentences import field_sentence
from services_catalog.differences.steps import Names, step_sentences, struct_sentences
from services_catalog.fee_table import FeeTable
from services_catalog.schema import Condition, EditionContent, Question

_STEPS = ("replacements", "shifts", "reductions")
_TIME = ("proration", "free_units", "instalments")
_POLICIES = ("isee", "siblings", "arrears", "credit", "payment")


def changes(before: EditionContent, after: EditionContent) -> list[Change]:
    """A sentence for each difference, in the order of the parts of an edition; none when nothing differs."""
    if before == after:
        return []
    language = get_language() or "it"
    names = {condition.code: condition.label.within(language) for condition in (*before.conditions, *after.conditions)}
    parts: list[tuple[str, Callable[[], Iterator[str]]]] = [
        (_("Tariffa"), lambda: _prices(before.fees, after.fees, names)),
        (_("Riduzioni ed esenzioni"), lambda: _fields(before.fees, after.fees, _STEPS, names)),
        (_("Quanto è dovuto"), lambda: _fields(before.fees, after.fees, _TIME, names)),
        (_("Altre parti della tariffa"), lambda: step_sentences(before.fees.parts, after.fees.parts, names)),
        (_("ISEE, fratelli, arretrati e pagamento"), lambda: _fields(before.fees, after.fees, _POLICIES, names)),
        (_("Chi può fare domanda"), lambda: _row_sentences(admission_rows(before), admission_rows(after))),
        (_("Finestre di iscrizione"), lambda: row_sentences(before.windows, after.windows)),
        (_("Calendario"), lambda: _calendar(before, after)),
        (_("Altro"), lambda: _others(before, after)),
    ]
    found = [Change(title, capfirst(sentence)) for title, told in parts for sentence in told()]
    return found or [Change(_("Altro"), _("Cambiano altri particolari del file dell'edizione."))]


def _prices(before: FeeTable, after: FeeTable, names: Names) -> Iterator[str]:
    """The unit, the base, rounding, minimum and maximum, what the text says of figures."""
    kept = {name: getattr(before, name) for name in (*_STEPS, *_TIME, *_POLICIES, "parts")}
    yield from struct_sentences(before, msgspec.structs.replace(after, **kept), names)


def _fields(before: FeeTable, after: FeeTable, fields: tuple[str, ...], names: Names) -> Iterator[str]:
    """The sentences about some fields of the table alone."""
    wanted = {name: getattr(after, name) for name in fields}
    yield from struct_sentences(before, msgspec.structs.replace(before, **wanted), names)


def _calendar(before: EditionContent, after: EditionContent) -> Iterator[str]:
    yield from _row_sentences(calendar_rows(before), calendar_rows(after))
    rest = ("weekdays", "schools", "patron_day_closed", "assumption")
    if any(getattr(before.calendar, name) != getattr(after.calendar, name) for name in rest):
        yield _("Cambiano i giorni della settimana, le eccezioni delle scuole o la festa patronale.")


def _row_sentences(before: Iterable[Row], after: Iterable[Row]) -> Iterator[str]:
    """What the rows of a part say otherwise than before; rows of one label are told apart by their order."""
    was, now = _by_label(before), _by_label(after)
    for label, number in dict.fromkeys((*now, *was)):
        words = {"before": was.get((label, number), ""), "after": now.get((label, number), "")}
        if words["before"] != words["after"]:
            yield field_sentence("ServiceCalendar", "span", label, words)


def _by_label(rows: Iterable[Row]) -> dict[tuple[str, int], str]:
    met: Counter[str] = Counter()
    found = {}
    for row in rows:
        found[row.label, met[row.label]] = row.value
        met[row.label] += 1
    return found


def _others(before: EditionContent, after: EditionContent) -> Iterator[str]:
    """Conditions and questions by name; examples and texts only as changed."""
    yield from _named(
        {one.code: str(one.label) for one in before.conditions},
        {one.code: str(one.label) for one in after.conditions},
        (_("Nuova condizione: «%(name)s»."), _("Tolta la condizione «%(name)s».")),
    )
    yield from _named(
        {one.code: str(one.label) for one in before.questions},
        {one.code: str(one.label) for one in after.questions},
        (_("Nuova domanda: «%(name)s»."), _("Tolta la domanda «%(name)s».")),
    )
    if _kept(before.conditions, after.conditions) or _kept(before.questions, after.questions):
        yield _("Cambiano i particolari di condizioni o domande che restano.")
    if before.procedure != after.procedure:
        yield _("Cambiano i dati del procedimento: ufficio, responsabile, termini o recapiti.")
    if before.sheet != after.sheet:
        yield _("Cambiano i testi della scheda del servizio.")
    if before.examples != after.examples:
        yield _("Cambiano gli esempi che accompagnano la tariffa.")
    if before.assumptions != after.assumptions:
        yield _("Cambiano le ipotesi da confermare dell'edizione.")


def _named(was: dict[str, str], now: dict[str, str], said: tuple[str, str]) -> Iterator[str]:
    yield from (said[0] % {"name": name} for code, name in now.items() if code not in was)
    yield from (said[1] % {"name": name} for code, name in was.items() if code not in now)


def _kept(was: Sequence[Condition | Question], now: Sequence[Condition | Question]) -> bool:
    """Whether one that stays is another than before, or stands elsewhere."""
    codes = {one.code for one in was} & {one.code for one in now}
    return [one for one in was if one.code in codes] != [one for one in now if one.code in codes]
