"""Which key signs, which are published; making one, rolling over, retiring."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from integrations.sealing import seal, unseal
from integrations.spid_cie.addresses import entity_id
from integrations.spid_cie.certificates import Pair, make_pair, validity
from integrations.spid_cie.models import SamlEntity, SigningKey
from integrations.spid_cie.on_record import entity_changed
from sportello.kernel.errors import DomainError


class KeyMissing(DomainError):
    def __init__(self) -> None:
        super().__init__(_("L'ente non ha ancora una chiave: creala prima."))


class KeyThere(DomainError):
    def __init__(self) -> None:
        super().__init__(_("L'ente ha già una chiave: per cambiarla comincia un cambio di chiave."))


class RolloverUnderWay(DomainError):
    def __init__(self) -> None:
        super().__init__(_("Un cambio di chiave è già in corso: concludilo prima di cominciarne un altro."))


class NoRollover(DomainError):
    def __init__(self) -> None:
        super().__init__(_("Non c'è un cambio di chiave in corso."))


class NewKeyNotInUse(DomainError):
    def __init__(self) -> None:
        super().__init__(_("La chiave nuova non firma ancora: prima falla firmare, poi togli la vecchia."))


class AlreadyInUse(DomainError):
    def __init__(self) -> None:
        super().__init__(_("La chiave nuova firma già."))


def published_keys(entity: SamlEntity, now: datetime) -> list[SigningKey]:
    """Those in the metadata: one, or two during a rollover, the one that signs first."""
    held = [key for key in entity.keys.all() if key.retired_at is None]
    return sorted(held, key=lambda key: (not _signs(key, now), -key.pk))


def signing_key(entity: SamlEntity, now: datetime) -> SigningKey:
    """The newest published key that may sign; raises KeyMissing."""
    held = [key for key in published_keys(entity, now) if _signs(key, now)]
    if not held:
        raise KeyMissing
    return held[0]


def private_key(key: SigningKey) -> str:
    """The private half, PEM."""
    return unseal(key.sealed_key).decode()


@transaction.atomic
def make_key(*, entity: SamlEntity, now: datetime, actor: int | None = None) -> SigningKey:
    """The first key of an entity: published and signing at once. A second one begins a rollover instead.

    This and what follows is on the central team's record. Raises KeyThere.
    """
    SamlEntity.objects.select_for_update().get(pk=entity.pk)
    if entity.keys.filter(retired_at__isnull=True).exists():
        raise KeyThere
    made = keep_pair(entity=entity, pair=_pair_for(entity, now), now=now, signs_from=now)
    return _on_record(made, "key_made", actor, now)


@transaction.atomic
def begin_rollover(*, entity: SamlEntity, now: datetime, actor: int | None = None) -> SigningKey:
    """Publishes a second key, which does not sign yet: the federation must first have read it.

    Raises KeyMissing, RolloverUnderWay.
    """
    SamlEntity.objects.select_for_update().get(pk=entity.pk)
    held = entity.keys.filter(retired_at__isnull=True).count()
    if not held:
        raise KeyMissing
    if held > 1:
        raise RolloverUnderWay
    made = keep_pair(entity=entity, pair=_pair_for(entity, now), now=now, signs_from=None)
    return _on_record(made, "rollover_begun", actor, now)


@transaction.atomic
def sign_with_new(*, entity: SamlEntity, now: datetime, actor: int | None = None) -> SigningKey:
    """The newer key signs from now on; the older one stays published. Raises NoRollover, AlreadyInUse."""
    _older, newer = _rollover_of(entity)
    if newer.signs_from is not None:
        raise AlreadyInUse
    newer.signs_from = now
    newer.save(update_fields=["signs_from"])
    return _on_record(newer, "new_key_signs", actor, now)


@transaction.atomic
def end_rollover(*, entity: SamlEntity, now: datetime, actor: int | None = None) -> SigningKey:
    """The older key leaves the metadata; its private half is destroyed. Raises NoRollover, NewKeyNotInUse."""
    older, newer = _rollover_of(entity)
    if newer.signs_from is None:
        raise NewKeyNotInUse
    older.retired_at, older.sealed_key = now, b""
    older.save(update_fields=["retired_at", "sealed_key"])
    _on_record(older, "old_key_destroyed", actor, now)
    return newer


def keep_pair(*, entity: SamlEntity, pair: Pair, now: datetime, signs_from: datetime | None) -> SigningKey:
    """Stores a pair, sealed."""
    begins, ends = validity(pair.certificate)
    return SigningKey.objects.create(
        entity=entity,
        fingerprint=pair.fingerprint,
        certificate=pair.certificate,
        sealed_key=seal(pair.key),
        valid_from=begins,
        valid_until=ends,
        published_at=now,
        signs_from=signs_from,
    )


def _pair_for(entity: SamlEntity, now: datetime) -> Pair:
    city = entity.municipality.name if entity.municipality else "Bari"
    return make_pair(
        entity_id=entity_id(entity),
        organization=entity.organization_name,
        ipa_code=entity.ipa_code,
        city=city,
        now=now,
    )


def _rollover_of(entity: SamlEntity) -> tuple[SigningKey, SigningKey]:
    SamlEntity.objects.select_for_update().get(pk=entity.pk)
    held = list(entity.keys.filter(retired_at__isnull=True).order_by("id"))
    if len(held) != 2:
        raise NoRollover
    return held[0], held[1]


def _on_record(key: SigningKey, did: str, actor: int | None, now: datetime) -> SigningKey:
    entity_changed(key.entity, did=did, actor=actor, now=now, fingerprint=key.fingerprint)
    return key


def _signs(key: SigningKey, now: datetime) -> bool:
    return key.signs_from is not None and key.signs_from <= now
