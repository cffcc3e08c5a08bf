"""A file brought in by a script: the same use cases as the screens, and their jobs run here, one after the other."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.core.files.base import File

from onboarding.checking import mapping_of
from onboarding.confirming import confirm_mapping, correct_mapping, reopen_mapping
from onboarding.kinds import may_be_committed
from onboarding.mapping.structs import Mapping
from onboarding.models import LoadState, RosterLoad
from onboarding.reading_in import source_name_of
from onboarding.uploading import request_commit, upload_roster
from sportello.accounts.models import Account
from sportello.jobs.models import Job
from sportello.jobs.running import run_job
from sportello.kernel.errors import DomainError
from sportello.kernel.school_year import SchoolYear


class FileNotTaken(DomainError):
    """The file could not be read or stored, with the sentence that says why."""


def bring_in(*, path: Path, mapping: Mapping, actor: Account | None, now: Callable[[], datetime]) -> RosterLoad:
    """Upload a file into the current Comune, confirm its mapping, check it and commit it; the load that it became.

    Each step is a transaction of its own; the commit stores all or nothing, and can be undone from the screens. A kind
    that no room keeps stays checked: its rows are staged, and `kinds.why_not_committed` says why.
    Raises FileNotTaken, NothingToCommit, ComuneAtWork and what `confirm_mapping` raises.
    """
    year = SchoolYear(mapping.school_year) if mapping.school_year else SchoolYear.of(now().date())
    with path.open("rb") as file:
        load = upload_roster(file=File(file), file_name=path.name, school_year=year, actor=actor, now=now())
    load = _after(load.job, load, now)
    if load.mapping is not None and (load.state == LoadState.MAPPING or mapping_of(load).columns != mapping.columns):
        reopen_mapping(load=load, actor=actor, now=now())
        name = mapping.name or source_name_of(path.name)
        correct_mapping(load=load, mapping=mapping, source_name=name, actor=actor, now=now())
        load = confirm_mapping(load=load, actor=actor, now=now())
        load = _after(load.job, load, now)
    if load.state != LoadState.CHECKED:
        raise FileNotTaken(load.failure)
    if not may_be_committed(load.kind):
        return load
    load = _after(request_commit(load=load, actor=actor, now=now()), load, now)
    if load.state != LoadState.COMMITTED:
        raise FileNotTaken(load.failure)
    return load


def _after(job: Job | None, load: RosterLoad, now: Callable[[], datetime]) -> RosterLoad:
    """Run the job here: the worker finds it done."""
    if job is not None:
        run_job(public_id=job.public_id, now=now)
    return RosterLoad.objects.select_related("mapping", "job").get(pk=load.pk)
