"""Her applications: the list, one with its milestones, completing, withdrawing, throwing a draft away."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sportello.accounts.permissions import IdentifiedRequest, identified, in_person
from sportello.applications import completing
from sportello.applications.admissibility.words import document_term
from sportello.applications.drafting import throw_away
from sportello.applications.explaining import told
from sportello.applications.milestones import milestones
from sportello.applications.models import Application, ApplicationState
from sportello.applications.queries import is_told_price, visible_to
from sportello.applications.states import Actor, may_become
from sportello.applications.steps.school import CertificateField
from sportello.applications.views.owing import owed_to_her
from sportello.kernel import clock
from sportello.kernel.errors import DomainError


class CompletionForm(forms.Form):
    """What the office asked for: a text, a document, or both."""

    hides_optional = True

    text = forms.CharField(
        label=gettext_lazy("La tua risposta"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )
    document = CertificateField(
        label=gettext_lazy("Documento"), required=False, help_text=gettext_lazy("PDF, JPEG o PNG, al massimo 5 MB.")
    )


def _found(request: IdentifiedRequest, public_id: UUID) -> Application:
    return get_object_or_404(visible_to(request.user, clock.today()), public_id=public_id)


@identified
def applications(request: IdentifiedRequest) -> HttpResponse:
    """All of them, the last touched first."""
    rows = visible_to(request.user, clock.today()).order_by("-changed_at", "-id")
    page = Paginator(rows, 20).get_page(request.GET.get("pagina"))
    return render(request, "applications/list.html", {"page": page})


@identified
def application(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """One application: state, protocol, dates, milestones, documents, what she can do now."""
    found = _found(request, public_id)
    if found.state == ApplicationState.DRAFT:
        return redirect("applications:resume", code=found.service.code, public_id=public_id)
    return _page(request, found, CompletionForm(label_suffix=""))


def _page(request: IdentifiedRequest, found: Application, form: CompletionForm, *, status: int = 200) -> HttpResponse:
    told_price = found.explanation is not None and is_told_price(request.user, found, clock.today())
    asked = found.state_changes.filter(after=ApplicationState.TO_COMPLETE).order_by("-changed_at", "-id").first()
    context = {
        "application": found,
        "milestones": milestones(found),
        "attachments": found.attachments.all(),
        "owed": [
            (one.document.label.within(get_language() or "it"), document_term(one))
            for one in owed_to_her(request, found)
        ],
        "price": told(found.explanation, found.edition) if told_price and found.explanation else None,
        "asked": asked if found.state == ApplicationState.TO_COMPLETE else None,
        "form": form,
        "may_withdraw": may_become(found, ApplicationState.WITHDRAWN, Actor.CITIZEN),
        "procedure": found.edition.rules.procedure,
        "rejected": found.state == ApplicationState.REJECTED,
    }
    return render(request, "applications/application.html", context, status=status)


@require_POST
@identified
@in_person
def complete(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """Hands in what the office asked for."""
    found, form = _found(request, public_id), CompletionForm(request.POST, request.FILES, label_suffix="")
    if form.is_valid():
        try:
            completing.complete(
                application=found,
                actor=request.user,
                text=form.cleaned_data["text"],
                upload=form.cleaned_data["document"],
                now=clock.now(),
            )
        except DomainError as failure:
            form.add_error(None, failure.message)
        else:
            messages.success(request, _("Risposta inviata: la domanda è di nuovo all'ufficio."))
            return redirect("applications:application", public_id=public_id)
    return _page(request, found, form, status=422)


@identified
@in_person
def withdraw(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """Asks first, then withdraws."""
    found = _found(request, public_id)
    if request.method == "POST":
        try:
            completing.withdraw(application=found, actor=request.user, now=clock.now())
        except DomainError as failure:
            messages.warning(request, failure.message)
        else:
            messages.success(request, _("Domanda ritirata."))
        return redirect("applications:application", public_id=public_id)
    return render(request, "applications/withdraw.html", {"application": found})


@identified
@in_person
def delete_draft(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """Asks first, then throws the draft away."""
    found = _found(request, public_id)
    if request.method == "POST":
        try:
            throw_away(application=found)
        except DomainError as failure:
            messages.warning(request, failure.message)
        else:
            messages.success(request, _("Bozza eliminata."))
        return redirect("desk:area")
    return render(request, "applications/delete_draft.html", {"application": found})
