"""Keeping somebody out, and letting her in again."""

from datetime import datetime

from django.db import transaction

from sportello.accounts.models import Account, EndReason
from sportello.accounts.sessions import close_all_sessions
from sportello.audit.models import Action
from sportello.audit.recording import record


@transaction.atomic
def suspend_account(*, account: Account, reason: str, actor: Account, now: datetime) -> None:
    """Suspends the account and ends its sessions: every browser is out at its next request."""
    _set_active(account, active=False)
    close_all_sessions(account=account, reason=EndReason.SUSPENDED, actor=actor.pk, now=now)
    _record(Action.ACCOUNT_SUSPENDED, account, reason, actor, now)


@transaction.atomic
def readmit_account(*, account: Account, reason: str, actor: Account, now: datetime) -> None:
    """Lets the person enter again; no session comes back by itself."""
    _set_active(account, active=True)
    _record(Action.ACCOUNT_READMITTED, account, reason, actor, now)


def _set_active(account: Account, *, active: bool) -> None:
    held = Account.objects.select_for_update().get(pk=account.pk)
    held.is_active = active
    held.save(update_fields=["is_active"])


def _record(action: Action, account: Account, reason: str, actor: Account, now: datetime) -> None:
    record(
        action=action,
        actor=actor.pk,
        subject_kind="account",
        subject=account.public_id,
        now=now,
        details={"reason": reason},
    )
