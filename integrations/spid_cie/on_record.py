"""The audit record of the hub: its tables are in `public`, what is done to them is on record with the central team."""

from datetime import datetime

from django.conf import settings

from integrations.spid_cie.models import SamlEntity
from sportello.audit.models import Action
from sportello.audit.recording import record
from tenants.current import in_schema


def put_on_record(
    action: Action, *, subject_kind: str, subject: str, actor: int | None, now: datetime, **details: object
) -> None:
    """Adds an event to the central team's record, wherever this runs. `actor` None: a command or the clock."""
    with in_schema(settings.CENTRAL_SCHEMA):
        record(action=action, actor=actor, subject_kind=subject_kind, subject=subject, now=now, details=details)


def entity_changed(entity: SamlEntity, *, did: str, actor: int | None, now: datetime, **details: object) -> None:
    """An event about one entity. `did` never changes: for searches in the record."""
    put_on_record(
        Action.IDENTITY_CHANGED,
        subject_kind="saml_entity",
        subject=subject_of(entity),
        actor=actor,
        now=now,
        did=did,
        **details,
    )


def subject_of(entity: SamlEntity) -> str:
    """How the record names an entity: `A662 spid`; the central team's own is `centrale spid`."""
    holder = entity.municipality.belfiore_code if entity.municipality else settings.CENTRAL_SCHEMA
    return f"{holder} {entity.scheme}"
