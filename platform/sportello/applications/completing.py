"""The family answers what the office asked, or withdraws."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from sportello.accounts.models import Account
from sportello.applications.attaching import Upload, attach
from sportello.applications.models import Application, ApplicationState
from sportello.applications.states import Actor, change_state
from sportello.kernel.errors import DomainError


class NothingToSay(DomainError):
    """A completion holds a text or a file."""


@transaction.atomic
def complete(
    *, application: Application, actor: Account, text: str, upload: Upload | None, now: datetime
) -> Application:
    """Hand in what was asked: the application goes back to the office.

    Raises NothingToSay, TransitionNotAllowed, and the errors of `attaching` for the file.
    """
    if not text.strip() and upload is None:
        raise NothingToSay(_("Scrivi una risposta o aggiungi un documento."))
    locked = _locked(application)
    if upload is not None:
        attach(application=locked, upload=upload, purpose="completion", now=now)
    change_state(
        application=locked,
        after=ApplicationState.SUBMITTED,
        side=Actor.CITIZEN,
        actor=actor,
        now=now,
        reason=text.strip(),
    )
    return locked


@transaction.atomic
def withdraw(*, application: Application, actor: Account, now: datetime) -> Application:
    """Take back an application not yet decided. Raises TransitionNotAllowed."""
    locked = _locked(application)
    change_state(application=locked, after=ApplicationState.WITHDRAWN, side=Actor.CITIZEN, actor=actor, now=now)
    return locked


def _locked(application: Application) -> Application:
    return Application.objects.select_for_update(of=("self",)).select_related("service").get(pk=application.pk)
