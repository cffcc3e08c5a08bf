"""The sessions of a person as data: which are open, and ending them, so that the browser is out at its next request."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest

from sportello.accounts.devices import device_of
from sportello.accounts.models import Account, EndReason, OpenSession, SupportVisit, VisitEnd
from sportello.accounts.visits import end_visits
from sportello.audit.models import Action
from sportello.audit.recording import record

REF_KEY: Final = "open_session"
SEEN_EVERY: Final = timedelta(minutes=5)
ON_RECORD: Final = frozenset(EndReason) - {EndReason.LOGOUT, EndReason.EXPIRED}
"""A logout has its own event, and nobody does an expiry."""


def session_ref(request: HttpRequest) -> UUID | None:
    """The public id of the OpenSession of this browser: what single logout keeps. None before the entrance."""
    held = request.session.get(REF_KEY)
    return UUID(held) if held else None


def keep_session(
    *, request: HttpRequest, account: Account, provider: str, provider_name: str, level: int, now: datetime
) -> OpenSession:
    """Writes down the session under the key it has now, and its reference into the session."""
    device = device_of(request.headers.get("User-Agent", ""))
    kept = OpenSession.objects.create(
        account=account,
        session_key=str(request.session.session_key),
        provider=provider,
        provider_name=provider_name,
        level=level,
        browser=device.browser,
        system=device.system,
        opened_at=now,
        last_seen_at=now,
    )
    request.session[REF_KEY] = str(kept.public_id)
    return kept


def open_sessions_of(account: Account) -> QuerySet[OpenSession]:
    """Her sessions that still open something, the last used first: one query."""
    # Django's expiry is told by the real clock, as the database's is; the calendar of the demo is moved.
    alive = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=Now())
    return OpenSession.objects.filter(Exists(alive), account=account, ended_at__isnull=True)


def still_open(*, request: HttpRequest, now: datetime) -> bool:
    """Whether the session of this browser counts. Notes that it was seen, at most every SEEN_EVERY; else one read.

    A session without a reference was opened before sessions were written down: it counts until it expires.
    """
    ref = session_ref(request)
    if ref is None:
        return True
    held = OpenSession.objects.filter(public_id=ref, ended_at__isnull=True).first()
    if held is None:
        return False
    key = str(request.session.session_key)
    if now - held.last_seen_at >= SEEN_EVERY or held.session_key != key:
        OpenSession.objects.filter(pk=held.pk, ended_at__isnull=True).update(last_seen_at=now, session_key=key)
    return True


@transaction.atomic
def end_session(*, request: HttpRequest, now: datetime) -> None:
    """Marks the session of this very browser as left; without effect where nobody has entered."""
    ref = session_ref(request)
    if ref is not None:
        _end(OpenSession.objects.filter(public_id=ref), reason=EndReason.LOGOUT, actor=None, now=now)


@transaction.atomic
def close_session(*, ref: UUID, account: Account, now: datetime) -> bool:
    """Her owner ends one of her sessions; False when it is not hers or was over already."""
    rows = OpenSession.objects.filter(public_id=ref, account=account)
    return _end(rows, reason=EndReason.CLOSED_BY_OWNER, actor=account.pk, now=now) == 1


@transaction.atomic
def close_other_sessions(*, account: Account, kept: UUID | None, now: datetime) -> int:
    """Her owner ends all of her sessions but `kept`, the one she sits at; says how many."""
    rows = OpenSession.objects.filter(account=account)
    if kept is not None:
        rows = rows.exclude(public_id=kept)
    return _end(rows, reason=EndReason.CLOSED_BY_OWNER, actor=account.pk, now=now)


@transaction.atomic
def close_all_sessions(*, account: Account, reason: EndReason, actor: int | None, now: datetime) -> int:
    """Ends every session of the account, whoever decided it; says how many."""
    return _end(OpenSession.objects.filter(account=account), reason=reason, actor=actor, now=now)


@transaction.atomic
def close_sessions(*, refs: Collection[UUID], reason: EndReason, now: datetime) -> int:
    """Ends the sessions of the current Comune with these public ids: single logout. Says how many were still open.

    Idempotent: an unknown reference, one of another Comune or an ended one changes nothing.
    """
    return _end(OpenSession.objects.filter(public_id__in=refs), reason=reason, actor=None, now=now)


def _end(rows: QuerySet[OpenSession], *, reason: EndReason, actor: int | None, now: datetime) -> int:
    held = list(rows.filter(ended_at__isnull=True).select_for_update(of=("self",)).order_by("pk"))
    OpenSession.objects.filter(pk__in=[one.pk for one in held]).update(ended_at=now, end_reason=reason)
    Session.objects.filter(session_key__in=[one.session_key for one in held]).delete()
    end_visits(visits=SupportVisit.objects.filter(session__in=held), why=VisitEnd.SESSION_OVER, now=now)
    for one in held if reason in ON_RECORD else ():
        record(
            action=Action.SESSION_CLOSED,
            actor=actor,
            subject_kind="session",
            subject=one.public_id,
            now=now,
            details={"reason": reason.value},
        )
    return len(held)
