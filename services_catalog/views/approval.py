"""How an edition comes into force, page by page: proposed by who wrote it, judged by another administrator."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from services_catalog import publication
from services_catalog.approval import propose_edition, send_back, take_back
from services_catalog.approval_forms import InForceForm, ProposalForm, ReturnForm
from services_catalog.approvers import approvers_of, authors_of
from services_catalog.describing import changes
from services_catalog.lint import Finding, Severity, errors_of, lint
from services_catalog.models import Edition
from services_catalog.panels import panels_of
from services_catalog.queries import edition_before
from sportello.accounts.models import Role
from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.kernel import clock
from sportello.kernel.errors import DomainError

changes_fees = role_required(Role.ADMINISTRATOR)


@changes_fees
@require_http_methods(["GET", "POST"])
def propose(request: IdentifiedRequest, edition_id: int) -> HttpResponse:
    """What a draft would change, and the form that asks the others to judge it."""
    held = _edition(edition_id)
    if not held.is_draft:
        return redirect("services_catalog:edition", held.pk)
    findings = lint(held.rules, held.service.archetype)
    initial = {"valid_from": held.period.start}
    form = ProposalForm(request.POST if request.method == "POST" else None, initial=initial, asks=bool(findings))
    if form.is_valid():
        given = form.cleaned_data
        try:
            propose_edition(
                edition=held,
                note=given["note"],
                valid_from=given["valid_from"],
                actor=request.user,
                now=clock.now(),
            )
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("Proposta inviata: la mette in vigore un altro amministratore."))
            return redirect("services_catalog:edition", held.pk)
    alone = [one for one in approvers_of(held, clock.today()) if one.pk != request.user.pk] == []
    context = {**_judged(request, held, findings), "form": form, "alone": alone}
    return render(request, "services_catalog/propose.html", context, status=422 if form.errors else 200)


@changes_fees
@require_http_methods(["GET", "POST"])
def put_in_force(request: IdentifiedRequest, edition_id: int) -> HttpResponse:
    """What a proposal changes, and the act that makes it so: for an administrator who did not write it."""
    held = _edition(edition_id)
    if held.is_draft:
        return redirect("services_catalog:propose", held.pk)
    if not held.is_proposed:
        return redirect("services_catalog:edition", held.pk)
    findings = lint(held.rules, held.service.archetype)
    posted = request.POST if request.method == "POST" else None
    form = InForceForm(posted, initial=InForceForm.known(held), asks=bool(findings))
    if form.is_valid():
        try:
            publication.put_in_force(edition=held, act=form.act(), actor=request.user, now=clock.now())
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("La tariffa è in vigore."))
            return redirect("services_catalog:edition", held.pk)
    return _approval_page(request, held, findings, form=form, returning=ReturnForm())


@changes_fees
@require_POST
def give_back(request: IdentifiedRequest, edition_id: int) -> HttpResponse:
    """Send a proposal back to who wrote it, with a reason."""
    held = _edition(edition_id)
    form = ReturnForm(request.POST)
    if form.is_valid():
        try:
            send_back(edition=held, reason=form.cleaned_data["reason"], actor=request.user, now=clock.now())
        except DomainError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, _("Proposta rimandata: chi l'ha preparata ne conosce il motivo."))
    elif held.is_proposed:
        findings = lint(held.rules, held.service.archetype)
        act_form = InForceForm(initial=InForceForm.known(held), asks=bool(findings))
        return _approval_page(request, held, findings, form=act_form, returning=form)
    return redirect("services_catalog:edition", held.pk)


@changes_fees
@require_POST
def withdraw(request: IdentifiedRequest, edition_id: int) -> HttpResponse:
    """Take one's own proposal back, to correct it."""
    held = _edition(edition_id)
    try:
        take_back(edition=held, actor=request.user, now=clock.now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Proposta ritirata: è di nuovo una bozza."))
    return redirect("services_catalog:edition", held.pk)


def _approval_page(
    request: IdentifiedRequest, held: Edition, findings: list[Finding], *, form: InForceForm, returning: ReturnForm
) -> HttpResponse:
    context = {
        **_judged(request, held, findings),
        "form": form,
        "returning": returning,
        "is_author": request.user.pk in authors_of(held),
    }
    wrong = form.errors or returning.errors
    return render(request, "services_catalog/in_force.html", context, status=422 if wrong else 200)


def _judged(request: IdentifiedRequest, held: Edition, findings: list[Finding]) -> dict[str, Any]:
    """What both who proposes and who approves look at."""
    before = edition_before(held)
    return {
        "edition": held,
        "errors": errors_of(findings),
        "warnings": [finding for finding in findings if finding.severity is not Severity.ERROR],
        "before": before,
        "changes": changes(before.rules, held.rules) if before else [],
        "panels": panels_of(held, request.user),
    }


def _edition(edition_id: int) -> Edition:
    return get_object_or_404(Edition.objects.select_related("service", "proposed_by"), pk=edition_id)
