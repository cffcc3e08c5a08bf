"""The doors by which the jobs of a load enter."""

from typing import Any

from django.db import transaction
from django.urls import reverse

from onboarding.checking import check_roster
from onboarding.committing import commit_roster
from onboarding.models import LoadState, RosterLoad
from onboarding.reading_in import read_export
from onboarding.undoing import undo_load
from sportello.jobs.models import Job
from sportello.jobs.registry import Progress
from sportello.kernel import clock
from sportello.kernel.errors import DomainError


def run_check(job: Job, progress: Progress) -> dict[str, Any]:
    """Reads the file and, unless its columns wait for a person, judges it; one that cannot be read is a result too."""
    load = read_export(load=_load(job), today=clock.today(), now=clock.now(), progress=progress)
    if load.state == LoadState.CHECKING:
        load = check_roster(load=load, today=clock.today(), progress=progress)
    return {"state": load.state, "rows": load.counts.get("rows", 0)}


def run_commit(job: Job, progress: Progress) -> dict[str, Any]:
    """Commits; an anticipated failure leaves the load checked, with the sentence that says why."""
    load = _load(job)
    try:
        with transaction.atomic():
            done = commit_roster(
                load=load, today=clock.today(), now=clock.now(), actor=job.requested_by, progress=progress
            )
    except DomainError as failure:
        return _came_to_nothing(load, LoadState.CHECKED, failure, progress)
    return {"state": done.state, **done.result}


def run_undo(job: Job, progress: Progress) -> dict[str, Any]:
    """Undoes; an anticipated failure leaves the load committed, with the sentence that says why."""
    load = _load(job)
    try:
        with transaction.atomic():
            done = undo_load(load=load, now=clock.now(), actor=job.requested_by, progress=progress)
    except DomainError as failure:
        return _came_to_nothing(load, LoadState.COMMITTED, failure, progress)
    return {"state": done.state}


def _came_to_nothing(load: RosterLoad, state: LoadState, failure: DomainError, progress: Progress) -> dict[str, Any]:
    RosterLoad.objects.filter(pk=load.pk).update(state=state, failure=str(failure)[:400])
    progress.advance(message=str(failure))
    return {"state": state.value, "failure": failure.code}


def page_of(job: Job) -> str:
    """Where the result is seen."""
    return reverse("onboarding:load", args=[job.arguments["load"]])


def _load(job: Job) -> RosterLoad:
    return RosterLoad.objects.select_related("mapping").get(public_id=job.arguments["load"])
