"""How an uploaded file is to be read: as last week, when its headings are known; else proposed to a person."""

from datetime import date, datetime

from django.db import models, transaction

from onboarding.checking import opened
from onboarding.engine import proposal
from onboarding.mapping.headings import as_this_file_is_written, carried_over, fingerprint_of, likeness
from onboarding.mapping.structs import Mapping
from onboarding.mapping.texts import layout_data, mapping_text, read_mapping
from onboarding.models import LoadState, MappingOrigin, MappingState, RosterLoad, SourceMapping
from onboarding.shelf.models import SharedMapping
from onboarding.shelf.offering import offered_by_others
from sportello.jobs.registry import Progress
from sportello.kernel.errors import DomainError
from tenants.current import current_municipality

ALIKE = 0.5
"""From which share of common headings on a file is another version of a known source."""


@transaction.atomic
def read_export(*, load: RosterLoad, today: date, now: datetime, progress: Progress) -> RosterLoad:
    """Recognise the file: with a confirmed mapping it may be checked at once, else it waits for a person.

    A file that cannot be read leaves the load FAILED with the sentence that says why; the file is kept.
    """
    locked = RosterLoad.objects.select_for_update().get(pk=load.pk)
    if locked.state != LoadState.READING:
        return locked
    try:
        with transaction.atomic():
            found = proposal(opened(locked), municipality=current_municipality().belfiore_code, today=today)
    except DomainError as refusal:
        locked.state, locked.failure = LoadState.FAILED, str(refusal)[:400]
        progress.advance(message=str(refusal))
    else:
        _choose(locked, found, now)
    locked.save()
    return locked


def _choose(load: RosterLoad, found: Mapping, now: datetime) -> None:
    fingerprint = fingerprint_of(found)
    load.layout, load.failure = layout_data(found.layout), ""
    confirmed = _confirmed().filter(fingerprint=fingerprint).order_by("-confirmed_at", "-pk").first()
    if confirmed is not None:
        load.mapping, load.state = confirmed, LoadState.CHECKING
        return
    load.mapping = _draft(load, found, fingerprint, now)
    load.state = LoadState.MAPPING


def _draft(load: RosterLoad, found: Mapping, fingerprint: str, now: datetime) -> SourceMapping:
    """From the version before of the same source, from another Comune, or as proposed: what people confirmed leads."""
    draft = SourceMapping(
        source_name=source_name_of(load.file_name),
        kind=found.kind,
        fingerprint=fingerprint,
        written_by=load.uploaded_by,
        written_at=now,
    )
    before = version_before(found)
    shared = offered_by_others(municipality=current_municipality(), fingerprint=fingerprint).first()
    if before is not None:
        found = carried_over(found, read_mapping(before.toml))
        draft.source_name, draft.kind = before.source_name, found.kind
        draft.origin, draft.based_on = MappingOrigin.EARLIER, before
    elif shared is not None:
        found = _as_shared(found, shared)
        draft.kind, draft.origin = found.kind, MappingOrigin.SHELF
        draft.origin_note = f"{shared.municipality_name}, {shared.source_name}"[:120]
    draft.toml = mapping_text(found)
    draft.save()
    return draft


def _as_shared(found: Mapping, shared: SharedMapping) -> Mapping:
    return carried_over(found, as_this_file_is_written(read_mapping(shared.toml), found.layout))


def version_before(found: Mapping) -> SourceMapping | None:
    """The confirmed mapping whose headings are most like those of the file, if any are alike enough."""
    if not found.layout.header:
        return None
    candidates = [(likeness(read_mapping(each.toml).layout, found.layout), each) for each in latest_versions()]
    best = max(candidates, key=lambda pair: pair[0], default=(0.0, None))
    return best[1] if best[0] >= ALIKE else None


def latest_versions() -> list[SourceMapping]:
    """The latest confirmed mapping of each source."""
    return list(_confirmed().order_by("source_name", "-version").distinct("source_name"))


def _confirmed() -> "models.QuerySet[SourceMapping]":
    return SourceMapping.objects.filter(state=MappingState.CONFIRMED)


def source_name_of(file_name: str) -> str:
    """What a source is called until somebody says better: the name of its file without figures and ending."""
    stem = file_name.rpartition(".")[0] or file_name
    words = "".join(c if c.isalpha() else " " for c in stem).split()
    return (" ".join(words) or "archivio").lower()[:80]
