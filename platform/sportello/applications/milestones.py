"""The story of an application for the family: what happened, where it stands, what comes next (C.SE.1.9)."""

from typing import Any

from django.utils.translation import gettext as _

from sportello.applications.models import Application, ApplicationState, StateChange
from sportello.ui.templatetags.ui import it_date, it_datetime


def milestones(application: Application) -> list[dict[str, Any]]:
    """Every change of state with its moment, then what is awaited."""
    return [_past(application, change) for change in application.state_changes.all()] + _to_come(application)


def next_steps(application: Application) -> list[dict[str, Any]]:
    """What comes after sending, for the confirmation page."""
    sent = {
        "title": _("Domanda inviata e presa in carico"),
        "state": "done",
        "when": it_datetime(application.submitted_at),
    }
    return [sent, *_to_come(application)]


def _past(application: Application, change: StateChange) -> dict[str, Any]:
    title, text = _told(application, change)
    return {"title": title, "text": text, "state": "done", "when": it_datetime(change.changed_at)}


def _told(application: Application, change: StateChange) -> tuple[str, str]:
    if (change.before, change.after) == (ApplicationState.DRAFT, ApplicationState.SUBMITTED):
        return _("Domanda inviata e presa in carico"), _("Protocollo %(number)s") % {"number": application.protocol}
    titles = {
        ApplicationState.SUBMITTED: _("Hai completato la domanda"),
        ApplicationState.TO_COMPLETE: _("L'ufficio ha chiesto di completare la domanda"),
        ApplicationState.ACCEPTED: _("Domanda accolta"),
        ApplicationState.REJECTED: _("Domanda respinta"),
        ApplicationState.WITHDRAWN: _("Hai ritirato la domanda"),
    }
    return titles[ApplicationState(change.after)], change.reason


def _to_come(application: Application) -> list[dict[str, Any]]:
    answer = _("entro %(day)s") % {"day": it_date(application.answer_by, "long")}
    match ApplicationState(application.state):
        case ApplicationState.SUBMITTED:
            return [
                {
                    "title": _("L'ufficio esamina la domanda"),
                    "state": "current",
                    "text": _("Se manca qualcosa ti scrive."),
                },
                {"title": _("Ricevi la risposta"), "state": "future", "when": answer},
                {"title": _("Comincia il servizio"), "state": "future", "text": _("La data è nella risposta.")},
            ]
        case ApplicationState.TO_COMPLETE:
            return [
                {
                    "title": _("Completa la domanda"),
                    "state": "current",
                    "text": _("L'ufficio aspetta la tua risposta."),
                },
                {"title": _("Ricevi la risposta"), "state": "future", "when": answer},
            ]
        case _:
            return []
