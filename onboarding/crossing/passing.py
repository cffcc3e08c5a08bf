"""Giving a code and taking it back."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from django.db import transaction

from onboarding.crossing.errors import PassageRefused
from onboarding.crossing.models import Passage
from sportello.accounts.models import Account

LIFETIME: Final = timedelta(seconds=60)
KEPT_FOR: Final = timedelta(days=1)
NONCE_SECONDS: Final = 20 * 60
"""How long the browser keeps its secret: she may have to enter the other desk first."""


def digest(secret: str) -> str:
    """What is kept of a secret."""
    return sha256(secret.encode()).hexdigest()


@transaction.atomic
def give_code(*, account: Account, towards: str, nonce_digest: str, now: datetime) -> str:
    """The code with which the account enters the schema `towards`; run where the account is. Raises PassageRefused."""
    if len(nonce_digest) != len(digest("")):
        raise PassageRefused
    Passage.objects.filter(expires_at__lt=now - KEPT_FOR).delete()
    code = secrets.token_urlsafe(32)
    Passage.objects.create(
        code_digest=digest(code),
        nonce_digest=nonce_digest,
        account=account,
        towards=towards,
        expires_at=now + LIFETIME,
    )
    return code


@transaction.atomic
def take_code(*, code: str, towards: str, nonce: str, now: datetime) -> Account:
    """Whose code it is, used up; run in the schema that gave it. Raises PassageRefused."""
    held = Passage.objects.filter(
        code_digest=digest(code),
        nonce_digest=digest(nonce),
        towards=towards,
        used_at__isnull=True,
        expires_at__gt=now,
    )
    passage = held.select_for_update(of=("self",)).select_related("account").first()
    if passage is None or not passage.account.is_active:
        raise PassageRefused
    Passage.objects.filter(pk=passage.pk).update(used_at=now)
    return passage.account
