"""From the Comune into its twin: three addresses, as with a digital identity.

By links, not by forms: under `form-action 'self'` a browser blocks a form that is redirected to another host.
"""

import secrets
from typing import Final
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from onboarding.crossing.passing import NONCE_SECONDS, digest
from onboarding.training.passing import enter_twin, give_passage
from onboarding.training.views.office import STAFF
from sportello.accounts.destinations import safe_next
from sportello.accounts.errors import TooManyAttempts
from sportello.accounts.permissions import IdentifiedRequest, is_identified, role_required
from sportello.accounts.throttling import PER_LOGIN_ADDRESS, address_of
from sportello.kernel import clock
from sportello.kernel.errors import DomainError
from tenants.addresses import site_url
from tenants.current import current_municipality, in_twin
from tenants.twins import real_of, twin_of

NONCE: Final = "__Host-prova" if settings.BEHIND_TLS else "prova"
NEXT: Final = "training_next"


@never_cache
@require_GET
def enter(request: HttpRequest) -> HttpResponse:
    """On the twin: off to the Comune, which knows who this is. Who is in already goes on."""
    if not in_twin():
        raise Http404
    here = safe_next(request) or reverse("training:mine")
    if is_identified(request.user):
        return HttpResponseRedirect(here)
    nonce = request.COOKIES.get(NONCE) or secrets.token_urlsafe(24)
    request.session[NEXT] = here
    there = site_url(real_of(current_municipality()), reverse("training:passage"))
    answer = HttpResponseRedirect(f"{there}?{urlencode({'stato': digest(nonce)})}")
    answer.set_cookie(
        NONCE, nonce, max_age=NONCE_SECONDS, httponly=True, samesite="Lax", secure=settings.BEHIND_TLS, path="/"
    )
    return answer


@never_cache
@require_GET
@role_required(*STAFF)
def passage(request: IdentifiedRequest) -> HttpResponse:
    """On the Comune: back to the twin with a code."""
    municipality = current_municipality()
    twin = twin_of(municipality)
    if in_twin() or twin is None:
        raise Http404
    try:
        code = give_passage(
            municipality=municipality,
            account=request.user,
            nonce_digest=request.GET.get("stato", ""),
            now=clock.now(),
        )
    except DomainError as error:
        return _refused(request, str(error))
    answer = HttpResponseRedirect(f"{site_url(twin, reverse('training:arrive'))}?{urlencode({'codice': code})}")
    answer["Referrer-Policy"] = "no-referrer"
    return answer


@never_cache
@require_GET
def arrive(request: HttpRequest) -> HttpResponse:
    """On the twin: in, with the roles that the person has in the Comune."""
    if not in_twin():
        raise Http404
    here = request.session.get(NEXT) or reverse("training:mine")
    try:
        PER_LOGIN_ADDRESS.take(address_of(request), now=clock.now())
        enter_twin(
            request=request,
            municipality=real_of(current_municipality()),
            code=request.GET.get("codice", ""),
            nonce=request.COOKIES.get(NONCE, ""),
            now=clock.now(),
        )
    except TooManyAttempts as error:
        return _refused(request, str(error), status=429)
    except DomainError as error:
        return _refused(request, str(error))
    answer = HttpResponseRedirect(here)
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def _refused(request: HttpRequest, sentence: str, *, status: int = 403) -> HttpResponse:
    return render(request, "accounts/refused.html", {"sentence": sentence, "number": ""}, status=status)
