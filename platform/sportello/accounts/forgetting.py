"""What is not kept: sessions whose time is over, and a year later the note that they were there."""

from datetime import datetime, timedelta
from importlib import import_module
from typing import Final

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef

from sportello.accounts.models import EndReason, OpenSession
from sportello.accounts.visits import end_overdue_visits

KEPT_FOR: Final = timedelta(days=365)


def forget_expired_sessions(*, now: datetime) -> None:
    """Deletes the expired sessions of the current Comune, notes their end, and drops the notes of a year ago.

    Also ends the visits of support whose browser never came back.
    """
    end_overdue_visits(now=now)
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    alive = Session.objects.filter(session_key=OuterRef("session_key"))
    OpenSession.objects.filter(~Exists(alive), ended_at__isnull=True).update(ended_at=now, end_reason=EndReason.EXPIRED)
    OpenSession.objects.filter(ended_at__lt=now - KEPT_FOR).delete()
