"""What pagoPA was told: how many notices wait, which were refused and why, and trying again."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from integrations.errors import words_of
from sportello.accounts.models import Role
from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.billing.bookkeepers import BOOKKEEPERS
from sportello.billing.publishing.following import tell_all, try_again
from sportello.billing.publishing.models import GatewayCopy
from sportello.billing.publishing.standing import standing_of
from sportello.kernel import clock
from sportello.kernel.clock import ROME
from sportello.ui.listing import list_page

OFFICE: Final = (Role.CLERK, Role.ADMINISTRATOR)


@require_GET
@role_required(*BOOKKEEPERS)
def refusals(request: IdentifiedRequest) -> HttpResponse:
    """What was refused, the oldest first, with the gateway's own words; and how much is on its way."""
    refused = GatewayCopy.objects.exclude(refusal_code="").select_related("position")
    page = list_page(
        request,
        refused.prefetch_related("position__options"),
        sorts={"data": ("refused_at",)},
        default_sort="data",
        exports=False,
    )
    shown = [(copy, words_of(copy.refusal_code)) for copy in page.rows]
    now = clock.now()
    roles = request.user.roles_on(now.astimezone(ROME).date())
    context = {
        "page": page,
        "shown": shown,
        "standing": standing_of(now),
        "is_office": bool(roles & set(OFFICE)),
        "is_administrator": Role.ADMINISTRATOR in roles,
    }
    return render(request, "billing/publishing/refusals.html", context)


@require_POST
@role_required(*OFFICE)
def retry(request: IdentifiedRequest) -> HttpResponse:
    """Tries again what was chosen."""
    chosen = [found for one in request.POST.getlist("avviso") if (found := _uuid(one))]
    count = try_again(positions=chosen, actor=request.user.pk, now=clock.now())
    if count:
        text = ngettext("%(n)s avviso parte di nuovo.", "%(n)s avvisi partono di nuovo.", count) % {"n": count}
        messages.success(request, text)
    else:
        messages.info(request, _("Scegli almeno un avviso."))
    return redirect("publishing:refusals")


@require_POST
@role_required(Role.ADMINISTRATOR)
def anew(request: IdentifiedRequest) -> HttpResponse:
    """Tells every open notice again: for a Comune that has changed the way to pagoPA."""
    count = tell_all(actor=request.user.pk, now=clock.now())
    text = ngettext("%(n)s avviso parte di nuovo.", "%(n)s avvisi partono di nuovo.", count) % {"n": count}
    messages.success(request, text)
    return redirect("publishing:refusals")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
