"""Where she has entered: the list of her open sessions, and the way out of each."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from sportello.accounts.entering import leave
from sportello.accounts.permissions import IdentifiedRequest, entered, in_person
from sportello.accounts.sessions import close_other_sessions, close_session, open_sessions_of, session_ref
from sportello.kernel import clock


@require_GET
@entered
@in_person
def sessions(request: IdentifiedRequest) -> HttpResponse:
    """Her open sessions; the one she sits at is marked and comes first."""
    here = session_ref(request)
    rows = sorted(open_sessions_of(request.user), key=lambda row: row.public_id != here)
    context = {"sessions": rows, "here": here, "others": sum(row.public_id != here for row in rows)}
    return render(request, "accounts/sessions.html", context)


@require_POST
@entered
@in_person
def close(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """Out of one device; of this very one as by logging out."""
    if public_id == session_ref(request):
        leave(request=request, now=clock.now())
        messages.success(request, _("Sei uscito."))
        return redirect("/")
    if not close_session(ref=public_id, account=request.user, now=clock.now()):
        raise Http404
    messages.success(request, _("Sei uscito da quel dispositivo."))
    return redirect("accounts:sessions")


@require_POST
@entered
@in_person
def close_others(request: IdentifiedRequest) -> HttpResponse:
    """Out of every device but this one."""
    ended = close_other_sessions(account=request.user, kept=session_ref(request), now=clock.now())
    text = ngettext("Sei uscito da %(count)d altro dispositivo.", "Sei uscito da %(count)d altri dispositivi.", ended)
    messages.success(request, text % {"count": ended})
    return redirect("accounts:sessions")
