"""The central team arrives in a Comune: by links, since `form-action` blocks a form redirected to another host."""

import secrets
from typing import Final
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from onboarding.crossing.central import receive
from onboarding.crossing.passing import NONCE_SECONDS, digest
from sportello.accounts.errors import TooManyAttempts
from sportello.accounts.models import Scheme
from sportello.accounts.permissions import is_identified
from sportello.accounts.throttling import PER_LOGIN_ADDRESS, address_of
from sportello.kernel import clock
from sportello.kernel.errors import DomainError
from tenants.addresses import central_url
from tenants.current import current_municipality, in_twin

NONCE: Final = "__Host-squadra" if settings.BEHIND_TLS else "squadra"


@never_cache
@require_GET
def enter(request: HttpRequest) -> HttpResponse:
    """Off to the central team's host, which knows who this is. Who is in already goes on."""
    if in_twin():
        raise Http404
    if is_identified(request.user) and request.user.scheme == Scheme.CENTRAL:
        return redirect("onboarding:list")
    nonce = request.COOKIES.get(NONCE) or secrets.token_urlsafe(24)
    here = [current_municipality().belfiore_code]
    there = central_url(reverse("central_crossing:passage", args=here, urlconf=settings.CENTRAL_URLCONF))
    answer = HttpResponseRedirect(f"{there}?{urlencode({'stato': digest(nonce)})}")
    answer.set_cookie(
        NONCE, nonce, max_age=NONCE_SECONDS, httponly=True, samesite="Lax", secure=settings.BEHIND_TLS, path="/"
    )
    return answer


@never_cache
@require_GET
def arrive(request: HttpRequest) -> HttpResponse:
    """In, with the code of the other host: to the loads."""
    if in_twin():
        raise Http404
    try:
        PER_LOGIN_ADDRESS.take(address_of(request), now=clock.now())
        receive(
            request=request,
            municipality=current_municipality(),
            code=request.GET.get("codice", ""),
            nonce=request.COOKIES.get(NONCE, ""),
            now=clock.now(),
        )
    except TooManyAttempts as error:
        return _refused(request, str(error), status=429)
    except DomainError as error:
        return _refused(request, str(error))
    answer = redirect("onboarding:list")
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def _refused(request: HttpRequest, sentence: str, *, status: int = 403) -> HttpResponse:
    return render(request, "accounts/refused.html", {"sentence": sentence, "number": ""}, status=status)
