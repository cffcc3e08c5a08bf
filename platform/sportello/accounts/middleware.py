"""Each request is asked whether its session still counts, and in whose name it is made."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from sportello.accounts.models import SupportVisit
from sportello.accounts.sessions import still_open
from sportello.accounts.supporting import VISIT_KEY, current_visit
from sportello.audit.acting import Acting, acting
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.kernel import clock


class OpenSessionMiddleware:
    """Shows an ended session the door; lets support act as a citizen while a visit lasts.

    Stands after the authentication and the messages.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # Without the cookie there is nothing to ask, and the probes live in no schema that has sessions.
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not hasattr(request, "municipality"):
            return self.get_response(request)
        read_before = request.session.accessed
        if not still_open(request=request, now=clock.now()):
            logout(request)
        elif VISIT_KEY in request.session:
            return self._acted(request)
        else:
            # What is public stays so: our own look at the session makes no page vary on the cookie.
            request.session.accessed = read_before
        return self.get_response(request)

    def _acted(self, request: HttpRequest) -> HttpResponseBase:
        visit = current_visit(request=request, now=clock.now())
        if visit is None:
            return self._back_as_herself(request)
        request.support_visit = visit  # type: ignore[attr-defined]  # read by visits.visit_of
        request.user = visit.citizen
        with acting(Acting(actor=visit.supporter_id, on_behalf_of=visit.citizen_id)):
            response = self.get_response(request)
            if VISIT_KEY in request.session:
                _note(request, response, visit)
        return response

    def _back_as_herself(self, request: HttpRequest) -> HttpResponseBase:
        """What was asked for in the name of the citizen is not done in that of the supporter."""
        if request.path == reverse("accounts:logout"):
            return self.get_response(request)
        messages.info(request, _("L'assistenza è finita: ora lavori di nuovo a tuo nome."))
        address = reverse("support:list")
        htmx = request.headers.get("HX-Request") == "true"
        return HttpResponseClientRedirect(address) if htmx else HttpResponseRedirect(address)


def _note(request: HttpRequest, response: HttpResponseBase, visit: SupportVisit) -> None:
    """Each page of hers that was opened or posted: which, about what, with what answer."""
    match = request.resolver_match
    if match is None or "look" in match.namespaces:
        return
    about = match.kwargs.get("public_id")
    details = {"page": match.view_name, "method": request.method, "status": response.status_code}
    record(
        action=Action.SUPPORT_PAGE,
        actor=visit.citizen_id,
        subject_kind="account",
        subject=visit.citizen.public_id,
        now=clock.now(),
        details=details | ({"about": str(about)} if about else {}),
    )
