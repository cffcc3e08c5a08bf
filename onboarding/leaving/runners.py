"""The doors by which the jobs of leaving enter."""

from typing import Any

from django.urls import reverse

from onboarding.leaving.deletion import delete_comune, prepare_deletion
from onboarding.leaving.departing import DELETE, PREPARE
from onboarding.leaving.exporting import EXPORT, make_package
from onboarding.leaving.models import Departure, ExportPackage
from sportello.jobs.models import Job
from sportello.jobs.registry import Progress
from sportello.kernel import clock

__all__ = ["DELETE", "EXPORT", "PREPARE", "page_of_export", "run_delete", "run_export", "run_prepare"]


def run_export(job: Job, progress: Progress) -> dict[str, Any]:
    """Writes the package."""
    package = ExportPackage.objects.get(public_id=job.arguments["package"])
    made = make_package(package=package, now=clock.now(), progress=progress)
    return {"size": made.size, **made.counts}


def run_prepare(job: Job, progress: Progress) -> dict[str, Any]:
    """Proves that nothing would be lost, and closes the hosts."""
    done = prepare_deletion(departure=_departure(job), now=clock.now(), today=clock.today(), progress=progress)
    return {"state": str(done.state)}


def run_delete(job: Job, progress: Progress) -> dict[str, Any]:
    """Deletes, and issues the certificate."""
    done = delete_comune(departure=_departure(job), now=clock.now(), today=clock.today(), progress=progress)
    return {"state": str(done.state)}


def page_of_export(_job: Job) -> str:
    """Where the package is handed out."""
    return reverse("leaving:exports")


def _departure(job: Job) -> Departure:
    return Departure.objects.get(public_id=job.arguments["departure"])
