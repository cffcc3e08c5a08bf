"""The progress of long work, for the staff who started it: a page that reloads, or a piece that htmx asks for."""

from typing import Final
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from sportello.accounts.models import Role
from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.jobs.models import Job
from sportello.jobs.progress import latest_figures
from sportello.jobs.results import result_url

STOP_POLLING: Final = 286  # htmx: the last answer, ask no more


@role_required(Role.CLERK, Role.ADMINISTRATOR, Role.ONBOARDER, Role.CENTRAL)
def job(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """Shows how far the job is; when it is done, where its result is."""
    row = get_object_or_404(Job, public_id=public_id)
    figures = latest_figures(row)
    percent = 100 if row.finished_at else min(99, 100 * figures["done"] // figures["total"]) if figures["total"] else 0
    context = {"job": row, "figures": figures, "percent": percent, "result_url": result_url(row)}
    htmx = bool(getattr(request, "htmx", False))
    template = "desk/job.html#progress" if htmx else "desk/job.html"
    return render(request, template, context, status=STOP_POLLING if htmx and row.finished_at else 200)
