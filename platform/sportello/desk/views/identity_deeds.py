"""What the central team does to an entity: its state, its keys, the steps of its check-list."""

from collections.abc import Callable
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from integrations.spid_cie.federating import move_entity, tick_step, untick_step
from integrations.spid_cie.keys import begin_rollover, end_rollover, make_key, sign_with_new
from integrations.spid_cie.models import EntityState, SigningKey
from sportello.accounts.models import Role
from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.desk.identity_forms import ConfirmForm, StateForm, StepForm
from sportello.desk.identity_page import find_subject, registered, show
from sportello.kernel import clock
from sportello.kernel.errors import DomainError

KEY_DEEDS: Final[dict[str, tuple[Callable[..., SigningKey], str | Promise]]] = {
    "make": (make_key, gettext_lazy("Chiave creata: firma da subito.")),
    "begin": (
        begin_rollover,
        gettext_lazy("Chiave nuova pubblicata: i metadati hanno due certificati. Mandali di nuovo."),
    ),
    "sign": (sign_with_new, gettext_lazy("Ora firma la chiave nuova.")),
    "end": (end_rollover, gettext_lazy("Cambio concluso: la chiave vecchia è distrutta.")),
}


@require_POST
@role_required(Role.CENTRAL)
def state(request: IdentifiedRequest, belfiore: str, scheme: str) -> HttpResponse:
    """Moves the entity one state on, or back."""
    entity = registered(belfiore, scheme)
    form = StateForm(request.POST, current=entity.state)
    if form.is_valid():
        wanted = EntityState(form.cleaned_data["state"])
        try:
            move_entity(entity=entity, state=wanted, actor=request.user.pk, now=clock.now())
        except DomainError as error:
            form.add_error("state", str(error))
        else:
            return _done(request, belfiore, scheme, _("Stato aggiornato."))
    return show(request, find_subject(belfiore, scheme), state_form=form)


@require_POST
@role_required(Role.CENTRAL)
def key(request: IdentifiedRequest, belfiore: str, scheme: str, deed: str) -> HttpResponse:
    """Makes a key, or goes one step on with its change; only when confirmed."""
    entity = registered(belfiore, scheme)
    if deed not in KEY_DEEDS:
        raise Http404
    act, sentence = KEY_DEEDS[deed]
    form = ConfirmForm(request.POST, deed=deed)
    if form.is_valid():
        try:
            act(entity=entity, actor=request.user.pk, now=clock.now())
        except DomainError as error:
            messages.error(request, str(error))
            return show(request, find_subject(belfiore, scheme), failed=True)
        return _done(request, belfiore, scheme, str(sentence))
    return show(request, find_subject(belfiore, scheme), key_forms={deed: form})


@require_POST
@role_required(Role.CENTRAL)
def step(request: IdentifiedRequest, belfiore: str, scheme: str, key: str) -> HttpResponse:
    """Ticks a step, or takes the tick away."""
    entity, actor, now = registered(belfiore, scheme), request.user.pk, clock.now()
    undo = request.POST.get("action") == "undo"
    form = StepForm(request.POST, auto_id=f"{key}_%s")
    if undo or form.is_valid():
        try:
            if undo:
                untick_step(entity=entity, key=key, actor=actor, now=now)
            else:
                tick_step(entity=entity, key=key, **form.cleaned_data, actor=actor, now=now)
        except DomainError as error:
            messages.error(request, str(error))
            return show(request, find_subject(belfiore, scheme), failed=True)
        return _done(request, belfiore, scheme, _("Passo riaperto.") if undo else _("Passo segnato come fatto."))
    return show(request, find_subject(belfiore, scheme), step_forms={key: form})


def _done(request: IdentifiedRequest, belfiore: str, scheme: str, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return HttpResponseRedirect(reverse("central:identity", args=[belfiore, scheme]))
