"""Writing the audit record: inside the caller's transaction, so that deed and record stand or fall together."""

from datetime import datetime
from typing import Any

from sportello.audit.acting import hands_of
from sportello.audit.models import Action, Event


def record(
    *,
    action: Action,
    actor: int | None,
    subject_kind: str,
    subject: object,
    now: datetime,
    details: dict[str, Any] | None = None,
) -> None:
    """Adds one event. `subject` is an id or a public id; `details` hold no personal data.

    While support acts as the `actor`, the event says who really did it, and on whose behalf.
    """
    hands, on_behalf_of = hands_of(actor)
    Event.objects.create(
        happened_at=now,
        action=action,
        actor=hands,
        on_behalf_of=on_behalf_of,
        subject_kind=subject_kind,
        subject=str(subject),
        details=details or {},
    )
