"""Visits of support: the end of each is written down once, whoever or whatever ends it."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from sportello.accounts.models import SupportVisit, VisitEnd
from sportello.audit.models import Action
from sportello.audit.recording import record


def visit_of(request: HttpRequest) -> SupportVisit | None:
    """The visit during which this request is made; None when everybody acts in her own name."""
    return getattr(request, "support_visit", None)


@transaction.atomic
def end_visits(*, visits: QuerySet[SupportVisit], why: VisitEnd, now: datetime) -> int:
    """Ends those that still run, each with its record; says how many."""
    running = visits.filter(ended_at__isnull=True).select_related("citizen").select_for_update(of=("self",))
    ended = 0
    for visit in running.order_by("pk"):
        visit.ended_at, visit.end_reason = now, why
        visit.save(update_fields=["ended_at", "end_reason"])
        record(
            action=Action.SUPPORT_ENDED,
            actor=visit.supporter_id,
            subject_kind="account",
            subject=visit.citizen.public_id,
            now=now,
            details={"visit": str(visit.public_id), "why": why.value, "reason": visit.reason},
        )
        ended += 1
    return ended


def end_overdue_visits(*, now: datetime) -> int:
    """Ends the visits whose time is over and whose browser never came back; says how many."""
    return end_visits(visits=SupportVisit.objects.filter(ends_at__lte=now), why=VisitEnd.TIME_OVER, now=now)
