"""Who is no longer in the file: a person decides, one by one."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from onboarding.leavers import WITH_PLACES, leavers_of, say_farewell
from onboarding.models import Farewell, LoadState, StagedRow
from onboarding.permissions import handles_loads
from onboarding.queries import who_is
from onboarding.views.held import held_load
from sportello.accounts.permissions import IdentifiedRequest
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.kernel import clock
from sportello.kernel.errors import DomainError
from sportello.ui.listing import list_page


@handles_loads
def leavers(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """Rows of the load before that this file no longer has, with what was decided about each."""
    held = held_load(public_id)
    if request.method == "POST":
        return _decide(request, public_id)
    page = list_page(request, leavers_of(held), sorts={"riga": ("line",)}, default_sort="riga", exports=False)
    record(
        action=Action.PERSON_LIST_READ,
        actor=request.user.pk,
        subject_kind="roster_load",
        subject=held.public_id,
        now=clock.now(),
        details={"what": "leavers", "rows": len(page.rows)},
    )
    said = Farewell.objects.filter(load=held, key__in=[row.key for row in page.rows]).order_by("pk")
    decided = {each.key: each for each in said}
    rows = [{"row": row, "who": who_is(row), "farewell": decided.get(row.key)} for row in page.rows]
    context = {"load": held, "page": page, "rows": rows, "may_decide": held.state == LoadState.COMMITTED}
    context["with_places"] = held.kind in WITH_PLACES
    return render(request, "onboarding/leavers.html", context)


def _decide(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    held = held_load(public_id)
    row = get_object_or_404(StagedRow, pk=request.POST.get("row") if request.POST.get("row", "").isdigit() else 0)
    choice = request.POST.get("choice", "")
    if choice not in Farewell.Choice.values:
        messages.error(request, _("Scegli che cosa fare."))
        return redirect("onboarding:leavers", public_id)
    try:
        say_farewell(load=held, key=row.key, choice=choice, ends_on=clock.today(), actor=request.user, now=clock.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return redirect("onboarding:leavers", public_id)
