"""A Comune becomes a service provider of SPID and CIE: the facts of its entity, from the desk or from its pack."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from integrations.spid_cie.addresses import entity_id
from integrations.spid_cie.certificates import make_pair
from integrations.spid_cie.checklist import to_do_again
from integrations.spid_cie.keys import keep_pair
from integrations.spid_cie.models import EntityState, IdentityScheme, Mode, SamlEntity
from integrations.spid_cie.on_record import entity_changed
from sportello.kernel.errors import DomainError
from tenants.models import Municipality
from tenants.municipal_packs import municipal_packs

PUBLISHED: Final = frozenset(EntityState) - {EntityState.DRAFT}


@dataclass(frozen=True, slots=True)
class EntityFacts:
    """What the federation knows of a Comune: all of it stands in the metadata, but the gateway."""

    mode: Mode
    ipa_code: str
    organization_name: str
    organization_url: str
    contact_email: str
    contact_phone: str
    belfiore_code: str
    gateway_entity_id: str = ""


class AlreadyRegistered(DomainError):
    def __init__(self) -> None:
        super().__init__(_("Il Comune è già registrato in questo sistema: aggiorna la pagina e modifica i suoi dati."))


class IpaCodeTaken(DomainError):
    def __init__(self) -> None:
        super().__init__(_("Un altro ente usa già questo codice IPA: controllalo nell'Indice."))


class NoAggregatorInCie(DomainError):
    def __init__(self) -> None:
        super().__init__(_("CIE non ha aggregatori: scegli un'altra modalità."))


class GatewayNotNamed(DomainError):
    def __init__(self) -> None:
        super().__init__(_("Scrivi l'identificativo (entityID) del gateway."))


class NewRoundNotConfirmed(DomainError):
    """Facts of an entity that is published were about to change."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "L'ente è già pubblicato: questa modifica cambia i metadati e vuole un nuovo giro con AgID o con il "
                "Ministero. Conferma per salvarla."
            )
        )


@transaction.atomic
def register_entity(
    *, municipality: Municipality, scheme: IdentityScheme, facts: EntityFacts, actor: int | None, now: datetime
) -> SamlEntity:
    """A new entity, in preparation. Raises AlreadyRegistered, IpaCodeTaken, NoAggregatorInCie, GatewayNotNamed."""
    _sound(scheme, facts)
    entity = SamlEntity(municipality=municipality, scheme=scheme, **asdict(facts))
    _save(entity)
    entity_changed(entity, did="registered", actor=actor, now=now, mode=facts.mode.value, ipa_code=facts.ipa_code)
    return entity


@transaction.atomic
def change_entity(
    *, entity: SamlEntity, facts: EntityFacts, confirmed: bool, actor: int | None, now: datetime
) -> list[str]:
    """Changes what differs and returns its names. Of a published entity only when confirmed: the steps that depend
    on the metadata are then to be done again.

    Raises NewRoundNotConfirmed, IpaCodeTaken, NoAggregatorInCie, GatewayNotNamed.
    """
    held = SamlEntity.objects.select_for_update(of=("self",)).select_related("municipality").get(pk=entity.pk)
    _sound(held.scheme, facts)
    changed = [name for name, value in asdict(facts).items() if getattr(held, name) != value]
    if not changed:
        return []
    again = [step.key for step in to_do_again(held)] if held.state in PUBLISHED else []
    if held.state == EntityState.PRODUCTION and not confirmed:
        raise NewRoundNotConfirmed
    for name in changed:
        setattr(held, name, getattr(facts, name))
    held.steps_done = {key: done for key, done in held.steps_done.items() if key not in again}
    _save(held)
    entity_changed(held, did="changed", actor=actor, now=now, fields=changed, steps_again=again)
    return changed


def _sound(scheme: str, facts: EntityFacts) -> None:
    if scheme == IdentityScheme.CIE and facts.mode == Mode.AG_FULL:
        raise NoAggregatorInCie
    if facts.mode == Mode.GATEWAY and not facts.gateway_entity_id:
        raise GatewayNotNamed


def _save(entity: SamlEntity) -> None:
    try:
        with transaction.atomic():
            entity.save()
    except IntegrityError as error:
        raise (IpaCodeTaken if "saml_entity_ipa_code" in str(error) else AlreadyRegistered) from error


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
