"""The way of a Comune into the desk, one step at a time, and back."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sportello.kernel.errors import DomainError
from tenants.current import PUBLIC, in_schema
from tenants.hosts import announce_change
from tenants.models import Municipality, Stage, StageChange
from tenants.provisioning import schema_exists

ORDER = tuple(Stage)


class StageSkipped(DomainError):
    def __init__(self) -> None:
        super().__init__(_("Si avanza di una fase alla volta; si può tornare a una fase precedente."))


class SchemaMissing(DomainError):
    def __init__(self) -> None:
        super().__init__(_("Il Comune non ha ancora uno schema nella banca dati: va prima predisposto."))


class StageReasonMissing(DomainError):
    def __init__(self) -> None:
        super().__init__(_("Scrivi il motivo: resta nella storia del Comune."))


def next_stages(stage: Stage) -> list[Stage]:
    """Where one may go from here: the next stage, or any earlier one."""
    place = ORDER.index(stage)
    return [*ORDER[:place], *ORDER[place + 1 : place + 2]]


@transaction.atomic
def move_to_stage(*, municipality: Municipality, stage: Stage, by: str, reason: str, now: datetime) -> Stage:
    """Moves the Comune, keeps who, when and why, and returns the stage it left. `by` is a name people read.

    Raises StageSkipped, SchemaMissing, StageReasonMissing.
    """
    if not reason.strip():
        raise StageReasonMissing
    held = Municipality.objects.select_for_update().get(pk=municipality.pk)
    before = Stage(held.stage)
    if stage not in next_stages(before):
        raise StageSkipped
    if not schema_exists(held.schema_name):
        raise SchemaMissing
    held.stage = stage
    with in_schema(PUBLIC):  # django_tenants saves a Comune only from there or from its own schema
        held.save(update_fields=["stage"])
    StageChange.objects.create(
        municipality=held, before=before, after=stage, changed_at=now, changed_by=by, reason=reason.strip()
    )
    transaction.on_commit(announce_change)
    return before
