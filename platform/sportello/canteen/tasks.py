"""The month close as a job: started by the office, run by a worker, begun again when the worker died."""

from typing import Any, Final

from django.urls import reverse

from services_catalog.models import Service
from sportello.canteen.month import Month
from sportello.canteen.month_close import close_month
from sportello.jobs.models import Job
from sportello.jobs.registry import Progress
from sportello.kernel import clock

MONTH_CLOSE: Final = "canteen.month_close"


def run_month_close(job: Job, progress: Progress) -> dict[str, Any]:
    """Closes the month named by the job; its arguments are a service code and a month such as 2026-11."""
    return close_month(
        service=Service.objects.get(code=job.arguments["service"]),
        month=Month.parse(job.arguments["month"]),
        actor=job.requested_by,
        now=clock.now(),
        progress=progress,
        job=job,
    )


def page_of_month_close(job: Job) -> str:
    """Where the result is read: the page of the month."""
    return reverse("canteen:close_month", args=[job.arguments["month"]])
