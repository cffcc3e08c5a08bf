"""A person says how a file is to be read: drafts are corrected, confirmed, imported; confirmed ones never change."""

from datetime import datetime

from django.db import transaction

from onboarding.errors import LoadNotReady, MappingIncomplete, MappingNotDraft
from onboarding.judging.labels import label
from onboarding.mapping.headings import as_this_file_is_written, fingerprint_of
from onboarding.mapping.needed import NEEDED
from onboarding.mapping.structs import Mapping
from onboarding.mapping.texts import mapping_text, read_layout, read_mapping
from onboarding.models import LoadState, MappingOrigin, MappingState, RosterLoad, SourceMapping
from onboarding.shelf.offering import offer_mapping
from onboarding.uploading import request_check
from sportello.accounts.models import Account
from sportello.audit.models import Action
from sportello.audit.recording import record
from tenants.current import current_municipality


@transaction.atomic
def correct_mapping(
    *, load: RosterLoad, mapping: Mapping, source_name: str, actor: Account | None, now: datetime
) -> SourceMapping:
    """Keep what the operator has corrected so far. Raises LoadNotReady or MappingNotDraft."""
    draft = _draft(load)
    draft.toml, draft.kind, draft.source_name = mapping_text(mapping), mapping.kind, source_name[:80]
    draft.written_by, draft.written_at = actor, now
    draft.save()
    return draft


@transaction.atomic
def confirm_mapping(*, load: RosterLoad, actor: Account | None, now: datetime) -> RosterLoad:
    """The draft becomes the next version of its source, goes on the shelf without its data, and the dry run starts.

    Raises LoadNotReady, MappingNotDraft or MappingIncomplete.
    """
    draft = _draft(load)
    mapping = read_mapping(draft.toml)
    refuse_unusable(mapping)
    versions = SourceMapping.objects.select_for_update().filter(source_name=draft.source_name)
    latest = versions.filter(state=MappingState.CONFIRMED).order_by("-version").first()
    draft.version = 1 if latest is None else latest.version + 1
    draft.fingerprint = fingerprint_of(mapping)
    draft.state, draft.confirmed_by, draft.confirmed_at = MappingState.CONFIRMED, actor, now
    draft.save()
    offer_mapping(mapping=mapping, source_name=draft.source_name, municipality=current_municipality(), now=now)
    record(
        action=Action.MAPPING_CONFIRMED,
        actor=None if actor is None else actor.pk,
        subject_kind="source_mapping",
        subject=draft.public_id,
        now=now,
        details={"kind": draft.kind, "version": draft.version, "columns": len(mapping.columns)},
    )
    load.refresh_from_db()
    return request_check(load=load, actor=actor, now=now)


@transaction.atomic
def import_mapping(*, load: RosterLoad, text: str, actor: Account | None, now: datetime) -> SourceMapping:
    """The draft of a load as a TOML file says. Raises MappingInvalid, LoadNotReady or MappingNotDraft."""
    draft = _draft(load)
    mapping = as_this_file_is_written(read_mapping(text), read_layout(load.layout))
    draft.toml, draft.kind = mapping_text(mapping), mapping.kind
    draft.origin, draft.origin_note = MappingOrigin.IMPORTED, ""
    draft.written_by, draft.written_at = actor, now
    draft.save()
    return draft


@transaction.atomic
def reopen_mapping(*, load: RosterLoad, actor: Account | None, now: datetime) -> RosterLoad:
    """A new draft from the confirmed mapping of a load that is not committed. Raises LoadNotReady."""
    locked = RosterLoad.objects.select_for_update(of=("self",)).select_related("mapping", "job").get(pk=load.pk)
    if locked.mapping is None or locked.is_at_work or locked.state == LoadState.COMMITTED:
        raise LoadNotReady
    if locked.mapping.is_confirmed:
        before = locked.mapping
        locked.mapping = SourceMapping.objects.create(
            source_name=before.source_name,
            kind=before.kind,
            fingerprint=before.fingerprint,
            toml=mapping_text(as_this_file_is_written(read_mapping(before.toml), read_layout(locked.layout))),
            origin=MappingOrigin.EARLIER,
            based_on=before,
            written_by=actor,
            written_at=now,
        )
    locked.state, locked.failure = LoadState.MAPPING, ""
    locked.save()
    return locked


def refuse_unusable(mapping: Mapping) -> None:
    """A mapping by which no row could be known: raises MappingIncomplete."""
    read = {column.field for column in mapping.columns if column.field}
    missing = [names for names in NEEDED.get(mapping.kind, ()) if not read & set(names)]
    if missing or not read:
        raise MappingIncomplete([label(names[0]) for names in missing] or [""])


def _draft(load: RosterLoad) -> SourceMapping:
    locked = RosterLoad.objects.select_for_update(of=("self",)).select_related("mapping").get(pk=load.pk)
    if locked.mapping is None or locked.state != LoadState.MAPPING:
        raise LoadNotReady
    if locked.mapping.is_confirmed:
        raise MappingNotDraft
    return locked.mapping
