"""The central team's page on the training of a Comune: its twin, and who has practised what."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from onboarding.training.queries import training_of
from onboarding.training.twin import prepare_twin, twin_state
from sportello.accounts.models import Role
from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.kernel import clock
from sportello.kernel.errors import DomainError
from tenants.models import Municipality


@never_cache
@require_GET
@role_required(Role.CENTRAL)
def training(request: IdentifiedRequest, belfiore: str) -> HttpResponse:
    """The twin's state and the staff's exercises."""
    found = _find(belfiore)
    context = {
        "subject": found,
        "twin": twin_state(found, clock.now()),
        "people": training_of(found, clock.today()),
    }
    htmx = bool(getattr(request, "htmx", False))
    return render(request, "training/central.html#twin" if htmx else "training/central.html", context)


@require_POST
@role_required(Role.CENTRAL)
def prepare(request: IdentifiedRequest, belfiore: str) -> HttpResponse:
    """Begins the twin afresh."""
    found = _find(belfiore)
    try:
        prepare_twin(municipality=found, actor=request.user.pk, now=clock.now())
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("L'ambiente di prova si prepara: ci vuole circa un minuto."))
    return redirect("central_training:training", found.belfiore_code)


def _find(belfiore: str) -> Municipality:
    found: Municipality = get_object_or_404(Municipality.objects.all(), belfiore_code=belfiore.upper())
    return found
