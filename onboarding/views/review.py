"""The review desk: by kind, row by row, and the decisions that later loads remember."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from onboarding.checking import mapping_of
from onboarding.engine import told
from onboarding.judging.types import Defect
from onboarding.mapping.structs import Mapping
from onboarding.models import Decision, DecisionAction, LoadState, RosterLoad, StagedRow
from onboarding.permissions import handles_loads
from onboarding.queries import defects_of, who_is
from onboarding.review.deciding import decide_rows, revoke_decision
from onboarding.review.forms import DecisionForm
from onboarding.review.queries import questions_by_kind, questions_of, waiting
from onboarding.review.rules import subject_of
from onboarding.views.held import held_load
from sportello.accounts.permissions import IdentifiedRequest
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.kernel import clock
from sportello.kernel.errors import DomainError
from sportello.ui.listing import list_page


@require_GET
@handles_loads
def desk(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """What waits, by kind: one decision for all the rows that say the same."""
    held = held_load(public_id)
    if held.state != LoadState.CHECKED:
        return redirect("onboarding:load", public_id)
    _record_read(request, held)
    first = waiting(held).values_list("line", flat=True).first()
    questions = questions_by_kind(held, mapping_of(held))
    context = {"load": held, "questions": questions, "first": first, "waiting": waiting(held).count()}
    return render(request, "onboarding/review.html", context)


@require_POST
@handles_loads
def decide_kind(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """One decision for all the rows with that defect and that written value."""
    _decide(request, held_load(public_id), subject="")
    return redirect("onboarding:review", public_id)


@handles_loads
def row(request: IdentifiedRequest, public_id: UUID, line: int) -> HttpResponse:
    """One row: as it came, what was read of it, what is asked. A decision leads on to the next one."""
    held = held_load(public_id)
    if held.state != LoadState.CHECKED:
        return redirect("onboarding:load", public_id)
    here = get_object_or_404(StagedRow, load=held, line=line)
    if request.method == "POST":
        decided = _decide(request, held, subject=subject_of(here.record, here.line))
        here.refresh_from_db()
        if decided and here.verdict != "review":
            return redirect(_next(held, line))
        return redirect("onboarding:review_row", public_id, line)
    _record_read(request, held)
    mapping = mapping_of(held)
    before = waiting(held).filter(line__lt=line)
    context = {
        "load": held,
        "row": here,
        "who": who_is(here),
        "questions": questions_of(here, mapping) if here.verdict == "review" else [],
        "defects": defects_of(here),
        "cells": _told_cells(here, mapping_of(held)),
        "position": before.count() + 1,
        "waiting": waiting(held).count(),
        "next_url": _next(held, line),
        "previous": before.values_list("line", flat=True).last(),
    }
    return render(request, "onboarding/review_row.html", context)


def _told_cells(here: StagedRow, mapping: Mapping) -> list[tuple[str, str]]:
    cells = here.cells or []
    fixed = mapping.layout.form == "fixed"
    pairs = []
    for number, column in enumerate(mapping.columns):
        at = number if fixed else column.place - 1
        pairs.append((column.source or str(column.place), cells[at].strip() if at < len(cells) else ""))
    return pairs


def _next(held: RosterLoad, line: int) -> str:
    """The next row that waits, from the start again after the last, or the desk when none does."""
    rows = waiting(held)
    following = rows.filter(line__gt=line).values_list("line", flat=True).first()
    following = following or rows.exclude(line=line).values_list("line", flat=True).first()
    if following is None:
        return reverse("onboarding:review", args=[held.public_id])
    return reverse("onboarding:review_row", args=[held.public_id, following])


def _decide(request: IdentifiedRequest, held: RosterLoad, *, subject: str) -> bool:
    form = DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Scegli che cosa fare."))
        return False
    try:
        count = decide_rows(
            load=held,
            asked=form.asked(),
            subject=subject,
            action=DecisionAction(form.cleaned_data["action"]),
            value=form.cleaned_data["value"],
            actor=request.user,
            today=clock.today(),
            now=clock.now(),
        )
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return False
    told_rows = ngettext("Deciso: %(n)s riga.", "Deciso: %(n)s righe.", count) % {"n": count}
    messages.success(request, told_rows)
    return True


@require_GET
@handles_loads
def decisions(request: IdentifiedRequest) -> HttpResponse:
    """What was decided and holds for the loads to come."""
    held = Decision.objects.select_related("decided_by", "revoked_by").order_by("-decided_at", "-pk")
    page = list_page(request, held, sorts={"deciso": ("decided_at",)}, default_sort="-deciso", exports=False)
    rows = [{"decision": each, "what": told(Defect(each.defect, each.field, each.written))[0]} for each in page.rows]
    return render(request, "onboarding/decisions.html", {"page": page, "rows": rows})


@require_POST
@handles_loads
def revoke(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """The decision holds no more."""
    revoke_decision(decision=get_object_or_404(Decision, public_id=public_id), actor=request.user, now=clock.now())
    messages.success(request, _("Decisione revocata: dal prossimo caricamento la riga torna da rivedere."))
    return redirect("onboarding:decisions")


def _record_read(request: IdentifiedRequest, held: RosterLoad) -> None:
    record(
        action=Action.PERSON_LIST_READ,
        actor=request.user.pk,
        subject_kind="roster_load",
        subject=held.public_id,
        now=clock.now(),
        details={"what": "review"},
    )
