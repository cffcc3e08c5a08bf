"""The simulator's answer: a signed code, good once and for a minute, that names a person kept in Valkey.

The code carries the Comune, the state of the login and a nonce; never the person, because it travels in an address.
"""

import secrets
from datetime import date
from typing import Any, Final

from django.core import signing
from django.core.cache import caches

from integrations.spid_cie.errors import AnswerExpired, AnswerRefused
from integrations.spid_cie.types import Provider, VerifiedIdentity
from tenants.current import require_schema

SALT: Final = "integrations.spid_cie.simulator"
LIFETIME: Final = 60  # seconds


def issue(identity: VerifiedIdentity, *, state: str) -> str:
    """A code for the current Comune and that login."""
    nonce = secrets.token_urlsafe(24)
    caches["public"].set(_key(nonce), _to_row(identity), timeout=LIFETIME)
    return signing.dumps({"schema": require_schema(), "state": state, "nonce": nonce}, salt=SALT)


def read(code: str) -> tuple[str, str]:
    """(state, nonce) of a code; raises AnswerRefused (changed, or of another Comune) or AnswerExpired."""
    try:
        content: dict[str, str] = signing.loads(code, salt=SALT, max_age=LIFETIME)
    except signing.SignatureExpired as error:
        raise AnswerExpired from error
    except signing.BadSignature as error:
        raise AnswerRefused from error
    if content["schema"] != require_schema():
        raise AnswerRefused
    return content["state"], content["nonce"]


def consume(nonce: str) -> VerifiedIdentity:
    """The person of a code, once: of two who ask at the same moment one gets AnswerRefused."""
    row = caches["public"].get(_key(nonce))
    if row is None or not caches["public"].delete(_key(nonce)):
        raise AnswerRefused
    return _from_row(row)


def _key(nonce: str) -> str:
    return f"spid_cie:assertion:{nonce}"


def _to_row(identity: VerifiedIdentity) -> dict[str, Any]:
    return {
        "scheme": identity.scheme,
        "identifier": identity.identifier,
        "given_name": identity.given_name,
        "family_name": identity.family_name,
        "birth_date": identity.birth_date.isoformat() if identity.birth_date else None,
        "email": identity.email,
        "level": identity.level,
        "provider": identity.provider.value,
    }


def _from_row(row: dict[str, Any]) -> VerifiedIdentity:
    born = row["birth_date"]
    return VerifiedIdentity(
        **{**row, "birth_date": date.fromisoformat(born) if born else None, "provider": Provider(row["provider"])}
    )
