"""One payer on the ladder: the steps taken, the letters, a pause, the word of the social services."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.billing.ladder.forms import NeedForm, PauseForm
from sportello.billing.ladder.models import Pause
from sportello.billing.ladder.pausing import end_pause, pause_ladder, record_need_check
from sportello.billing.ladder.views.office import OFFICE
from sportello.families.models import Adult
from sportello.kernel import clock
from sportello.kernel.errors import DomainError


@role_required(*OFFICE)
def payer(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """Reads; a POST pauses, ends a pause, or keeps the answer of the social services."""
    held = get_object_or_404(Adult, public_id=public_id)
    deed = request.POST.get("passo", "")
    pause = PauseForm(request.POST if deed == "pausa" else None)
    need = NeedForm(request.POST if deed == "verifica" else None)
    if request.method == "POST" and _done(request, held, deed, pause, need):
        messages.success(request, _("Salvato."))
        return redirect("ladder:payer", held.public_id)
    record(
        action=Action.PERSON_LIST_READ,
        actor=request.user.pk,
        subject_kind="adult",
        subject=held.public_id,
        now=clock.now(),
        details={"count": 1},
    )
    context = {
        "payer": held,
        "steps": list(held.steps_taken.select_related("position", "run").order_by("-taken_on", "-pk")),
        "pauses": list(held.ladder_pauses.order_by("-made_at", "-pk")),
        "checks": list(held.need_checks.order_by("-checked_on", "-pk")),
        "today": clock.today(),
        "pause": pause,
        "need": need,
    }
    wrong = bool(pause.errors or need.errors)
    context["form"] = need if need.errors else pause
    return render(request, "billing/ladder/payer.html", context, status=422 if wrong else 200)


def _done(request: IdentifiedRequest, held: Adult, deed: str, pause: PauseForm, need: NeedForm) -> bool:
    """Whether what was sent is done; else its form says why."""
    who: dict[str, Any] = {"actor": request.user.pk, "now": clock.now()}
    if deed == "riprendi":
        for one in Pause.objects.filter(payer=held, ended_at=None).order_by("pk"):
            end_pause(pause=one, **who)
        return True
    form = {"pausa": pause, "verifica": need}.get(deed)
    if form is None:
        raise Http404
    if not form.is_valid():
        return False
    try:
        if deed == "pausa":
            pause_ladder(payer=held, **pause.cleaned_data, **who)
        else:
            record_need_check(payer=held, **need.cleaned_data, **who)
    except DomainError as error:
        form.add_error(None, str(error))
        return False
    return True
