"""Support staff act as a citizen: for a reason, for some minutes, in the open, and never further than allowed."""

from datetime import date, datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.middleware.csrf import rotate_token

from sportello.accounts.errors import AlreadyActing, EnterAgain, NotForSupport, ReasonTooShort
from sportello.accounts.models import Account, OpenSession, Role, RoleGrant, Scheme, SupportVisit, VisitEnd
from sportello.accounts.permissions import is_identified
from sportello.accounts.rules import ADULT_AGE, age_on, latest_birth
from sportello.accounts.sessions import session_ref
from sportello.accounts.visits import end_overdue_visits, end_visits
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.kernel.fiscal_code import FiscalCode, InvalidFiscalCode

VISIT_KEY: Final = "support_visit"
MINUTES: Final = (10, 20, 30)
SHORTEST_REASON: Final = 15


@transaction.atomic
def start_visit(
    *, request: HttpRequest, supporter: Account, citizen: Account, reason: str, minutes: int, now: datetime
) -> SupportVisit:
    """From the next request on, this browser acts as the citizen, for as many minutes (one of MINUTES).

    One visit at a time per supporter. Raises NotForSupport, AlreadyActing, ReasonTooShort, EnterAgain. Forms drawn
    before are worth nothing afterwards, so that none is posted in the wrong name.
    """
    if minutes not in MINUTES:
        raise ValueError(minutes)
    if len(reason.strip()) < SHORTEST_REASON:
        raise ReasonTooShort
    if _hindrance(supporter, citizen, now) is not None:
        raise NotForSupport
    ref = session_ref(request)
    session = OpenSession.objects.filter(public_id=ref, account=supporter).first() if ref else None
    if session is None:
        raise EnterAgain
    end_overdue_visits(now=now)
    try:
        with transaction.atomic():
            visit = SupportVisit.objects.create(
                supporter=supporter,
                citizen=citizen,
                session=session,
                reason=reason.strip(),
                started_at=now,
                ends_at=now + timedelta(minutes=minutes),
            )
    except IntegrityError as error:
        raise AlreadyActing from error
    record(
        action=Action.SUPPORT_STARTED,
        actor=supporter.pk,
        subject_kind="account",
        subject=citizen.public_id,
        now=now,
        details={"visit": str(visit.public_id), "minutes": minutes, "reason": visit.reason},
    )
    request.session[VISIT_KEY] = str(visit.public_id)
    rotate_token(request)
    return visit


def current_visit(*, request: HttpRequest, now: datetime) -> SupportVisit | None:
    """The visit of this browser, if it may go on; one that may not is ended, on record, and the browser forgets it.

    Asked at every request: time, the role of the supporter and the state of the citizen count as they are now.
    """
    supporter = request.user
    ref, held = session_ref(request), request.session[VISIT_KEY]
    running = SupportVisit.objects.select_related("citizen", "supporter").filter(ended_at__isnull=True)
    visit = running.filter(public_id=held, session__public_id=ref).first() if ref else None
    if visit is not None:
        why = _over(visit, supporter, now)
        if why is None:
            return visit
        end_visits(visits=SupportVisit.objects.filter(pk=visit.pk), why=why, now=now)
    _forget(request)
    return None


def finish_visit(*, request: HttpRequest, visit: SupportVisit, now: datetime) -> None:
    """The supporter is herself again; without effect for a visit that is over."""
    end_visits(visits=SupportVisit.objects.filter(pk=visit.pk), why=VisitEnd.FINISHED, now=now)
    _forget(request)


def people_to_help(*, today: date) -> QuerySet[Account]:
    """The accounts for which a visit may be started: active, by digital identity, without any role, not a minor's."""
    held = RoleGrant.objects.filter(account=OuterRef("pk"), valid_during__contains=today)
    people = Account.objects.filter(~Exists(held), scheme=Scheme.FISCAL_CODE, is_active=True)
    return people.exclude(birth_date__gt=latest_birth(ADULT_AGE, today))


def _over(visit: SupportVisit, supporter: object, now: datetime) -> VisitEnd | None:
    if visit.ends_at <= now:
        return VisitEnd.TIME_OVER
    if not is_identified(supporter):
        return VisitEnd.REVOKED
    return _hindrance(supporter, visit.citizen, now)


def _hindrance(supporter: Account, citizen: Account, now: datetime) -> VisitEnd | None:
    """What forbids this supporter to act as this citizen; None when she may."""
    today = now.date()
    if Role.SUPPORT not in supporter.roles_on(today):
        return VisitEnd.REVOKED
    plain = citizen.is_active and not citizen.is_local and not citizen.roles_on(today)
    if supporter.pk == citizen.pk or not plain or not _is_adult(citizen, today):
        return VisitEnd.CITIZEN
    return None


def _is_adult(person: Account, today: date) -> bool:
    """By the birth date of the identity; who has not entered yet, by her fiscal code."""
    born = person.birth_date
    if born is None:
        try:
            born = FiscalCode.parse(person.identifier).birth_date(today=today)
        except InvalidFiscalCode:
            return False
    return born is not None and age_on(born, today) >= ADULT_AGE


def _forget(request: HttpRequest) -> None:
    request.session.pop(VISIT_KEY, None)
    rotate_token(request)
