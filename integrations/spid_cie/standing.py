"""How an entity stands today: its keys, its steps, what asks for attention. For pages and papers; changes nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from integrations.spid_cie.addresses import entity_id
from integrations.spid_cie.certificates import subject_of
from integrations.spid_cie.checklist import Step, missing_steps, steps_of
from integrations.spid_cie.keys import published_keys
from integrations.spid_cie.models import EntityState, IdentityProvider, Mode, SamlEntity, SigningKey

NEAR: Final = timedelta(days=60)
"""A new certificate needs a round with AgID: who is warned two months before makes it in time."""


class KeyUse(StrEnum):
    """What a key does today."""

    SIGNS = "signs"
    PUBLISHED = "published"
    RETIRED = "retired"


class Warned(StrEnum):
    """What asks for attention."""

    NO_KEY = "no_key"
    EXPIRED = "expired"
    EXPIRES = "expires"
    NEW_ROUND = "new_round"
    OTHER_NAME = "other_name"
    NO_GATEWAY = "no_gateway"


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key as the table shows it."""

    key: SigningKey
    use: KeyUse
    expires_soon: bool


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step and, when it is done, when, by which account, with which note."""

    step: Step
    on: date | None = None
    by: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Rollover:
    """How far a change of key has come: none, published, or the new one signs."""

    under_way: bool
    new_signs: bool


def key_rows(entity: SamlEntity, now: datetime) -> list[KeyRow]:
    """The published keys, the one that signs first; then the retired ones, the latest first."""
    published = published_keys(entity, now)
    retired = sorted((key for key in entity.keys.all() if key.retired_at), key=lambda key: key.pk, reverse=True)
    rows = [KeyRow(key, _use(key, position), _near(key, now)) for position, key in enumerate(published)]
    return [*rows, *(KeyRow(key, KeyUse.RETIRED, expires_soon=False) for key in retired)]


def rollover_of(entity: SamlEntity) -> Rollover:
    """The change of key under way."""
    held = sorted((key for key in entity.keys.all() if key.retired_at is None), key=lambda key: key.pk)
    return Rollover(len(held) > 1, len(held) > 1 and held[-1].signs_from is not None)


def step_rows(entity: SamlEntity) -> list[StepRow]:
    """The steps of the check-list, in order."""
    return [_step_row(step, entity.steps_done.get(step.key)) for step in steps_of(entity.scheme, entity.mode)]


def steps_count(entity: SamlEntity) -> tuple[int, int]:
    """Done, and all."""
    steps = steps_of(entity.scheme, entity.mode)
    return sum(step.key in entity.steps_done for step in steps), len(steps)


def expiry_of(entity: SamlEntity, now: datetime) -> datetime | None:
    """Until when the key that signs holds; None without one. Reads prefetched keys."""
    signing = [row for row in key_rows(entity, now) if row.use == KeyUse.SIGNS]
    return signing[0].key.valid_until if signing else None


def warnings_of(entity: SamlEntity, now: datetime) -> list[Warned]:
    """What asks for attention, the worst first."""
    until = expiry_of(entity, now)
    found = []
    if until is None:
        found.append(Warned.NO_KEY)
    elif until <= now:
        found.append(Warned.EXPIRED)
    elif until - now <= NEAR and not rollover_of(entity).under_way:
        found.append(Warned.EXPIRES)
    if entity.state == EntityState.PRODUCTION and missing_steps(entity):
        found.append(Warned.NEW_ROUND)
    if not _is_named(entity, published_keys(entity, now)):
        found.append(Warned.OTHER_NAME)
    if entity.mode == Mode.GATEWAY and not _is_known(entity.gateway_entity_id):
        found.append(Warned.NO_GATEWAY)
    return found


def _is_known(gateway: str) -> bool:
    return IdentityProvider.objects.filter(entity_id=gateway, enabled=True).exists()


def _is_named(entity: SamlEntity, keys: Iterable[SigningKey]) -> bool:
    """Whether the newest certificate names the entity as it is called now."""
    newest = max(keys, key=lambda key: key.pk, default=None)
    expected = (entity_id(entity), entity.organization_name[:64])
    return newest is None or subject_of(newest.certificate) == expected


def _use(key: SigningKey, position: int) -> KeyUse:
    return KeyUse.SIGNS if position == 0 and key.signs_from is not None else KeyUse.PUBLISHED


def _near(key: SigningKey, now: datetime) -> bool:
    return key.valid_until - now <= NEAR


def _step_row(step: Step, done: dict[str, Any] | None) -> StepRow:
    if done is None:
        return StepRow(step)
    return StepRow(step, date.fromisoformat(done["on"]), done.get("by"), str(done.get("note", "")))
