"""The door for everybody: SPID or CIE, and the way out."""

import secrets
from typing import Final

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from integrations.spid_cie import door
from integrations.spid_cie.errors import AnswerRefused, LoginFailed, ProviderUnknown
from sportello.accounts.destinations import age_for, landing, safe_next
from sportello.accounts.entering import enter, leave
from sportello.accounts.errors import EntranceRefused, TooManyAttempts
from sportello.accounts.permissions import is_identified
from sportello.accounts.rules import MINIMUM_LEVEL
from sportello.accounts.sessions import session_ref
from sportello.accounts.throttling import PER_LOGIN_ADDRESS, address_of
from sportello.kernel import clock
from tenants.current import require_schema

NONCE: Final = "__Host-accesso" if settings.BEHIND_TLS else "accesso"
NONCE_SECONDS: Final = 20 * 60  # a login lasts fifteen minutes


@never_cache
@require_GET
def login(request: HttpRequest) -> HttpResponse:
    """How to enter. Who has entered already goes on."""
    next_path = safe_next(request)
    user = request.user
    if is_identified(user):
        return HttpResponseRedirect(landing(user, next_path))
    doors = door.open_doors(clock.instant())
    return render(request, "accounts/login.html", {"next_path": next_path, "doors": doors})


@never_cache
@require_GET
def begin(request: HttpRequest) -> HttpResponse:
    """Off to the identity provider, with our signed request; the page to come back to stays here.

    By a link, not a form: under `form-action 'self'` a browser blocks a form that is redirected to another site.
    """
    nonce = request.COOKIES.get(NONCE) or secrets.token_urlsafe(24)
    next_path = safe_next(request)
    try:
        PER_LOGIN_ADDRESS.take(address_of(request), now=clock.now())
        asking = door.Asking(
            provider=request.GET.get("idp", ""),
            origin=f"{request.scheme}://{request.get_host()}",
            next_path=next_path,
            nonce=nonce,
            level=MINIMUM_LEVEL,
            minimum_age=age_for(next_path),
        )
        address = door.begin_login(asking, now=clock.instant())
    except TooManyAttempts as error:
        return _refused(request, str(error), status=429)
    except ProviderUnknown as error:
        return _refused(request, str(error), status=404)
    except LoginFailed as error:
        return _refused(request, str(error))
    answer = HttpResponseRedirect(address)
    answer.set_cookie(
        NONCE, nonce, max_age=NONCE_SECONDS, httponly=True, samesite="Lax", secure=settings.BEHIND_TLS, path="/"
    )
    return answer


@never_cache
@require_GET
def complete(request: HttpRequest) -> HttpResponse:
    """Back from the provider with a code: in, and on to the page where she started."""
    try:
        PER_LOGIN_ADDRESS.take(address_of(request), now=clock.now())
        nonce = request.COOKIES.get(NONCE, "")
        if not nonce:
            raise AnswerRefused("no_nonce")
        entrance = door.redeem_code(
            request.GET.get("code", ""), nonce=nonce, schema=require_schema(), now=clock.instant()
        )
        account = enter(request=request, identity=entrance.identity, now=clock.now())
        session = session_ref(request)
        if session is not None:
            door.remember_session(login=entrance.transaction, session=session, now=clock.instant())
    except TooManyAttempts as error:
        return _refused(request, str(error), status=429)
    except LoginFailed as error:
        return _refused(request, str(error), number=error.way.number)
    except EntranceRefused as error:
        return _refused(request, str(error))
    answer = HttpResponseRedirect(landing(account, entrance.next_path))
    answer["Referrer-Policy"] = "no-referrer"
    return answer


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """Out. Only by POST, so that no link or image of another site can do it."""
    leave(request=request, now=clock.now())
    messages.success(request, _("Sei uscito."))
    return redirect("/")


def _refused(request: HttpRequest, sentence: str, *, number: str = "", status: int = 403) -> HttpResponse:
    return render(request, "accounts/refused.html", {"sentence": sentence, "number": number}, status=status)
