"""The office and arrears: the rules of the Comune, a look, the steps, the letters, the list for the injunction."""

from collections import Counter
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from sportello.accounts.models import Role
from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.billing.documents.facing import file_of, ourselves
from sportello.billing.ladder.forms import RulesForm
from sportello.billing.ladder.letters import HEADINGS, injunction_rows, letter_of
from sportello.billing.ladder.models import REASONS, STEPS, LadderRules, LadderRun, LetterPack
from sportello.billing.ladder.packing import start_pack
from sportello.billing.ladder.running import confirm_run, start_look
from sportello.billing.ladder.setting import set_rules
from sportello.billing.papers.arrears import reminder_pdf
from sportello.families.models import Adult
from sportello.kernel import clock
from sportello.kernel.errors import DomainError
from sportello.kernel.money import Money
from sportello.ui.listing import list_page
from sportello.ui.spreadsheets import table_response

OFFICE: Final = (Role.CLERK, Role.ADMINISTRATOR)
MOST_SHOWN: Final = 200


@role_required(*OFFICE)
def runs(request: IdentifiedRequest) -> HttpResponse:
    """The rules in force and all runs, the newest first; a POST looks at what is overdue today."""
    if request.method == "POST":
        try:
            made = start_look(actor=request.user.pk, now=clock.now())
        except DomainError as error:
            messages.error(request, str(error))
            return redirect("ladder:runs")
        return redirect("jobs:job", made.job.public_id) if made.job else redirect("ladder:run", made.public_id)
    page = list_page(
        request, LadderRun.objects.select_related("job"), sorts={"data": ("created_at",)}, default_sort="-data"
    )
    names = dict(STEPS)
    latest = LadderRules.objects.order_by("-revision").first()
    steps = [(names[one.step.value], one.days, Money(one.minimum_cents)) for one in latest.ladder] if latest else []
    may_set = Role.ADMINISTRATOR in request.user.roles_on(clock.today())
    context = {"page": page, "rules": latest, "steps": steps, "may_set": may_set}
    return render(request, "billing/ladder/runs.html", context)


@role_required(Role.ADMINISTRATOR)
def rules(request: IdentifiedRequest) -> HttpResponse:
    """A new revision of the rules."""
    last = LadderRules.objects.order_by("-revision").first()
    form = RulesForm(request.POST or None, last=last)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        told = {name: sent[name] for name in ("in_force_from", "act", "officer", "way_out", "days_to_pay")}
        try:
            set_rules(steps=form.steps, actor=request.user.pk, now=clock.now(), **told)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Regole salvate."))
            return redirect("ladder:runs")
    return render(request, "billing/ladder/rules.html", {"form": form}, status=422 if form.errors else 200)


@role_required(*OFFICE)
def run(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """Who would move or has moved, and why the others do not; a POST lets them."""
    held = _run(public_id)
    if request.method == "POST":
        try:
            job = confirm_run(run=held, actor=request.user.pk, now=clock.now())
        except DomainError as error:
            messages.error(request, str(error))
            return redirect("ladder:run", held.public_id)
        return redirect("jobs:job", job.public_id)
    moving = Counter(row[3] for row in held.decisions if row[3])
    staying = Counter(row[4] for row in held.decisions if row[4])
    adults = Adult.objects.in_bulk({row[1] for row in held.decisions[:MOST_SHOWN]})
    names, reasons = dict(STEPS), dict(REASONS)
    _record(request, held, Action.PERSON_LIST_READ, len(adults))
    context = {
        "run": held,
        "moving": [(label, (held.counts if held.ended_at else moving).get(step, 0)) for step, label in STEPS],
        "staying": [(label, staying[why]) for why, label in REASONS if staying[why]],
        "overdue": len(held.decisions),
        "movers": sum(moving.values()),
        "most": MOST_SHOWN,
        "pack": LetterPack.objects.filter(run=held).first(),
        "listed": held.ended_at and held.counts.get("injunction"),
        "shown": [
            (adults[payer], Money(cents), names.get(step), reasons.get(why))
            for _position, payer, cents, step, why in held.decisions[:MOST_SHOWN]
        ],
    }
    return render(request, "billing/ladder/run.html", context)


@require_GET
@role_required(*OFFICE)
def letter(request: IdentifiedRequest, public_id: UUID, payer: UUID) -> HttpResponse:
    """The letter of a payer of the run."""
    held, adult = _run(public_id), get_object_or_404(Adult, public_id=payer)
    found = letter_of(held, adult, ourselves())
    if found is None:
        raise Http404
    _record(request, held, Action.PERSON_LIST_EXPORTED, 1)
    return file_of(reminder_pdf(found, made_at=held.ended_at or held.created_at), "sollecito.pdf")


@role_required(*OFFICE)
def letters(request: IdentifiedRequest, public_id: UUID) -> HttpResponse | FileResponse:
    """All the letters of the run in one file; a POST has it made."""
    held = _run(public_id)
    if request.method == "POST":
        try:
            job = start_pack(run=held, actor=request.user.pk, now=clock.now())
        except DomainError as error:
            messages.error(request, str(error))
            return redirect("ladder:run", held.public_id)
        return redirect("jobs:job", job.public_id)
    pack = get_object_or_404(LetterPack, run=held)
    _record(request, held, Action.PERSON_LIST_EXPORTED, pack.letters)
    response = FileResponse(
        pack.file.open("rb"), as_attachment=True, filename="solleciti.zip", content_type="application/zip"
    )
    response["Cache-Control"] = "private, no-store"
    return response


@require_GET
@role_required(*OFFICE)
def injunctions(request: IdentifiedRequest, public_id: UUID, file_format: str) -> HttpResponse:
    """The list for the injunction, as a table."""
    if file_format not in {"csv", "xlsx"}:
        raise Http404
    held = _run(public_id)
    rows = list(injunction_rows(held))
    _record(request, held, Action.PERSON_LIST_EXPORTED, len(rows))
    return table_response(HEADINGS, rows, file_format=file_format, filename=f"ingiunzioni-{held.created_at:%Y-%m-%d}")


def _run(public_id: UUID) -> LadderRun:
    return get_object_or_404(LadderRun.objects.select_related("job", "rules"), public_id=public_id)


def _record(request: IdentifiedRequest, held: LadderRun, action: Action, count: int) -> None:
    record(
        action=action,
        actor=request.user.pk,
        subject_kind="ladder_run",
        subject=held.public_id,
        now=clock.now(),
        details={"count": count},
    )
