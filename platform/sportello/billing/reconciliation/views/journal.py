"""The journal of a notice's messages, for the office; the evidence pack for PagoPA's acceptance tests."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.billing.bookkeepers import BOOKKEEPERS
from sportello.billing.reconciliation.case_form import CasesForm
from sportello.billing.reconciliation.evidence import (
    messages_of,
    missing_primitives,
    one_of_each,
    take_cases,
    take_evidence,
)
from sportello.billing.reconciliation.forms import NoticeForm
from sportello.kernel import clock


@role_required(*BOOKKEEPERS)
def journal(request: IdentifiedRequest) -> HttpResponse:
    """The messages of the notice whose number is posted: it stays out of the address."""
    form = NoticeForm(request.POST or None)
    number = form.cleaned_data["number"] if form.is_bound and form.is_valid() else ""
    rows = messages_of(number) if number else []
    context = {"form": form, "number": number, "rows": rows, "cases": CasesForm(), "missing": missing_primitives()}
    return render(request, "reconciliation/journal.html", context, status=422 if form.errors else 200)


@require_POST
@role_required(*BOOKKEEPERS)
def evidence(request: IdentifiedRequest) -> HttpResponse:
    """The zip of a notice's messages; without a number the pack of the acceptance tests."""
    form = NoticeForm(request.POST)
    number = form.cleaned_data["number"] if form.is_valid() else ""
    found = messages_of(number) if number else one_of_each()
    content = take_evidence(found=found, subject=number or "pack", actor=request.user.pk, now=clock.now())
    name = f"messaggi-{number}.zip" if number else "prove-pagopa.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="application/zip", headers=headers)


@require_POST
@role_required(*BOOKKEEPERS)
def cases(request: IdentifiedRequest) -> HttpResponse:
    """The pack of PagoPA's acceptance tests: a folder for each test, and one of each primitive."""
    form = CasesForm(request.POST)
    if not form.is_valid():
        context = {"form": NoticeForm(), "cases": form, "missing": missing_primitives()}
        return render(request, "reconciliation/journal.html", context, status=422)
    content = take_cases(notices=form.notices(), actor=request.user.pk, now=clock.now())
    headers = {"Content-Disposition": 'attachment; filename="prove-pagopa.zip"'}
    return HttpResponse(content, content_type="application/zip", headers=headers)
