"""A Comune becomes a service provider of SPID and CIE: the facts of its entity, from its pack."""

from datetime import datetime

from django.conf import settings

from integrations.spid_cie.addresses import entity_id
from integrations.spid_cie.certificates import make_pair
from integrations.spid_cie.keys import keep_pair
from integrations.spid_cie.models import IdentityScheme, Mode, SamlEntity
from tenants.models import Municipality
from tenants.municipal_packs import municipal_packs


def ensure_entities(*, now: datetime, bits: int) -> int:
    """An entity with a key for every Comune and for the central team, in both schemes; returns how many keys it made.

    What exists is left as it is.
    """
    codes = {pack.facts.belfiore_code: pack.facts.ipa_code for pack in municipal_packs()}
    made = 0
    for municipality in [None, *Municipality.objects.all()]:
        for scheme in IdentityScheme:
            entity = ensure_entity(municipality, scheme, ipa_code=_code(municipality, codes))
            made += _ensure_key(entity, now, bits)
    return made


def ensure_entity(municipality: Municipality | None, scheme: IdentityScheme, *, ipa_code: str) -> SamlEntity:
    """The entity of a Comune in a scheme: aggregated for SPID, direct for CIE, which knows no aggregator."""
    partner = settings.SAML_AGGREGATOR
    name = f"Comune di {municipality.name}" if municipality else partner["name"]
    entity, _created = SamlEntity.objects.get_or_create(
        municipality=municipality,
        scheme=scheme,
        defaults={
            "mode": Mode.DIRECT if scheme == IdentityScheme.CIE else Mode.AG_FULL,
            "ipa_code": ipa_code,
            "organization_name": name,
            "organization_url": f"https://www.comune.{municipality.slug}.ba.it"
            if municipality
            else "https://www.cittametropolitana.ba.it",
            "contact_email": (municipality.contacts_email if municipality else "") or partner["email"],
            "contact_phone": (municipality.contacts_phone if municipality else "") or partner["phone"],
            "belfiore_code": municipality.belfiore_code if municipality else partner["belfiore_code"],
        },
    )
    return entity


def _code(municipality: Municipality | None, codes: dict[str, str]) -> str:
    if municipality is None:
        return str(settings.SAML_AGGREGATOR["ipa_code"])
    return codes.get(municipality.belfiore_code, f"c_{municipality.belfiore_code.lower()}")


def _ensure_key(entity: SamlEntity, now: datetime, bits: int) -> int:
    if entity.keys.filter(retired_at__isnull=True).exists():
        return 0
    pair = make_pair(
        entity_id=entity_id(entity),
        organization=entity.organization_name,
        ipa_code=entity.ipa_code,
        city=entity.municipality.name if entity.municipality else "Bari",
        now=now,
        bits=bits,
    )
    keep_pair(entity=entity, pair=pair, now=now, signs_from=now)
    return 1
