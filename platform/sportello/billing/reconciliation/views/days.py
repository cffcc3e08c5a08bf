"""The accountant's pages: the days, and what differs on one."""

from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.billing.bookkeepers import BOOKKEEPERS
from sportello.billing.publishing.standing import standing_of
from sportello.billing.receipts.models import Receipt
from sportello.billing.receipts.proving import last_proof
from sportello.billing.reconciliation import standing
from sportello.billing.reconciliation.explaining import explain
from sportello.billing.reconciliation.forms import ExplainForm
from sportello.billing.reconciliation.models import Flow, FlowLine
from sportello.kernel import clock
from sportello.kernel.errors import DomainError

SHOWN: Final = timedelta(days=31)


@role_required(*BOOKKEEPERS)
def days(request: IdentifiedRequest) -> HttpResponse:
    """The last month, day by day; earlier ones by `fino`."""
    now, today = clock.now(), clock.today()
    last = min(_date(request.GET.get("fino", "")) or today, today)
    found = standing.days(first=last - SHOWN, last=last, now=now)
    context = {
        "days": found,
        "before": last - SHOWN - timedelta(days=1),
        "ready": standing.is_at_pagopa(),
        "proof": last_proof(),
        "refused": standing_of(now).refused,
    }
    return render(request, "reconciliation/days.html", context)


@role_required(*BOOKKEEPERS)
def day(request: IdentifiedRequest, year: int, month: int, number: int) -> HttpResponse:
    """What differs on a day, line by line; a note explains one."""
    on = _date(f"{year:04}-{month:02}-{number:02}")
    if on is None:
        raise Http404
    form = ExplainForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        what = _what(form.cleaned_data["kind"], form.cleaned_data["what"])
        try:
            explain(what=what, note=form.cleaned_data["note"], actor=request.user.pk, now=clock.now())
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Differenza spiegata."))
            return redirect("reconciliation:day", year=year, month=month, number=number)
    context = {
        "on": on,
        "form": form,
        "lines": standing.lines_of(on),
        "flows": standing.flows_of(on),
        "overdue": standing.overdue_of(on, now=clock.now()),
        "explained": standing.explained_of(on),
    }
    return render(request, "reconciliation/day.html", context, status=422 if form.errors else 200)


def _what(kind: str, public_id: UUID) -> FlowLine | Receipt | Flow:
    if kind == "line":
        return get_object_or_404(FlowLine, public_id=public_id)
    if kind == "flow":
        return get_object_or_404(Flow, public_id=public_id)
    return get_object_or_404(Receipt, public_id=public_id)


def _date(word: str) -> date | None:
    try:
        return date.fromisoformat(word)
    except ValueError:
        return None
