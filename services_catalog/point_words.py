"""A point in which two contents differ, in words: what it is, and what each of the two says there."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from services_catalog.describing import describe
from services_catalog.merging import MISSING, Plain, Point
from services_catalog.schema import EditionContent

PARTS: Mapping[str, str | Promise] = {
    "audience": gettext_lazy("A chi è rivolto"),
    "audience.levels": gettext_lazy("Gradi di scuola serviti"),
    "audience.residents": gettext_lazy("Residenza richiesta"),
    "audience.schools": gettext_lazy("Scuole servite"),
    "windows": gettext_lazy("Finestre di iscrizione"),
    "questions": gettext_lazy("Domande del modulo"),
    "conditions": gettext_lazy("Circostanze riconosciute"),
    "fees": gettext_lazy("Regole della tariffa"),
    "fees.unit": gettext_lazy("Di che cosa è il prezzo"),
    "fees.base": gettext_lazy("Tariffa"),
    "fees.replacements": gettext_lazy("Tariffe diverse per alcuni"),
    "fees.reductions": gettext_lazy("Riduzioni ed esenzioni"),
    "fees.isee": gettext_lazy("Regole dell'ISEE"),
    "fees.siblings": gettext_lazy("Chi conta come fratello"),
    "fees.statements": gettext_lazy("Prezzi stampati nell'atto"),
    "fees.never_falls": gettext_lazy("Chi ha di più non paga di meno"),
    "fees.open_questions": gettext_lazy("Domande aperte"),
    "calendar": gettext_lazy("Calendario"),
    "calendar.spans": gettext_lazy("Date del servizio"),
    "calendar.weekdays": gettext_lazy("Giorni della settimana"),
    "calendar.closed": gettext_lazy("Giorni chiusi"),
    "calendar.assumption": gettext_lazy("Ipotesi sul calendario"),
    "procedure": gettext_lazy("Procedimento"),
    "procedure.office": gettext_lazy("Ufficio"),
    "procedure.answer_days": gettext_lazy("Giorni per la risposta"),
    "procedure.email": gettext_lazy("Email dell'ufficio"),
    "sheet.it": gettext_lazy("Scheda in italiano"),
    "sheet.en": gettext_lazy("Scheda in inglese"),
    "assumptions": gettext_lazy("Ipotesi da confermare"),
}
SHEET: Mapping[str, str | Promise] = {
    "title": gettext_lazy("titolo"),
    "description": gettext_lazy("descrizione"),
    "audience": gettext_lazy("a chi è rivolto"),
    "how_to": gettext_lazy("come fare"),
    "needed": gettext_lazy("cosa serve"),
    "outcome": gettext_lazy("cosa si ottiene"),
    "timing": gettext_lazy("tempi"),
    "conditions": gettext_lazy("condizioni"),
    "costs": gettext_lazy("costi"),
}
KEYS: Mapping[str, str | Promise] = {
    "assumption": gettext_lazy("ipotesi"),
    "counted": gettext_lazy("si contano"),
    "order": gettext_lazy("ordine"),
    "missing": gettext_lazy("senza ISEE"),
    "asked_up_to": gettext_lazy("si chiede fino a"),
    "kind": gettext_lazy("tipo"),
    "code": gettext_lazy("codice"),
    "label": gettext_lazy("nome"),
    "help": gettext_lazy("aiuto"),
    "evidence": gettext_lazy("prova"),
    "required": gettext_lazy("obbligatoria"),
    "choices": gettext_lazy("risposte"),
    "it": gettext_lazy("italiano"),
    "en": gettext_lazy("inglese"),
}
"""The words of the language people meet most; the others are shown as they are written."""
DESCRIBED = ("fees.base", "fees.reductions", "windows", "calendar.spans", "calendar.closed")
"""The parts that :mod:`describing` says in words, taken from there when the whole part differs."""


@dataclass(frozen=True, slots=True)
class Told:
    """A point for people: its place, what it is, the lines of the two sides (none where it is not there).

    ``language`` is that of the lines where they are the words of the content itself, empty where they are ours.
    """

    place: str
    title: str
    language: str
    before: tuple[str, ...]
    after: tuple[str, ...]


def told(point: Point, before: EditionContent, after: EditionContent) -> Told:
    """A point between two contents, in the language of the page."""
    return Told(
        point.place,
        title_of(point.place),
        _language(point.place),
        _lines(point.place, point.before, before),
        _lines(point.place, point.after, after),
    )


def title_of(place: str) -> str:
    """What a place is: the longest part that has a name, then what is left of the path."""
    head = max((part for part in PARTS if _is_at(place, part)), key=len, default="")
    rest = place.removeprefix(head)
    if not head:
        return place
    names = SHEET if head.startswith("sheet.") else KEYS
    steps = [str(names.get(step, step)) for step in re.split(r"[.\[\]]+", rest) if step]
    return f"{PARTS[head]}: {', '.join(steps)}" if steps else str(PARTS[head])


def _is_at(place: str, part: str) -> bool:
    return place == part or place.startswith((f"{part}.", f"{part}["))


def _language(place: str) -> str:
    if place in DESCRIBED:
        return ""
    return "en" if _is_at(place, "sheet.en") else "it"


def _lines(place: str, value: Plain, content: EditionContent) -> tuple[str, ...]:
    if value is MISSING:
        return tuple(_said(implied)) if (implied := _implied(content, place)) is not None else ()
    if place in DESCRIBED:
        rows = [row for section in describe(content) for row in section.rows if _is_at(row.place, place)]
        if rows:
            return tuple(f"{row.label}: {row.value}" for row in rows)
    return tuple(_said(value))


def _implied(content: EditionContent, place: str) -> Plain:
    """What a place says without being written, where that is a word or a number; None where there is nothing."""
    held: Plain = content
    for step in place.split("."):
        held = getattr(held, step, None)
    return held if isinstance(held, int | str) and held != "" else None


def _said(value: Plain) -> Iterator[str]:
    """A value in lines: a text as it is, a list row by row, a record as the language writes it."""
    if isinstance(value, bool):
        yield _("sì") if value else _("no")
    elif isinstance(value, dict):
        yield "; ".join(f"{KEYS.get(key, key)}: {', '.join(_said(each))}" for key, each in value.items())
    elif isinstance(value, list | tuple):
        for each in value:
            yield ", ".join(_said(each))
    else:
        yield str(value)
