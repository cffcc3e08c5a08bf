"""The dry run: every line of an export judged and staged, nothing of the Comune touched."""

from collections.abc import Mapping as Dict
from datetime import date

from django.db import connection, transaction

from onboarding.comparing import compare_load
from onboarding.engine import open_source
from onboarding.errors import FileAlteredOnDisk, LoadNotReady
from onboarding.judging.known import known_with
from onboarding.judging.types import Known
from onboarding.mapping.headings import as_this_file_is_written
from onboarding.mapping.structs import Mapping
from onboarding.mapping.texts import read_layout, read_mapping
from onboarding.models import LoadState, RosterLoad
from onboarding.review.applying import apply_decisions, rules_for_all, rulings_in_force
from onboarding.sources.types import Source
from onboarding.staging import stage
from sportello.jobs.registry import Progress
from sportello.kernel.errors import DomainError
from sportello.schools.models import School
from tenants.current import current_municipality

FORGET = "DELETE FROM onboarding_stagedrow WHERE load_id = %s"
SETTLED = frozenset({LoadState.COMMITTED, LoadState.COMMITTING, LoadState.UNDOING})


@transaction.atomic
def check_roster(*, load: RosterLoad, today: date, progress: Progress) -> RosterLoad:
    """Judge the file again from the start: all lines staged with their defects, or none and the reason why.

    A file that cannot be read leaves the load FAILED with the sentence that says why; the file is kept.
    Raises LoadNotReady where nobody has confirmed how the file is to be read.
    """
    locked = RosterLoad.objects.select_for_update().get(pk=load.pk)
    if locked.state in SETTLED:
        return locked
    if locked.mapping is None or not locked.mapping.is_confirmed:
        raise LoadNotReady
    try:
        with transaction.atomic():
            _stage_all(locked, today, progress)
    except DomainError as refusal:
        locked.state, locked.failure = LoadState.FAILED, str(refusal)[:400]
        progress.advance(message=str(refusal))
    else:
        locked.state, locked.failure = LoadState.CHECKED, ""
    locked.save()
    return locked


def _stage_all(load: RosterLoad, today: date, progress: Progress) -> None:
    with connection.cursor() as cursor:
        cursor.execute(FORGET, [load.pk])
    source = opened(load)
    mapping = mapping_of(load)
    known = known_to(today=today, decided=rules_for_all(rulings_in_force(load)))
    stage(load=load, source=source, mapping=mapping, known=known, progress=progress)
    with connection.cursor() as cursor:
        # Only the columns that the comparison and the statements of the commit choose or join by.
        cursor.execute("ANALYZE onboarding_stagedrow (load_id, line, verdict, key)")
    load.encoding = source.encoding[:12]
    apply_decisions(load=load, mapping=mapping, known=known)
    compare_load(load=load)


def opened(load: RosterLoad) -> Source:
    """The kept file. Raises FileGone, FileAlteredOnDisk, and what the readers of files raise."""
    source = open_source(load.path)
    if source.sha256 != load.sha256:
        raise FileAlteredOnDisk
    return source


def mapping_of(load: RosterLoad) -> Mapping:
    """The mapping of the load, for the file as it is written. Raises LoadNotReady."""
    if load.mapping is None:
        raise LoadNotReady
    mapping = read_mapping(load.mapping.toml)
    return as_this_file_is_written(mapping, read_layout(load.layout)) if load.layout else mapping


def known_to(*, today: date, decided: Dict[tuple[str, str, str], str] | None = None) -> Known:
    """What the rules may know of this Comune. An institute without a level is no place where a child sits."""
    sites = School.objects.filter(is_active=True).exclude(level="").order_by("pk")
    return known_with(
        sites.values_list("school_code", "name", "level"),
        municipality=current_municipality().belfiore_code,
        today=today,
        decided=decided,
    )
