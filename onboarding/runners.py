"""The doors by which the jobs of a roster enter."""

from typing import Any

from django.db import transaction
from django.urls import reverse

from onboarding.checking import check_roster
from onboarding.committing import commit_roster
from onboarding.models import LoadState, RosterLoad
from sportello.jobs.models import Job
from sportello.jobs.registry import Progress
from sportello.kernel import clock
from sportello.kernel.errors import DomainError


def run_check(job: Job, progress: Progress) -> dict[str, Any]:
    """Judges the file; a file that cannot be read is a result too."""
    load = check_roster(load=_load(job), today=clock.today(), progress=progress)
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
        RosterLoad.objects.filter(pk=load.pk).update(state=LoadState.CHECKED, failure=str(failure)[:400])
        progress.advance(message=str(failure))
        return {"state": LoadState.CHECKED.value, "failure": failure.code}
    return {"state": done.state, **done.result}


def page_of(job: Job) -> str:
    """Where the result is seen."""
    return reverse("onboarding:load", args=[job.arguments["load"]])


def _load(job: Job) -> RosterLoad:
    return RosterLoad.objects.get(public_id=job.arguments["load"])
