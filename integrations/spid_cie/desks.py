"""Who stands at the door of a desk: its entities, the providers it may use, the toolkit's settings for both."""

import random
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from django.conf import settings
from onelogin.saml2.settings import OneLogin_Saml2_Settings

from integrations.spid_cie.addresses import consumer_url, entity_id, logout_url
from integrations.spid_cie.certificates import bare
from integrations.spid_cie.keys import KeyMissing, private_key, published_keys, signing_key
from integrations.spid_cie.models import Environment, IdentityProvider, IdentityScheme, Mode, SamlEntity, SigningKey
from integrations.spid_cie.saml.metadata import Aggregator, Facts, cie_metadata, signed, spid_metadata
from integrations.spid_cie.saml.toolkit import Peer, ServiceProvider, settings_for
from tenants.current import current_schema


def entity_of(schema: str, scheme: str) -> SamlEntity | None:
    """The entity behind the desk of a schema; the central team's for its own."""
    of_desk = {"municipality": None} if schema == settings.CENTRAL_SCHEMA else {"municipality__schema_name": schema}
    return SamlEntity.objects.filter(scheme=scheme, **of_desk).select_related("municipality").first()


def usable_providers(entity: SamlEntity) -> list[IdentityProvider]:
    """Those that may authenticate for an entity, in random order (Avviso SPID 42: nobody is preferred)."""
    held = IdentityProvider.objects.filter(scheme=entity.scheme, enabled=True)
    if settings.DEPLOY_ENV == "production":
        held = held.filter(environment=Environment.PRODUCTION)
    if entity.mode == Mode.GATEWAY:
        held = held.filter(entity_id=entity.gateway_entity_id)
    else:  # the gateway of one Comune is nobody else's provider
        held = held.exclude(entity_id__in=SamlEntity.objects.filter(mode=Mode.GATEWAY).values("gateway_entity_id"))
    found = list(held)
    random.SystemRandom().shuffle(found)
    return found


def open_doors(now: datetime) -> dict[str, list[IdentityProvider]]:
    """For each scheme by which one can enter the current desk, its providers."""
    doors: dict[str, list[IdentityProvider]] = {}
    for scheme in IdentityScheme.values:
        entity = entity_of(current_schema(), scheme)
        if entity is None or not any(_signs(entity, now)):
            continue
        providers = usable_providers(entity)
        if providers:
            doors[scheme] = providers
    return doors


def toolkit_settings(entity: SamlEntity, provider: IdentityProvider, now: datetime) -> OneLogin_Saml2_Settings:
    """The toolkit's settings for both; kept in the process until a key or an address changes. Raises KeyMissing."""
    key = signing_key(entity, now)
    peer = Peer(
        entity_id=provider.entity_id,
        sso_url=provider.sso_url,
        slo_url=provider.slo_url,
        certificates=tuple(provider.certificates),
        is_cie=provider.scheme == IdentityScheme.CIE,
    )
    return _settings(entity_id(entity), _Signer(key.fingerprint, key), peer)


def metadata_of(entity: SamlEntity, now: datetime) -> bytes:
    """The signed metadata of an entity. The same bytes until a key or a fact changes. Raises KeyMissing."""
    keys = published_keys(entity, now)
    signs = signing_key(entity, now)
    aggregator = Aggregator(**settings.SAML_AGGREGATOR)
    facts = Facts(
        entity_id=entity_id(entity),
        consumer_url=consumer_url(),
        logout_url=logout_url(),
        ipa_code=entity.ipa_code,
        belfiore_code=entity.belfiore_code,
        organization=entity.organization_name,
        organization_url=entity.organization_url,
        email=entity.contact_email,
        phone=entity.contact_phone,
        certificates=tuple(bare(key.certificate) for key in keys),
        aggregator=aggregator if entity.mode == Mode.AG_FULL else None,
    )
    root = cie_metadata(facts, aggregator) if entity.scheme == IdentityScheme.CIE else spid_metadata(facts)
    return signed(root, key=private_key(signs), certificate=signs.certificate)


@dataclass(frozen=True, slots=True)
class _Signer:
    """A key that is opened only when settings are made: the cache compares it by its fingerprint."""

    fingerprint: str
    key: SigningKey = field(compare=False)


@lru_cache(maxsize=512)
def _settings(us: str, signer: _Signer, peer: Peer) -> OneLogin_Saml2_Settings:
    key = signer.key
    return settings_for(ServiceProvider(us, consumer_url(), logout_url(), private_key(key), key.certificate), peer)


def _signs(entity: SamlEntity, now: datetime) -> list[bool]:
    try:
        signing_key(entity, now)
    except KeyMissing:
        return []
    return [True]
