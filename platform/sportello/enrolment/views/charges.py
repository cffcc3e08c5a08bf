"""The office: what the services owe by month, year, period or day; a preview, the button, what was posted."""

from typing import Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from services_catalog.models import Service
from sportello.accounts.models import Role
from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.enrolment.charge_forms import MonthOfServiceForm
from sportello.enrolment.charge_history import running_job, runs_of, services_charged
from sportello.enrolment.charge_reckoning import reckon_charges
from sportello.enrolment.sending_prices import drafts_within
from sportello.enrolment.tasks import CHARGE_MONTH
from sportello.jobs.starting import start_job
from sportello.kernel import clock
from sportello.kernel.month import Month

OFFICE = (Role.CLERK, Role.ADMINISTRATOR)
SPANS: Final = {
    "month": gettext_lazy("del mese"),
    "year": gettext_lazy("dell'anno"),
    "period": gettext_lazy("del periodo"),
}


@role_required(*OFFICE)
def charges(request: IdentifiedRequest) -> HttpResponse:
    """A service and a month: what charging it would post and why somebody is left out; a POST starts the job."""
    services = services_charged()
    if not services:
        return render(request, "enrolment/charges.html", {"form": None})
    data = request.POST if request.method == "POST" else request.GET
    form = MonthOfServiceForm(data, services=services, today=clock.today())
    if not form.is_valid():
        raise Http404
    service, month = form.service, form.month
    if request.method == "POST":
        return _start(request, service, month)
    reckoning = reckon_charges(service, month)
    runs = runs_of(service)
    charged = any(shown.month == month for shown in runs)
    running = running_job(service, month)
    to_send = drafts_within(service, month.period).count()
    context = {
        "form": form,
        "service": service,
        "month": month,
        "reckoning": reckoning,
        "parts": [(line, SPANS[line.span]) for line in reckoning.by_part],
        "left_out": sorted(reckoning.left_out.items()),
        "to_post": -reckoning.to_post,
        "to_give_back": reckoning.to_post,
        "charged": charged,
        "running": running,
        "may_charge": running is None
        and reckoning.may_run(clock.today())
        and (bool(reckoning.lines) or bool(reckoning.unpriced) or to_send > 0),
        "to_send": to_send,
        "is_time": reckoning.may_run(clock.today()),
        "runs": runs,
    }
    return render(request, "enrolment/charges.html", context)


def _start(request: IdentifiedRequest, service: Service, month: Month) -> HttpResponse:
    running = running_job(service, month)
    if running is not None:
        return redirect("jobs:job", running.public_id)
    if not reckon_charges(service, month).may_run(clock.today()):
        messages.error(request, _("Questo mese non si può ancora addebitare."))
        return redirect(f"{request.path}?servizio={service.code}&mese={month}")
    job = start_job(
        kind=CHARGE_MONTH,
        arguments={"service": service.code, "month": str(month)},
        requested_by=request.user.pk,
        now=clock.now(),
    )
    return redirect("jobs:job", job.public_id)
