"""Repricing everybody after a new act, as a job: whoever puts an edition in force does not wait for it."""

from datetime import datetime
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from services_catalog.models import Edition
from sportello.enrolment.models import Subscription
from sportello.enrolment.pricing import reprice_service
from sportello.jobs.models import Job
from sportello.jobs.registry import Progress
from sportello.jobs.starting import start_job
from sportello.kernel import clock

REPRICE: Final = "enrolment.reprice"


def ask_repricing(*, edition: Edition, now: datetime) -> Job | None:
    """Queues the repricing of the days of an edition; None where nobody uses the service on any of them."""
    held = Subscription.objects.filter(service=edition.service_id, valid_during__overlap=edition.period.bounds)
    if not held.exists():
        return None
    return start_job(kind=REPRICE, arguments={"edition": edition.pk}, requested_by=None, now=now)


def run_reprice(job: Job, progress: Progress) -> dict[str, Any]:
    """Works out the drafts; running again finds them made."""
    progress.advance(done=0, total=1, message=str(_("Decido le tariffe secondo il nuovo atto")))
    edition = Edition.objects.select_related("service").get(pk=job.arguments["edition"])
    report = reprice_service(service=edition.service, within=edition.period, now=clock.now())
    progress.advance(done=1, message=str(_("Fatto: le decisioni sono da inviare")))
    return {"drafts": report.made + report.unchanged, "undecided": len(report.undecided)}


def page_of_reprice(job: Job) -> str:  # noqa: ARG001 -- every kind has its page by the job
    """Where the drafts are read."""
    return reverse("fees:to_send")
