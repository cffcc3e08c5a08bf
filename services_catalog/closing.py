"""Days without service decided during the year: a strike, an ordinance, a polling station, a trip of one class."""

from datetime import datetime

from django.db import transaction

from services_catalog.models import Closure, ClosureKind, Service
from sportello.accounts.models import Account
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.kernel.dates import DateRange
from sportello.schools.models import School, Section


@transaction.atomic
def close_days(
    *,
    days: DateRange,
    kind: ClosureKind,
    reason: str,
    actor: Account | None,
    now: datetime,
    service: Service | None = None,
    school: School | None = None,
    section: Section | None = None,
) -> Closure:
    """Close the days for the Comune, or for the service, school or section named; saying it twice is saying it once."""
    closure, created = Closure.objects.get_or_create(
        days=days.bounds, kind=kind, service=service, school=school, section=section, defaults={"reason": reason}
    )
    if created:
        _record(closure, "closed", actor, now)
        closure.refresh_from_db()
    return closure


@transaction.atomic
def reopen_days(*, closure: Closure, actor: Account | None, now: datetime) -> None:
    """Take a closure back."""
    _record(closure, "reopened", actor, now)
    closure.delete()


def _record(closure: Closure, event: str, actor: Account | None, now: datetime) -> None:
    record(
        action=Action.CALENDAR_CHANGED,
        actor=None if actor is None else actor.pk,
        subject_kind="closure",
        subject=closure.pk,
        now=now,
        details={"event": event, "kind": closure.kind},
    )
