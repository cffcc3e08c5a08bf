"""The only transitions of an application, who may make them, and the one function that makes them."""

from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from sportello.accounts.models import Account
from sportello.applications.models import Application, ApplicationState, StateChange
from sportello.kernel.errors import DomainError


class Actor(StrEnum):
    """On which side of the counter a transition is made."""

    CITIZEN = "citizen"
    OFFICE = "office"


_S = ApplicationState
TRANSITIONS: dict[tuple[ApplicationState, ApplicationState], Actor] = {
    (_S.DRAFT, _S.SUBMITTED): Actor.CITIZEN,
    (_S.SUBMITTED, _S.WITHDRAWN): Actor.CITIZEN,
    (_S.TO_COMPLETE, _S.WITHDRAWN): Actor.CITIZEN,
    (_S.TO_COMPLETE, _S.SUBMITTED): Actor.CITIZEN,
    (_S.SUBMITTED, _S.TO_COMPLETE): Actor.OFFICE,
    (_S.SUBMITTED, _S.ACCEPTED): Actor.OFFICE,
    (_S.SUBMITTED, _S.REJECTED): Actor.OFFICE,
    (_S.TO_COMPLETE, _S.REJECTED): Actor.OFFICE,
}
DECIDED = frozenset({_S.ACCEPTED, _S.REJECTED, _S.WITHDRAWN})


class TransitionNotAllowed(DomainError):
    """An application cannot go from its state to the one asked for, or not by that side of the counter."""


def may_become(application: Application, after: ApplicationState, side: Actor) -> bool:
    """Whether the application can take the state by that side of the counter."""
    return TRANSITIONS.get((ApplicationState(application.state), after)) == side


def change_state(
    *, application: Application, after: ApplicationState, side: Actor, actor: Account, now: datetime, reason: str = ""
) -> None:
    """Move the application and write who, when, why. Call it in a transaction, with the row locked.

    Saves `state`, `changed_at` and, once decided, `decided_at` and `reason`. Raises TransitionNotAllowed.
    """
    before = ApplicationState(application.state)
    if not may_become(application, after, side):
        raise TransitionNotAllowed(
            _("Una domanda %(before)s non può diventare %(after)s."), before=before.label, after=after.label
        )
    application.state = after
    application.changed_at = now
    if after in DECIDED:
        application.decided_at = now
        application.reason = reason
    application.save(update_fields=["state", "changed_at", "decided_at", "reason"])
    StateChange.objects.create(
        application=application, before=before, after=after, changed_at=now, changed_by=actor, reason=reason
    )
