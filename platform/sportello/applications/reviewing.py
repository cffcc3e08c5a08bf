"""The office asks for a completion, or rejects with a reason. Accepting happens in enrolment, which gives the place.

The reason may touch health: the family reads it in the personal area; the mail only says that it is there.
"""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from sportello.accounts.models import Account
from sportello.applications.models import Application, ApplicationState
from sportello.applications.queries import readers_of
from sportello.applications.states import Actor, change_state
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.kernel.clock import ROME
from sportello.kernel.errors import DomainError
from sportello.notifications.notifying import notify


class ReasonMissing(DomainError):
    """A refusal and a request to the family always say why (L. 241/1990 art. 3)."""


@transaction.atomic
def ask_completion(*, application: Application, reason: str, actor: Account, now: datetime) -> Application:
    """Ask the family for what is missing; she answers from the personal area. Raises ReasonMissing,
    TransitionNotAllowed.
    """
    moved = _moved(application, ApplicationState.TO_COMPLETE, reason, actor, now)
    with override("it"):  # the clerk's language is not the family's
        _tell(
            moved,
            now,
            subject=_("Manca qualcosa nella domanda %(protocol)s") % {"protocol": moved.protocol},
            body=_(
                "L'ufficio ti chiede di completare la domanda. "
                "Leggi che cosa manca e rispondi dalla tua area personale."
            ),
        )
    return moved


@transaction.atomic
def reject(*, application: Application, reason: str, actor: Account, now: datetime) -> Application:
    """Close the application with a no and its reason. Raises ReasonMissing, TransitionNotAllowed."""
    moved = _moved(application, ApplicationState.REJECTED, reason, actor, now)
    with override("it"):
        _tell(
            moved,
            now,
            subject=_("La domanda %(protocol)s è stata respinta") % {"protocol": moved.protocol},
            body=_("Nella tua area personale trovi il motivo e come chiedere un riesame."),
        )
    return moved


def _moved(
    application: Application, after: ApplicationState, reason: str, actor: Account, now: datetime
) -> Application:
    if not reason.strip():
        raise ReasonMissing(_("Scrivi il motivo: la famiglia lo leggerà."))
    rows = Application.objects.select_for_update(of=("self",)).select_related(
        "service", "protocol", "applicant", "child"
    )
    moved = rows.get(pk=application.pk)
    change_state(application=moved, after=after, side=Actor.OFFICE, actor=actor, now=now, reason=reason.strip())
    record(
        action=Action.APPLICATION_DECIDED,
        actor=actor.pk,
        subject_kind="application",
        subject=moved.public_id,
        now=now,
        details={"decision": str(after)},
    )
    return moved


def _tell(application: Application, now: datetime, *, subject: str, body: str) -> None:
    changes = application.state_changes.count()
    for account, email in readers_of(application, now.astimezone(ROME).date()):
        notify(
            account=account,
            topic="application",
            subject=subject,
            body=body,
            link=reverse("applications:application", args=[application.public_id]),
            email=email,
            key=f"reviewed:{application.public_id}:{changes}",
            now=now,
        )
