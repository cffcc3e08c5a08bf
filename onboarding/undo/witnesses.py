"""Obstacles to an undo in words: what, about whom, and who did it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from onboarding.commit.images import model_of
from onboarding.models import LoadState, RosterLoad, WrittenRows
from onboarding.undo.obstacles import Obstacle
from sportello.accounts.models import Account
from sportello.audit.models import Event

TABLES: Final = {
    "families_adult": gettext_lazy("i dati di un adulto"),
    "families_child": gettext_lazy("i dati del bambino"),
    "families_household": gettext_lazy("il nucleo"),
    "families_pupil": gettext_lazy("la classe"),
    "families_payerassignment": gettext_lazy("chi paga"),
    "families_guardianship": gettext_lazy("chi agisce per il bambino"),
    "canteen_specialdiet": gettext_lazy("la dieta"),
    "means_iseeattestation": gettext_lazy("l'ISEE"),
    "means_taxposition": gettext_lazy("la posizione tributaria"),
    "enrolment_subscription": gettext_lazy("l'iscrizione"),
    "enrolment_monthcount": gettext_lazy("i pasti di un mese"),
    "billing_ledgeraccount": gettext_lazy("il conto"),
    "billing_entry": gettext_lazy("un movimento del conto"),
    "schools_section": gettext_lazy("la classe"),
    "applications_application": gettext_lazy("una domanda"),
    "canteen_presence": gettext_lazy("una presenza a mensa"),
    "canteen_rollcall": gettext_lazy("un appello"),
}
_READS: Final = ("child_read", "person_list_read", "diet_read", "isee_read", "tax_position_read", "statement_read")


@dataclass(frozen=True, slots=True)
class Told:
    """An obstacle as the page tells it."""

    whom: str
    what: str
    who: str
    when: datetime | None


def told_obstacles(load: RosterLoad, obstacles: list[Obstacle]) -> list[Told]:
    """What stands in the way, row by row; who did it is the last on record since the commit, if anybody is."""
    return [_told(load, each) for each in obstacles]


def _told(load: RosterLoad, obstacle: Obstacle) -> Told:
    if obstacle.why == "structure":
        return Told("", _("Il programma è stato aggiornato dopo il caricamento: non si può più annullare."), "", None)
    row = model_of(obstacle.table).objects.filter(pk=obstacle.row_id).first()
    child = row if obstacle.table == "families_child" else getattr(row, "child", None)
    person = child or (row if obstacle.table == "families_adult" else None)
    table = str(TABLES.get(obstacle.by or obstacle.table, obstacle.by or obstacle.table))
    sentences = {
        "changed": _("È cambiato: %(table)s."),
        "gone": _("Non c'è più: %(table)s."),
        "used": _("È stato aggiunto: %(table)s."),
    }
    who, when = _who(load, obstacle, person)
    name = "" if person is None else person.full_name
    return Told(name, sentences[obstacle.why] % {"table": table}, who, when)


def _who(load: RosterLoad, obstacle: Obstacle, person: Any) -> tuple[str, datetime | None]:  # Any: an adult or a child
    later = _later_load(load, obstacle)
    if later is not None:
        who = "" if later.committed_by is None else later.committed_by.full_name
        return _("%(who)s con il caricamento «%(file)s»") % {"who": who, "file": later.file_name}, later.committed_at
    if person is None or load.committed_at is None:
        return "", None
    event = (
        Event.objects.filter(subject=str(person.public_id), happened_at__gt=load.committed_at)
        .exclude(action__in=_READS)
        .order_by("-happened_at", "-pk")
        .first()
    )
    if event is None:
        return "", None
    account = None if event.actor is None else Account.objects.filter(pk=event.actor).first()
    return (account.full_name if account else ""), event.happened_at


def _later_load(load: RosterLoad, obstacle: Obstacle) -> RosterLoad | None:
    written = WrittenRows.objects.filter(
        table=obstacle.table,
        row_ids__contains=[obstacle.row_id],
        load__state=LoadState.COMMITTED,
        load__committed_at__gte=load.committed_at,
    )
    found = written.exclude(load=load).select_related("load__committed_by").order_by("-load__committed_at").first()
    return None if found is None else found.load
