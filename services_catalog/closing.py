"""Days without service decided during the year: a strike, an ordinance, a polling station, a trip of one class."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from services_catalog.models import Closure, ClosureKind, SchoolOpening, Service
from services_catalog.signals import days_closed, days_reopening
from sportello.accounts.models import Account
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.kernel.dates import DateRange
from sportello.kernel.errors import DomainError
from sportello.schools.models import School, Section


class SchoolAlreadyOpen(DomainError):
    """The school has an adaptation that holds some of the days."""


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
    """Close the days for the Comune, or for the service, school or section named; saying it twice is saying it once.

    Days that a closure of that kind and of the same people already covers are closed: it is given back as it is. The
    rooms above hear `signals.days_closed` of a new one, in this transaction.
    """
    school = section.school if section else school
    known = closure_covering(days=days, kind=kind, service=service, school=school, section=section)
    if known is not None:
        return known
    closure, created = Closure.objects.get_or_create(
        days=days.bounds,
        kind=kind,
        service=service,
        school=school,
        section=section,
        defaults={"reason": reason, "recorded_at": now},
    )
    if created:
        _record("closure", closure.pk, {"event": "closed", "kind": closure.kind}, actor, now)
        closure.refresh_from_db()
        days_closed.send(Closure, closure=closure, actor=actor, now=now)
    return closure


def closure_covering(
    *, days: DateRange, kind: ClosureKind, service: Service | None, school: School | None, section: Section | None
) -> Closure | None:
    """The closure of that kind and of the same people that already holds all the days."""
    held = Closure.objects.filter(days__contains=days.bounds, kind=kind)
    return held.filter(service=service, school=section.school if section else school, section=section).first()


@transaction.atomic
def reopen_days(*, closure: Closure, actor: Account | None, now: datetime) -> None:
    """Take a closure back; raises what a room above has against it (it hears `signals.days_reopening`)."""
    days_reopening.send(Closure, closure=closure, now=now)
    _record("closure", closure.pk, {"event": "reopened", "kind": closure.kind}, actor, now)
    closure.delete()


@transaction.atomic
def open_school(*, school: School, days: DateRange, reason: str, actor: Account | None, now: datetime) -> SchoolOpening:
    """Record an adaptation: days of lessons that the Region leaves free; saying it twice is saying it once.

    It lifts the calendar of the Region alone: a holiday or a closure stays. Raises SchoolAlreadyOpen when the days
    overlap those of another.
    """
    School.objects.select_for_update(no_key=True).get(pk=school.pk)  # two at once would both find nothing
    held = SchoolOpening.objects.filter(school=school, days__overlap=days.bounds).first()
    if held is not None:
        if DateRange.from_bounds(held.days).covers(days):
            return held
        raise SchoolAlreadyOpen(_("La scuola ha già un adattamento in questi giorni: toglilo prima."))
    opening = SchoolOpening.objects.create(school=school, days=days.bounds, reason=reason)
    _record("school_opening", opening.pk, {"event": "opened", "school": school.school_code}, actor, now)
    return opening


@transaction.atomic
def withdraw_opening(*, opening: SchoolOpening, actor: Account | None, now: datetime) -> None:
    """Take an adaptation back."""
    _record("school_opening", opening.pk, {"event": "withdrawn", "school": opening.school.school_code}, actor, now)
    opening.delete()


def _record(kind: str, subject: int, details: dict[str, object], actor: Account | None, now: datetime) -> None:
    record(
        action=Action.CALENDAR_CHANGED,
        actor=None if actor is None else actor.pk,
        subject_kind=kind,
        subject=subject,
        now=now,
        details=details,
    )
