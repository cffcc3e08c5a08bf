"""The door for everybody: SPID or CIE, and the way out."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from integrations.errors import ConnectorError
from integrations.spid_cie import door
from integrations.spid_cie.types import Provider
from sportello.accounts.destinations import landing, safe_next
from sportello.accounts.entering import enter, leave
from sportello.accounts.errors import EntranceRefused
from sportello.accounts.permissions import is_identified
from sportello.kernel import clock
from sportello.kernel.errors import DomainError


@never_cache
@require_GET
def login(request: HttpRequest) -> HttpResponse:
    """How to enter. Who has entered already goes on."""
    next_path = safe_next(request)
    user = request.user
    if is_identified(user):
        return HttpResponseRedirect(landing(user, next_path))
    return render(request, "accounts/login.html", {"next_path": next_path, "door_open": door.is_open()})


@never_cache
@require_GET
def begin(request: HttpRequest) -> HttpResponse:
    """Off to the identity provider; the page to come back to stays here.

    By a link, not a form: under `form-action 'self'` a browser blocks a form that is redirected to another site.
    """
    provider = Provider.CIE if request.GET.get("provider") == Provider.CIE else Provider.SPID
    try:
        address = door.begin(request, provider=provider, next_path=safe_next(request))
    except ConnectorError as error:
        return _refused(request, error)
    return HttpResponseRedirect(address)


@never_cache
@require_GET
def complete(request: HttpRequest) -> HttpResponse:
    """Back from the provider: in, and on to the page where she started."""
    try:
        entrance = door.complete(request)
        account = enter(request=request, identity=entrance.identity, now=clock.now())
    except (ConnectorError, EntranceRefused) as error:
        return _refused(request, error)
    return HttpResponseRedirect(landing(account, entrance.next_path))


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """Out. Only by POST, so that no link or image of another site can do it."""
    leave(request=request, now=clock.now())
    messages.success(request, _("Sei uscito."))
    return redirect("/")


def _refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    return render(request, "accounts/refused.html", {"sentence": str(error)}, status=403)
