"""What happened to an edition, from the audit record."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from services_catalog.models import Edition
from sportello.accounts.models import Account
from sportello.audit.models import Action, Event


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened: when, who (empty for the loading of a pack), what."""

    when: datetime
    who: str
    what: str


def history_of(edition: Edition) -> list[Happening]:
    """The happenings of an edition, the latest first (two queries)."""
    events = list(
        Event.objects.filter(action=Action.EDITION_CHANGED, subject_kind="edition", subject=str(edition.pk)).order_by(
            "-happened_at", "-pk"
        )
    )
    people = {
        person.pk: person.full_name for person in Account.objects.filter(pk__in=[event.actor for event in events])
    }
    words = {
        "drafted": _("bozza preparata"),
        "rolled_over": _("ricavata dall'edizione dell'anno prima"),
        "revised": _("bozza modificata"),
        "proposed": _("proposta per l'approvazione"),
        "taken_back": _("proposta ritirata"),
        "sent_back": _("proposta rimandata"),
        "put_in_force": _("messa in vigore"),
        "closed": _("chiusa da una nuova revisione"),
        "superseded": _("sostituita"),
    }
    return [
        Happening(event.happened_at, people.get(event.actor or 0, ""), words.get(str(event.details.get("event")), ""))
        for event in events
    ]
