"""The check-list of a Comune, for the central team: she waives, starts it and takes it back."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from onboarding.golive.forms import DayForm, ReturnForm, WaiverForm
from onboarding.golive.rehearsing import ask_in
from onboarding.golive.starting import choose_day, go_back, go_live, waive_check, withdraw_waiver
from onboarding.golive.views.page import page_context
from sportello.accounts.models import Role
from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.kernel import clock
from sportello.kernel.errors import DomainError
from tenants.models import Municipality, Stage
from tenants.provisioning import schema_exists
from tenants.stages import SchemaMissing

PAGE = "central_golive:checks"


@never_cache
@require_GET
@role_required(Role.CENTRAL)
def checks(request: IdentifiedRequest, belfiore: str) -> HttpResponse:
    """Everything that is asked before the start."""
    return _page(request, _find(belfiore))


@require_POST
@role_required(Role.CENTRAL)
def day(request: IdentifiedRequest, belfiore: str) -> HttpResponse:
    """Chooses the day of the start."""
    found, form = _find(belfiore), DayForm(request.POST, prefix="giorno")
    if form.is_valid():
        try:
            choose_day(municipality=found, day=form.cleaned_data["day"], actor=request.user, now=clock.now())
        except DomainError as error:
            form.add_error("day", str(error))
        else:
            return _done(request, found, _("Giorno dell'avvio scelto."))
    return _page(request, found, day_form=form)


@require_POST
@role_required(Role.CENTRAL)
def waive(request: IdentifiedRequest, belfiore: str, code: str) -> HttpResponse:
    """Lets the Comune start without a check that no law asks for."""
    found, form = _find(belfiore), WaiverForm(request.POST, prefix="deroga")
    if form.is_valid():
        try:
            waive_check(
                municipality=found, code=code, reason=form.cleaned_data["reason"], actor=request.user, now=clock.now()
            )
        except DomainError as error:
            form.add_error("reason", str(error))
        else:
            return _done(request, found, _("Deroga registrata."))
    return _page(request, found, waiving=code, waiver_form=form)


@require_POST
@role_required(Role.CENTRAL)
def unwaive(request: IdentifiedRequest, belfiore: str, code: str) -> HttpResponse:
    """Takes a waiver back."""
    found = _find(belfiore)
    withdraw_waiver(municipality=found, code=code, actor=request.user, now=clock.now())
    return _done(request, found, _("Deroga tolta."))


@require_POST
@role_required(Role.CENTRAL)
def rehearse(request: IdentifiedRequest, belfiore: str) -> HttpResponse:
    """Starts a rehearsal on a copy."""
    found = _find(belfiore)
    return _try(
        request,
        found,
        lambda: ask_in(municipality=found, actor=request.user, central=request.user.pk, now=clock.now()),
        _("Prova avviata su una copia: i dati veri non cambiano."),
    )


@require_POST
@role_required(Role.CENTRAL)
def start(request: IdentifiedRequest, belfiore: str) -> HttpResponse:
    """Opens the Comune to its families."""
    found = _find(belfiore)
    return _try(
        request,
        found,
        lambda: go_live(municipality=found, actor=request.user, now=clock.now()),
        _("Il Comune è attivo: le famiglie possono entrare."),
    )


@require_POST
@role_required(Role.CENTRAL)
def take_back(request: IdentifiedRequest, belfiore: str) -> HttpResponse:
    """Closes the Comune to its families again."""
    found, form = _find(belfiore), ReturnForm(request.POST, prefix="ritorno")
    if form.is_valid():
        values = form.cleaned_data | {"stage": Stage(form.cleaned_data["stage"])}
        try:
            go_back(municipality=found, **values, actor=request.user, now=clock.now())
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return _done(request, found, _("Il Comune è tornato indietro: le famiglie leggono l'avviso."))
    return _page(request, found, return_form=form)


def _find(belfiore: str) -> Municipality:
    found: Municipality = get_object_or_404(Municipality.objects.all(), belfiore_code=belfiore.upper())
    return found


def _try(request: IdentifiedRequest, found: Municipality, act: Callable[[], None], sentence: str) -> HttpResponse:
    try:
        act()
    except DomainError as error:
        messages.error(request, str(error))
        return redirect(PAGE, found.belfiore_code)
    return _done(request, found, sentence)


def _page(request: IdentifiedRequest, found: Municipality, *, waiving: str = "", **bound: forms.Form) -> HttpResponse:
    if not schema_exists(found.schema_name):
        return render(request, "golive/no_schema.html", {"subject": found, "sentence": str(SchemaMissing())})
    context = page_context(found, for_central=True, **bound) | {"waiving": waiving}
    return render(request, "golive/central.html", context, status=422 if bound else 200)


def _done(request: IdentifiedRequest, found: Municipality, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect(PAGE, found.belfiore_code)
