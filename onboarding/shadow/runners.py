"""The door by which the job of a comparison enters."""

from typing import Any

from django.urls import reverse

from onboarding.shadow.comparing import compare_month
from onboarding.shadow.models import ShadowRun
from sportello.jobs.models import Job
from sportello.jobs.registry import Progress
from sportello.kernel import clock
from sportello.kernel.errors import DomainError


def run_comparison(job: Job, progress: Progress) -> dict[str, Any]:
    """Compares; an anticipated failure is kept with its sentence, and another comparison may be asked for."""
    run = ShadowRun.objects.select_related("load", "load__mapping").get(public_id=job.arguments["run"])
    try:
        done = compare_month(run=run, now=clock.now(), progress=progress)
    except DomainError as error:
        ShadowRun.objects.filter(pk=run.pk).update(failure=str(error)[:400], finished_at=clock.now())
        progress.advance(message=str(error))
        return {"failure": error.code}
    return {"families": done.totals["families"], "open": done.totals["open"]}


def page_of(job: Job) -> str:
    """Where the result is seen."""
    return reverse("shadow:run", args=[job.arguments["run"]])
