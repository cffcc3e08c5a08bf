"""The doors by which the jobs of a tax file enter; an anticipated failure is a result, told on the page of the file."""

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from sportello.jobs.models import Job
from sportello.jobs.registry import Progress
from sportello.kernel import clock
from sportello.kernel.errors import DomainError
from sportello.means.models import TaxFileLoad
from sportello.means.tax_loading import check_tax_file, commit_tax_file, refuse_tax_file


def run_check(job: Job, progress: Progress) -> dict[str, Any]:
    """Reads the file; one that cannot be read is thrown away, and says why."""
    load, now = _load(job), clock.now()
    try:
        with transaction.atomic():
            done = check_tax_file(load=load, now=now)
    except DomainError as failure:
        refuse_tax_file(load=load, failure=failure.message, actor=job.requested_by, now=now)
        progress.advance(message=failure.message)
        return {"failure": failure.code}
    progress.advance(done=1, total=1, message=str(_("File letto: controlla le righe e caricalo.")))
    return {"state": done.state, "people": done.people}


def run_commit(job: Job, progress: Progress) -> dict[str, Any]:
    """Keeps the positions; a failure leaves the file checked."""
    load, confirmed = _load(job), bool(job.arguments["sums_confirmed"])
    try:
        with transaction.atomic():
            done = commit_tax_file(
                load=load, sums_confirmed=confirmed, actor=job.requested_by, now=clock.now(), progress=progress
            )
    except DomainError as failure:
        TaxFileLoad.objects.filter(pk=load.pk).update(failure=failure.message[:400])
        progress.advance(message=failure.message)
        return {"failure": failure.code}
    progress.advance(message=str(_("Posizioni caricate.")))
    return {"state": done.state, "people": done.people}


def page_of(job: Job) -> str:
    """Where the result is seen."""
    return reverse("means:tax_file", args=[job.arguments["load"]])


def _load(job: Job) -> TaxFileLoad:
    return TaxFileLoad.objects.get(public_id=job.arguments["load"])
