"""The metropolitan templates as the office of a Comune sees them: in what it differs, why, what is proposed to it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from services_catalog import proposing
from services_catalog.lineage import explain_difference, start_from_template
from services_catalog.metropolitan import latest_templates
from services_catalog.models import Edition, Service, TemplateLineage, TemplateProposal
from services_catalog.stating_fees import state_fees
from services_catalog.template_forms import DeclineForm, ReasonForm, StatedFeeForm
from services_catalog.template_pages import not_begun, template_view
from sportello.accounts.models import Role
from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.kernel import clock
from sportello.kernel.errors import DomainError

reads = role_required(Role.CLERK, Role.ADMINISTRATOR)
decides = role_required(Role.ADMINISTRATOR)


@require_GET
@reads
def overview(request: IdentifiedRequest) -> HttpResponse:
    """The services that started from a template, and the templates nobody has begun with."""
    lineages = list(TemplateLineage.objects.select_related("service").prefetch_related("proposals"))
    rows = [(lineage, any(one.state == "proposed" for one in lineage.proposals.all())) for lineage in lineages]
    codes = set(Service.objects.values_list("code", flat=True))
    context = {"rows": rows, "templates": not_begun(codes), "may_change": _may_change(request)}
    return render(request, "services_catalog/templates.html", context)


@require_GET
@reads
def template(request: IdentifiedRequest, code: str) -> HttpResponse:
    """One service against its template."""
    return _page(request, _lineage(code))


@require_POST
@decides
def start(request: IdentifiedRequest, code: str) -> HttpResponse:
    """Begins a service with its template."""
    found = latest_templates().get(code)
    if found is None:
        return redirect("services_catalog:templates")
    try:
        draft = start_from_template(template=found, actor=request.user, now=clock.now())
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("services_catalog:templates")
    messages.success(request, _("Il servizio comincia dal modello, con le tariffe da confermare."))
    return redirect("services_catalog:edition", draft.pk)


@require_POST
@decides
def reason(request: IdentifiedRequest, code: str) -> HttpResponse:
    """Keeps why the Comune differs at a place."""
    lineage, form = _lineage(code), ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, lineage, reason_form=form)
    try:
        explain_difference(
            lineage=lineage,
            place=form.cleaned_data["place"],
            reason=form.cleaned_data["reason"],
            author=request.user.full_name,
            actor=request.user,
            now=clock.now(),
        )
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Motivo scritto."))
    return redirect("services_catalog:template", code)


@require_POST
@decides
def accept(request: IdentifiedRequest, proposal_id: int) -> HttpResponse:
    """Makes the draft with the update; nothing in force changes."""
    proposal = _proposal(proposal_id)
    try:
        draft = proposing.accept(proposal=proposal, actor=request.user, now=clock.now())
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("services_catalog:template", proposal.lineage.service.code)
    messages.success(request, _("Bozza pronta: controllala e mettila in vigore con il suo atto."))
    return redirect("services_catalog:edition", draft.pk)


@require_POST
@decides
def decline(request: IdentifiedRequest, proposal_id: int) -> HttpResponse:
    """Stays with the version one has."""
    proposal, form = _proposal(proposal_id), DeclineForm(request.POST, auto_id="rifiuto-%s")
    if not form.is_valid():
        return _page(request, proposal.lineage, decline_form=form)
    try:
        proposing.decline(proposal=proposal, reason=form.cleaned_data["reason"], actor=request.user, now=clock.now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Proposta rifiutata: il servizio resta com'è."))
    return redirect("services_catalog:template", proposal.lineage.service.code)


@require_http_methods(["GET", "POST"])
@decides
def first_fee(request: IdentifiedRequest, edition_id: int) -> HttpResponse:
    """The first amount of a draft whose fees are to confirm; the rest is written in the editor."""
    edition = get_object_or_404(Edition.objects.select_related("service"), pk=edition_id)
    if not edition.is_draft or not edition.rules.fees.to_confirm:
        return redirect("services_catalog:edition", edition.pk)
    form = StatedFeeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        state_fees(edition=edition, **form.cleaned_data, actor=request.user, now=clock.now())
        messages.success(request, _("Importo scritto. Completa la tabella e salvala."))
        return redirect("services_catalog:edit", edition.pk)
    context = {"edition": edition, "form": form}
    return render(request, "services_catalog/first_fee.html", context, status=422 if form.errors else 200)


def _page(request: IdentifiedRequest, lineage: TemplateLineage, **refused: Any) -> HttpResponse:  # Any: bound forms
    view = template_view(lineage, **refused)
    context = {"view": view, "may_change": _may_change(request), "form": next(iter(refused.values()), None)}
    return render(request, "services_catalog/template.html", context, status=422 if refused else 200)


def _lineage(code: str) -> TemplateLineage:
    return get_object_or_404(TemplateLineage.objects.select_related("service"), service__code=code)


def _proposal(proposal_id: int) -> TemplateProposal:
    return get_object_or_404(TemplateProposal.objects.select_related("lineage__service"), pk=proposal_id)


def _may_change(request: HttpRequest) -> bool:
    return Role.ADMINISTRATOR in request.user.roles_on(clock.today())  # type: ignore[union-attr]  # identified
