"""Single logout asked by a provider: which sessions end, and our signed answer (SPID technical rules, single-logout).

CIE has none: its users leave by the logout page of their desk.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from integrations.spid_cie.addresses import logout_url
from integrations.spid_cie.beginning import digest
from integrations.spid_cie.desks import entity_of, toolkit_settings
from integrations.spid_cie.errors import AnswerRefused
from integrations.spid_cie.keys import KeyMissing
from integrations.spid_cie.models import IdentityProvider, LoginTransaction, ProviderSession, SamlEntity
from integrations.spid_cie.saml import logout
from integrations.spid_cie.saml.response import Refused


@dataclass(frozen=True, slots=True)
class Parting:
    """The sessions to end, by schema, and where the browser goes when they are over."""

    sessions: dict[str, list[UUID]]
    address: str


def remember_session(*, login: str, session: UUID, now: datetime) -> None:
    """Ties the session that follows a login to the NameID by which its provider will name it."""
    held = LoginTransaction.objects.get(number=login)
    ProviderSession.objects.create(
        provider_id=held.provider_id,
        name_id_digest=held.name_id_digest,
        schema_name=held.schema_name,
        session=session,
        opened_at=now,
        expires_at=now + timedelta(seconds=settings.SESSION_COOKIE_AGE),
    )


def read_logout(query: dict[str, str], *, query_string: str, now: datetime) -> Parting:
    """Reads a provider's request. An unknown NameID ends nothing and is answered like any other.

    Raises AnswerRefused: unsigned, signed by somebody else, stale, not for us.
    """
    try:
        provider = _asking(query.get("SAMLRequest", ""))
        central = _entity(settings.CENTRAL_SCHEMA, provider)
        ours = toolkit_settings(central, provider, now)
        asked = logout.verified(ours, url=logout_url(), query=query, query_string=query_string, now=now)
        held = list(ProviderSession.objects.filter(provider=provider, name_id_digest=digest(asked.name_id)))
        speaks = toolkit_settings(_entity(held[0].schema_name, provider), provider, now) if held else ours
        address = logout.answer(speaks, asked, url=logout_url(), relay_state=query.get("RelayState"))
    except (Refused, KeyMissing) as error:
        raise AnswerRefused(f"logout_{getattr(error, 'code', 'key')}") from error
    sessions: dict[str, list[UUID]] = {}
    for one in held:
        sessions.setdefault(one.schema_name, []).append(one.session)
    return Parting(sessions, address)


def forget_sessions(parting: Parting) -> None:
    """What was ended need not be found again."""
    gone = [session for sessions in parting.sessions.values() for session in sessions]
    ProviderSession.objects.filter(session__in=gone).delete()


def _entity(schema: str, provider: IdentityProvider) -> SamlEntity:
    entity = entity_of(schema, provider.scheme)
    if entity is None:
        raise Refused("entity")
    return entity


def _asking(encoded: str) -> IdentityProvider:
    provider = IdentityProvider.objects.filter(entity_id=logout.issuer_of(encoded), enabled=True).first()
    if provider is None:
        raise Refused("provider")
    return provider
