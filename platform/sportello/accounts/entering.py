"""Entering and leaving: a verified identity becomes the one account of that person in this Comune."""

from datetime import datetime
from typing import Final

from django.contrib.auth import BACKEND_SESSION_KEY, login, logout
from django.db import transaction
from django.http import HttpRequest

from integrations.spid_cie.types import VerifiedIdentity
from sportello.accounts.errors import AccountSuspended, EntranceRefused, LevelTooLow, TooYoung
from sportello.accounts.models import Account, Scheme
from sportello.accounts.rules import MINIMUM_AGE, MINIMUM_LEVEL, age_on
from sportello.accounts.sessions import end_session, keep_session
from sportello.accounts.visits import visit_of
from sportello.audit.acting import acting
from sportello.audit.models import Action
from sportello.audit.recording import record

BACKEND: Final = "sportello.accounts.backends.AccountBackend"
PROVIDER_KEY: Final = "identity_provider"
LEVEL_KEY: Final = "identity_level"


def enter(*, request: HttpRequest, identity: VerifiedIdentity, now: datetime) -> Account:
    """Logs the person in and returns her account of this Comune, created at her first entrance.

    Names and birth date follow the identity at every entrance; the mail address only while the account has none,
    because the person may have chosen another. The session gets a new key and is written down (sessions.session_ref
    tells its reference). Raises EntranceRefused: TooYoung, LevelTooLow, AccountSuspended. Every entrance and every
    refusal is recorded.
    """
    try:
        account = _account_of(identity, now)
    except EntranceRefused as error:
        record_refusal(reason=error.code, provider=identity.provider.value, now=now)
        raise
    open_session(
        request=request,
        account=account,
        provider=identity.provider.value,
        provider_name=identity.provider_name,
        level=identity.level,
        now=now,
    )
    return account


def leave(*, request: HttpRequest, now: datetime) -> None:
    """Logs the person out and forgets her session. Without effect for somebody who had not entered.

    A supporter who acts as somebody is out altogether: the visit ends with her session.
    """
    visit = visit_of(request)
    account = visit.supporter if visit is not None else request.user
    if isinstance(account, Account):
        record(action=Action.LOGOUT, actor=account.pk, subject_kind="account", subject=account.public_id, now=now)
    end_session(request=request, now=now)
    logout(request)


@transaction.atomic
def open_session(
    *, request: HttpRequest, account: Account, provider: str, level: int, now: datetime, provider_name: str = ""
) -> None:
    """Binds the session to the account under a new key: nothing of another person survives, no known key is kept."""
    if request.session.get(BACKEND_SESSION_KEY):
        end_session(request=request, now=now)
        request.session.flush()
    login(request, account, backend=BACKEND)
    keep_session(request=request, account=account, provider=provider, provider_name=provider_name, level=level, now=now)
    request.session[PROVIDER_KEY] = provider
    request.session[LEVEL_KEY] = level
    with acting(None):  # who enters does so herself, also in a browser that was acting as her
        record(
            action=Action.LOGIN,
            actor=account.pk,
            subject_kind="account",
            subject=account.public_id,
            now=now,
            details={"provider": provider, "level": level},
        )


def record_refusal(*, reason: str, provider: str, now: datetime) -> None:
    """Somebody was kept out. Of whom is not written: a refused person gave no reason to be on record."""
    record(
        action=Action.LOGIN_REFUSED,
        actor=None,
        subject_kind="account",
        subject="",
        now=now,
        details={"reason": reason, "provider": provider},
    )


@transaction.atomic
def _account_of(identity: VerifiedIdentity, now: datetime) -> Account:
    _admit(identity, now)
    certified = {
        "given_name": identity.given_name,
        "family_name": identity.family_name,
        "birth_date": identity.birth_date,
    }
    account, created = Account.objects.get_or_create(
        scheme=Scheme(identity.scheme), identifier=identity.identifier, defaults={**certified, "email": identity.email}
    )
    if not account.is_active:
        raise AccountSuspended
    if not created:
        for name, value in certified.items():
            setattr(account, name, value)
        account.email = account.email or identity.email
        account.save(update_fields=[*certified, "email"])
    return account


def _admit(identity: VerifiedIdentity, now: datetime) -> None:
    if identity.level < MINIMUM_LEVEL:
        raise LevelTooLow
    if identity.birth_date is not None and age_on(identity.birth_date, now.date()) < MINIMUM_AGE:
        raise TooYoung
