"""How far the registration of an entity has come: its states, and the steps ticked on the way."""

from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from integrations.spid_cie.checklist import missing_steps, steps_of
from integrations.spid_cie.keys import signing_key
from integrations.spid_cie.models import EntityState, SamlEntity
from integrations.spid_cie.on_record import entity_changed
from sportello.kernel.clock import ROME
from sportello.kernel.errors import DomainError

MOVES: Final = {
    EntityState.DRAFT: (EntityState.TESTING,),
    EntityState.TESTING: (EntityState.PRODUCTION, EntityState.DRAFT),
    EntityState.PRODUCTION: (EntityState.TESTING,),
}
"""From each state, where one may go: the step forward first."""


class MoveNotAllowed(DomainError):
    def __init__(self) -> None:
        super().__init__(_("Da questo stato non si può passare a quello scelto: si avanza di un passo alla volta."))


class ChecklistIncomplete(DomainError):
    def __init__(self, missing: int) -> None:
        super().__init__(
            ngettext(
                "Manca %(number)s passo dell'elenco: segnalo come fatto, poi passa in esercizio.",
                "Mancano %(number)s passi dell'elenco: segnali come fatti, poi passa in esercizio.",
                missing,
            )
            % {"number": missing}
        )


class StepUnknown(DomainError):
    def __init__(self) -> None:
        super().__init__(_("Questo passo non fa parte dell'elenco dell'ente."))


class StepInTheFuture(DomainError):
    def __init__(self) -> None:
        super().__init__(_("La data non può essere nel futuro."))


def next_states(state: str) -> tuple[EntityState, ...]:
    """Where an entity may go from here."""
    return MOVES[EntityState(state)]


@transaction.atomic
def move_entity(*, entity: SamlEntity, state: EntityState, actor: int | None, now: datetime) -> SamlEntity:
    """One state on, or back. Raises MoveNotAllowed, KeyMissing (no testing without a key), ChecklistIncomplete."""
    held = _locked(entity)
    before = EntityState(held.state)
    if state not in MOVES[before]:
        raise MoveNotAllowed
    if state != EntityState.DRAFT:
        signing_key(held, now)
    if state == EntityState.PRODUCTION and (missing := missing_steps(held)):
        raise ChecklistIncomplete(len(missing))
    held.state = state
    held.save(update_fields=["state"])
    entity_changed(held, did="state", actor=actor, now=now, before=before.value, after=state.value)
    return held


@transaction.atomic
def tick_step(*, entity: SamlEntity, key: str, on: date, note: str, actor: int | None, now: datetime) -> SamlEntity:
    """A step is done: when, who says so, with which evidence. Raises StepUnknown, StepInTheFuture."""
    held = _locked(entity)
    if key not in {step.key for step in steps_of(held.scheme, held.mode)}:
        raise StepUnknown
    if on > now.astimezone(ROME).date():
        raise StepInTheFuture
    held.steps_done = {**held.steps_done, key: {"on": on.isoformat(), "by": actor, "note": note}}
    held.save(update_fields=["steps_done"])
    entity_changed(held, did="step_done", actor=actor, now=now, step=key, on=on.isoformat(), note=note)
    return held


@transaction.atomic
def untick_step(*, entity: SamlEntity, key: str, actor: int | None, now: datetime) -> SamlEntity:
    """A step is not done after all; the record keeps that it was ticked. Raises StepUnknown."""
    held = _locked(entity)
    if key not in held.steps_done:
        raise StepUnknown
    held.steps_done = {name: done for name, done in held.steps_done.items() if name != key}
    held.save(update_fields=["steps_done"])
    entity_changed(held, did="step_undone", actor=actor, now=now, step=key)
    return held


def _locked(entity: SamlEntity) -> SamlEntity:
    found: SamlEntity = (
        SamlEntity.objects.select_for_update(of=("self",)).select_related("municipality").get(pk=entity.pk)
    )
    return found
