"""Celery's door to enrolment, and its jobs."""

from typing import Any, Final

from celery import shared_task
from django.urls import reverse

from services_catalog.models import Service
from sportello.enrolment.charging import charge_month
from sportello.enrolment.pricing import review_arrears
from sportello.enrolment.reminding import remind_of_lapsing_isee
from sportello.jobs.models import Job
from sportello.jobs.registry import Progress
from sportello.kernel import clock
from sportello.kernel.month import Month

CHARGE_MONTH: Final = "enrolment.charge_month"


@shared_task(name="enrolment.remind_isee")
def remind_isee() -> None:
    """Tells the families of this Comune whose ISEE is about to lapse."""
    remind_of_lapsing_isee(now=clock.now())


@shared_task(name="enrolment.review_arrears")
def review_arrears_tonight() -> None:
    """Works out the prices of this Comune that follow arrears."""
    review_arrears(now=clock.now())


def run_charge_month(job: Job, progress: Progress) -> dict[str, Any]:
    """Charges the month named by the job; its arguments are a service code and a month such as 2026-11."""
    return charge_month(
        service=Service.objects.get(code=job.arguments["service"]),
        month=Month.parse(job.arguments["month"]),
        actor=job.requested_by,
        now=clock.now(),
        progress=progress,
        job=job,
    )


def page_of_charge_month(job: Job) -> str:
    """Where the result is read: the page of the service and month."""
    return f"{reverse('enrolment:charges')}?servizio={job.arguments['service']}&mese={job.arguments['month']}"
