"""The central team's page on the loads of a Comune, and the way to them."""

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from onboarding.crossing.central import send_into, why_closed
from onboarding.models import LoadState, RosterLoad
from onboarding.views.held import STATE_TONES
from sportello.accounts.models import Role
from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.kernel import clock
from sportello.kernel.errors import DomainError
from tenants.addresses import site_url
from tenants.current import in_schema
from tenants.models import Municipality
from tenants.provisioning import schema_exists

SHOWN = 20


@never_cache
@require_GET
@role_required(Role.CENTRAL)
def loads(request: IdentifiedRequest, belfiore: str) -> HttpResponse:
    """How far its loads are, in figures, and the link that leads to them."""
    found = _find(belfiore)
    closed = why_closed(found)
    context: dict[str, object] = {
        "subject": found,
        "sentence": str(closed) if closed else "",
        "enter_url": site_url(found, reverse("crossing:enter", urlconf=settings.ROOT_URLCONF)),
        "rows": _latest(found) if schema_exists(found.schema_name) else [],
    }
    return render(request, "onboarding/central.html", context)


@never_cache
@require_GET
@role_required(Role.CENTRAL)
def passage(request: IdentifiedRequest, belfiore: str) -> HttpResponse:
    """Back to the Comune with a code."""
    found = _find(belfiore)
    try:
        code = send_into(
            municipality=found, account=request.user, nonce_digest=request.GET.get("stato", ""), now=clock.now()
        )
    except DomainError as error:
        return _refused(request, found, error)
    there = site_url(found, reverse("crossing:arrive", urlconf=settings.ROOT_URLCONF))
    answer = HttpResponseRedirect(f"{there}?{urlencode({'codice': code})}")
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def _refused(request: HttpRequest, found: Municipality, error: DomainError) -> HttpResponse:
    context: dict[str, object] = {"subject": found, "sentence": str(error), "rows": []}
    return render(request, "onboarding/central.html", context, status=403)


def _latest(found: Municipality) -> list[tuple[RosterLoad, str]]:
    with in_schema(found.schema_name):
        held = RosterLoad.objects.select_related("mapping").order_by("-uploaded_at", "-pk")[:SHOWN]
        return [(load, STATE_TONES[LoadState(load.state)]) for load in held]


def _find(belfiore: str) -> Municipality:
    found: Municipality = get_object_or_404(Municipality.objects.all(), belfiore_code=belfiore.upper())
    return found
