"""The office issues notices in bulk: sets the terms, reads the count, issues, takes the papers."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from services_catalog.models import Service
from sportello.accounts.models import Role
from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.billing.issuing.forms import IssueForm
from sportello.billing.issuing.models import LeftOut, NoticeIssue, PaperPart
from sportello.billing.issuing.preparing import confirm_issue, count_again, prepare_issue, print_issue
from sportello.billing.issuing.runs import positions_of
from sportello.families.models import Adult, Child
from sportello.kernel import clock
from sportello.kernel.errors import DomainError
from sportello.kernel.money import Money
from sportello.ui.listing import list_page

OFFICE: Final = (Role.CLERK, Role.ADMINISTRATOR)
MOST_SHOWN: Final = 200
STEPS: Final = {"conta": count_again, "emetti": confirm_issue, "stampa": print_issue}


@require_GET
@role_required(*OFFICE)
def issues(request: IdentifiedRequest) -> HttpResponse:
    """All issues, the newest first."""
    page = list_page(
        request, NoticeIssue.objects.select_related("job"), sorts={"data": ("created_at",)}, default_sort="-data"
    )
    names = _names()
    shown = [(one, ", ".join(names.get(code, code) for code in one.services)) for one in page.rows]
    return render(request, "billing/issuing/issues.html", {"page": page, "shown": shown})


@role_required(*OFFICE)
def new(request: IdentifiedRequest) -> HttpResponse:
    """The terms; sent, they are counted."""
    form = IssueForm(request.POST or None, services=list(_names().items()))
    if request.method == "POST" and form.is_valid():
        try:
            made = prepare_issue(**form.cleaned_data, actor=request.user.pk, now=clock.now())
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return redirect("jobs:job", made.job.public_id) if made.job else redirect("issuing:issue", made.public_id)
    return render(request, "billing/issuing/new.html", {"form": form}, status=422 if form.errors else 200)


@role_required(*OFFICE)
def issue(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """What it would ask, or asked; a POST counts again, issues, or prints."""
    held = _issue(public_id)
    if request.method == "POST":
        step = STEPS.get(request.POST.get("passo", ""))
        if step is None:
            raise Http404
        try:
            job = step(issue=held, actor=request.user.pk, now=clock.now())
        except DomainError as error:
            messages.error(request, str(error))
            return redirect("issuing:issue", held.public_id)
        return redirect("jobs:job", job.public_id)
    names = _names()
    counts, cents = held.counts.get("left_out", {}), held.counts.get("left_out_cents", {})
    context = {
        "issue": held,
        "services": ", ".join(names.get(code, code) for code in held.services),
        "minimum": Money(held.minimum_cents),
        "instalments_from": Money(held.instalments_from_cents),
        "left_out": [(one, counts[one], Money(cents[one])) for one in LeftOut if counts.get(one)],
        "parts": list(held.parts.order_by("number")),
    }
    return render(request, "billing/issuing/issue.html", context)


@require_GET
@role_required(*OFFICE)
def notices(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """The notices it made."""
    held = _issue(public_id)
    rows = positions_of(held).prefetch_related("options")
    page = list_page(request, rows, sorts={"nome": ("debtor_name",)}, default_sort="nome")
    shown = [(one, min(one.options.all(), key=lambda option: option.number)) for one in page.rows]
    _record(request, held, Action.PERSON_LIST_READ, len(shown))
    return render(request, "billing/issuing/notices.html", {"issue": held, "page": page, "shown": shown})


@require_GET
@role_required(*OFFICE)
def left_out(request: IdentifiedRequest, public_id: UUID, reason: str) -> HttpResponse:
    """Who is left out for a reason, the first of them by what they owe."""
    held = _issue(public_id)
    if reason not in LeftOut.values:
        raise Http404
    rows = sorted(held.left_out.get(reason, []), key=lambda row: -row[2])
    cut = rows[:MOST_SHOWN]
    adults = Adult.objects.in_bulk([payer for payer, _child, _cents in cut if payer])
    children = Child.objects.in_bulk([child for _payer, child, _cents in cut])
    _record(request, held, Action.PERSON_LIST_READ, len(cut))
    context = {
        "issue": held,
        "reason": LeftOut(reason).label,
        "count": len(rows),
        "most": MOST_SHOWN,
        "shown": [(children[child], adults.get(payer), Money(cents)) for payer, child, cents in cut],
    }
    return render(request, "billing/issuing/left_out.html", context)


@require_GET
@role_required(*OFFICE)
def part(request: IdentifiedRequest, public_id: UUID, number: int) -> FileResponse:
    """One of the zips."""
    held = get_object_or_404(PaperPart.objects.select_related("issue"), issue__public_id=public_id, number=number)
    _record(request, held.issue, Action.PERSON_LIST_EXPORTED, held.notices)
    response = FileResponse(
        held.file.open("rb"), as_attachment=True, filename=f"avvisi-{number}.zip", content_type="application/zip"
    )
    response["Cache-Control"] = "private, no-store"
    return response


def _issue(public_id: UUID) -> NoticeIssue:
    return get_object_or_404(NoticeIssue.objects.select_related("job"), public_id=public_id)


def _names() -> dict[str, str]:
    return dict(Service.objects.order_by("name").values_list("code", "name"))


def _record(request: IdentifiedRequest, held: NoticeIssue, action: Action, count: int) -> None:
    record(
        action=action,
        actor=request.user.pk,
        subject_kind="notice_issue",
        subject=held.public_id,
        now=clock.now(),
        details={"count": count},
    )
