"""The automatic renewal: who goes on, service by service; the administrator has it done."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sportello.accounts.models import Role
from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.kernel import clock
from sportello.rollover.forms import offered_years
from sportello.rollover.renewal_job import ask_renewal, last_renewal
from sportello.rollover.renewals import services_to_renew


@require_http_methods(["GET", "POST"])
@role_required(Role.ADMINISTRATOR)
def renewal(request: IdentifiedRequest) -> HttpResponse:
    """What would be renewed, and what waits for an act; a press starts it, or leads to the one that is going on."""
    year, today = offered_years()[0], clock.today()
    if request.method == "POST":
        job = ask_renewal(year=year, today=today, actor=request.user.pk, now=clock.now())
        messages.success(request, _("Rinnovo avviato: le famiglie ricevono un avviso."))
        return redirect("jobs:job", public_id=job.public_id)
    services = services_to_renew(year=year, today=today)
    last = last_renewal(year)
    context = {
        "year": year,
        "services": services,
        "to_renew": sum(len(one.children) for one in services if one.ready),
        "last": last,
        "renewed": sum(last.result["renewed"].values()) if last else 0,
    }
    return render(request, "rollover/renewal.html", context)
