"""The check-list of the Comune, for its administrator: she reads it, rehearses, and chooses the day."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from onboarding.golive.forms import DayForm
from onboarding.golive.rehearsing import ask_in
from onboarding.golive.starting import choose_day
from onboarding.golive.views.page import page_context
from sportello.accounts.models import Role
from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.kernel import clock
from sportello.kernel.errors import DomainError
from tenants.current import current_municipality, in_twin
from tenants.models import Municipality


@never_cache
@require_GET
@role_required(Role.ADMINISTRATOR)
def mine(request: IdentifiedRequest) -> HttpResponse:
    """What is still missing before the start."""
    return render(request, "golive/office.html", page_context(_real(), for_central=False))


@require_POST
@role_required(Role.ADMINISTRATOR)
def day(request: IdentifiedRequest) -> HttpResponse:
    """Chooses the day of the start."""
    found = _real()
    form = DayForm(request.POST, prefix="giorno")
    if form.is_valid():
        try:
            choose_day(municipality=found, day=form.cleaned_data["day"], actor=request.user, now=clock.now())
        except DomainError as error:
            form.add_error("day", str(error))
        else:
            messages.success(request, _("Giorno dell'avvio scelto."))
            return redirect("golive:mine")
    return render(request, "golive/office.html", page_context(found, for_central=False, day_form=form), status=422)


@require_POST
@role_required(Role.ADMINISTRATOR)
def rehearse(request: IdentifiedRequest) -> HttpResponse:
    """Starts a rehearsal on a copy."""
    try:
        ask_in(municipality=_real(), actor=request.user, central=None, now=clock.now())
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Prova avviata su una copia: i dati veri non cambiano."))
    return redirect("golive:mine")


def _real() -> Municipality:
    """A twin never starts."""
    if in_twin():
        raise Http404
    return current_municipality()
