"""The assessment as a PDF for the act of the Comune: in Italian, made again byte for byte from a closed round."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from onboarding.assessment.comparing import progress
from onboarding.assessment.outcome import Outcome
from onboarding.assessment.queries import HeldRound
from onboarding.assessment.telling import Teller, ToldProgress, long_day, told_progress
from sportello.ui.pdf import render_pdf
from tenants.models import Municipality


def assessment_paper(municipality: Municipality, held: HeldRound, before: HeldRound | None, *, now: datetime) -> bytes:
    """The PDF (tagged, PDF/UA-1). Of an open round it says that it is not final."""
    with override("it"):
        teller = Teller(held.questionnaire, "it")
        outcome = held.outcome
        way = None
        if before is not None:
            way = told_progress(progress(before.outcome, outcome), Teller(before.questionnaire, "it"), teller)
        data = _data(municipality, held, outcome, teller, way)
        return render_pdf("assessment.typ", data, made_at=held.row.closed_at or now)


def _data(
    municipality: Municipality, held: HeldRound, outcome: Outcome, teller: Teller, way: ToldProgress | None
) -> dict[str, Any]:
    title = _("Valutazione di maturità n. %(number)s") % {"number": held.row.number}
    return {
        "lang": "it",
        "title": title,
        "municipality": municipality.name,
        "office": _("Avvio dello sportello dei servizi scolastici"),
        "footer": f"{municipality.name} · {title}",
        "notice": "" if held.row.closed_at else _("Valutazione non ancora chiusa: le risposte possono cambiare."),
        "facts": _facts(municipality, held, outcome, teller),
        "areas_title": _("Punteggio per area"),
        "areas_head": [_("Area"), _("Peso"), _("Punti su 100")],
        "areas": [
            [area.title, str(area.weight), "–" if area.score is None else str(area.score)]
            for area in teller.areas(held, outcome)
        ],
        "progress": _progress(way),
        "gaps_title": _("Lacune"),
        "no_gaps": _("Nessuna lacuna."),
        "gaps": [[gap.title, gap.why, _blocks(str(gap.blocks))] for gap in teller.gaps(outcome.gaps)],
        "tasks_title": _("Piano delle attività"),
        "tasks_head": [_("Attività"), _("Chi"), _("Entro il")],
        "tasks": [
            [teller.task(task.gap, task.key), teller.owner(task.owner), f"{task.due_on:%d/%m/%Y}"]
            for task in outcome.tasks
        ],
        "connectors_title": _("Sistemi da collegare"),
        "connectors": [
            [f"{one.title} ({one.product})" if one.product else one.title, one.note]
            for one in teller.connectors(outcome.connectors)
        ],
        "reasons_title": _("Risposte e motivi del punteggio"),
        "reasons_head": [_("Domanda"), _("Risposta"), _("Punti persi nell'area")],
        "reasons": [
            [area.title, [[one.text, one.answer or _("nessuna risposta"), one.lost or "–"] for one in area.questions]]
            for area in teller.areas(held, outcome)
        ],
        "signatures": [_("Per il Comune"), _("Per la Città metropolitana")],
    }


def _facts(municipality: Municipality, held: HeldRound, outcome: Outcome, teller: Teller) -> list[list[str]]:
    score = "–" if outcome.score is None else _("%(score)s su 100") % {"score": outcome.score}
    level = teller.level(outcome)
    facts = [
        [_("Comune"), f"{municipality.name} ({municipality.belfiore_code}, ISTAT {municipality.istat_code})"],
        [_("Questionario"), _("versione %(version)s") % {"version": held.row.questionnaire}],
        [_("Aperta il"), long_day(held.row.opened_on)],
    ]
    if held.row.closed_at is not None:
        facts.append([_("Chiusa il"), f"{long_day(held.row.closed_at.date())}, {held.row.closed_by}"])
    return [*facts, [_("Maturità"), f"{score}, {level}" if level else score]]


def _blocks(stage: str) -> str:
    return _("Va colmata prima della fase: %(stage)s.") % {"stage": stage} if stage else ""


def _progress(way: ToldProgress | None) -> dict[str, Any] | None:
    if way is None:
        return None
    return {
        "title": _("Rispetto alla valutazione precedente"),
        "head": [_("Area"), _("Prima"), _("Adesso"), _("Differenza")],
        "rows": [
            *[[title, _points(old), _points(new), change or "–"] for title, old, new, change in way.areas],
            [_("Totale"), _points(way.before), _points(way.after), way.difference or "–"],
        ],
        "lists": [
            [_("Lacune colmate"), way.closed],
            [_("Lacune ancora aperte"), way.still],
            [_("Lacune nuove"), way.new],
        ],
        "none": _("Nessuna."),
    }


def _points(score: int | None) -> str:
    return "–" if score is None else str(score)
