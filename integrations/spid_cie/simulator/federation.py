"""The provider's own address, keys and entry in the registry, and what it knows of those who ask."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from lxml import etree

from integrations.sealing import seal, unseal
from integrations.spid_cie.addresses import entity_id, origin_of
from integrations.spid_cie.certificates import Pair, bare, make_pair
from integrations.spid_cie.desks import metadata_of
from integrations.spid_cie.keys import KeyMissing
from integrations.spid_cie.models import Environment, IdentityProvider, IdentityScheme, SamlEntity
from integrations.spid_cie.simulator.models import ProviderKey

NAMES: Final = {IdentityScheme.SPID: "SPID dimostrativo", IdentityScheme.CIE: "CIE dimostrativa"}


@dataclass(frozen=True, slots=True)
class DemoProvider:
    """The provider of a scheme, on a host: its usual one, or another to show it from a foreign site."""

    scheme: str
    host: str = settings.SIMULATOR_HOST

    @property
    def entity_id(self) -> str:
        """Its name in the demo's federation."""
        return f"{origin_of(self.host)}/{self.scheme}"

    @property
    def sso_url(self) -> str:
        """Where requests come in."""
        return f"{self.entity_id}/sso"

    @property
    def slo_url(self) -> str:
        """Where answers to a single logout come in."""
        return f"{self.entity_id}/slo"


def ensure_provider(provider: DemoProvider, *, now: datetime, bits: int = 2048) -> IdentityProvider:
    """Writes the provider into our registry, as AgID's list would: at each start, because the port may have changed."""
    scheme = provider.scheme
    key = ProviderKey.objects.filter(scheme=scheme).first() or _new_key(scheme, now, bits)
    facts = {
        "entity_id": provider.entity_id,
        "name": NAMES[IdentityScheme(scheme)],
        "sso_url": provider.sso_url,
        "slo_url": provider.slo_url if scheme == IdentityScheme.SPID else "",
        "certificates": [bare(key.certificate)],
    }
    written, _created = IdentityProvider.objects.update_or_create(
        scheme=scheme, environment=Environment.DEMONSTRATION, defaults=facts
    )
    return written


def pair_of(scheme: str) -> Pair:
    """The provider's key."""
    key = ProviderKey.objects.get(scheme=scheme)
    return Pair(unseal(key.sealed_key), key.certificate)


def published_metadata(issuer: str, now: datetime) -> Any:
    """The metadata of who says to be asking, as the hub publishes them; None for a stranger."""
    for entity in SamlEntity.objects.select_related("municipality"):
        if entity_id(entity) == issuer:
            try:
                return etree.fromstring(metadata_of(entity, now))
            except KeyMissing:
                return None
    return None


def entity_named(issuer: str) -> SamlEntity:
    """Whose desk it is, to show the people of that Comune."""
    return next(entity for entity in SamlEntity.objects.select_related("municipality") if entity_id(entity) == issuer)


def _new_key(scheme: str, now: datetime, bits: int) -> ProviderKey:
    pair = make_pair(
        entity_id=DemoProvider(scheme).entity_id,
        organization=str(NAMES[IdentityScheme(scheme)]),
        ipa_code="demo",
        city="Bari",
        now=now,
        bits=bits,
    )
    return ProviderKey.objects.create(scheme=scheme, certificate=pair.certificate, sealed_key=seal(pair.key))
