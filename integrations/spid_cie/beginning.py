"""A login begins: who asks, of whom, and the address to which the browser goes."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from urllib.parse import urlencode

from onelogin.saml2.auth import OneLogin_Saml2_Auth

from integrations.sealing import seal
from integrations.spid_cie.desks import entity_of, toolkit_settings, usable_providers
from integrations.spid_cie.errors import DoorClosed, ProviderUnknown
from integrations.spid_cie.keys import KeyMissing
from integrations.spid_cie.models import IdentityProvider, IdentityScheme, LoginTransaction, SamlEntity
from integrations.spid_cie.saml.authn_request import AuthnRequest
from integrations.spid_cie.saml.toolkit import request_data
from tenants.current import current_schema

LIFETIME: Final = timedelta(minutes=15)
ALPHABET: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # what can be read aloud on the telephone


@dataclass(frozen=True, slots=True)
class Asking:
    """What a browser asks for. `origin` is the desk's own host, `nonce` stays with the browser as a cookie."""

    provider: str
    origin: str
    next_path: str
    nonce: str
    level: int
    minimum_age: int | None


def begin_login(asking: Asking, *, now: datetime) -> str:
    """Opens a transaction and returns the provider's address with our signed request.

    Nothing is fetched. Raises ProviderUnknown, DoorClosed.
    """
    provider = IdentityProvider.objects.filter(entity_id=asking.provider, enabled=True).first()
    if provider is None:
        raise ProviderUnknown
    entity = entity_of(current_schema(), provider.scheme)
    if entity is None:
        raise DoorClosed
    if provider not in usable_providers(entity):
        raise ProviderUnknown
    try:
        return _departure(entity, provider, asking, now)
    except KeyMissing as error:
        raise DoorClosed from error


def digest(secret: str) -> str:
    """What is kept of a secret that the browser holds."""
    return sha256(secret.encode()).hexdigest()


def _departure(entity: SamlEntity, provider: IdentityProvider, asking: Asking, now: datetime) -> str:
    settings = toolkit_settings(entity, provider, now)
    request = AuthnRequest(
        settings,
        level=asking.level,
        minimum_age=asking.minimum_age,
        is_cie=provider.scheme == IdentityScheme.CIE,
        now=now,
    )
    number = _new_number()
    LoginTransaction.objects.create(
        number=number,
        request_id=request.get_id(),
        entity=entity,
        provider=provider,
        schema_name=current_schema(),
        origin=asking.origin,
        next_path=asking.next_path,
        nonce_digest=digest(asking.nonce),
        level=asking.level,
        sealed_request=seal(request.get_xml().encode()),
        begun_at=now,
        expires_at=now + LIFETIME,
    )
    parameters = {"SAMLRequest": request.get_request(), "RelayState": number}
    OneLogin_Saml2_Auth(request_data(asking.origin), old_settings=settings).add_request_signature(parameters)
    return f"{provider.sso_url}{'&' if '?' in provider.sso_url else '?'}{urlencode(parameters)}"


def _new_number() -> str:
    """Like `K7QM-2XHP`: a million million of them, so that none comes twice in two years."""
    word = "".join(secrets.choice(ALPHABET) for _place in range(8))
    return f"{word[:4]}-{word[4:]}"
