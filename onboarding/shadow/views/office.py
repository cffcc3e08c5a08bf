"""The shadow month for clerks and administrators: ask, read family by family, explain."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from onboarding.shadow.asking import ask_comparison
from onboarding.shadow.forms import CompareForm, FamilyFilters, NoteForm, comparable_loads
from onboarding.shadow.models import ExplainedDifference, FamilyState, ShadowFamily, ShadowRun
from onboarding.shadow.noting import explain_difference, withdraw_explanation
from onboarding.shadow.rules import Kind, Reason
from onboarding.shadow.standing import latest_run
from onboarding.shadow.views.summary import summary_of
from onboarding.shadow.words import LABELS, figure, shown
from sportello.accounts.models import Role
from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.fees.models import PriceDecision
from sportello.fees.telling import tell_decision
from sportello.kernel import clock
from sportello.kernel.clock import ROME
from sportello.kernel.errors import DomainError
from sportello.kernel.money import Money
from sportello.kernel.month import Month
from sportello.ui.export import Column, export_response
from sportello.ui.listing import ListPage, Tab, list_page, render_list

OFFICE = (Role.CLERK, Role.ADMINISTRATOR)
HISTORY = 20
SORTS = {"famiglia": ("name",), "pasti": ("our_meals", "name"), "saldo": ("gap_cents", "name")}
TABS = (
    Tab("", gettext_lazy("Da guardare"), Q(state=FamilyState.OPEN)),
    Tab("spiegate", gettext_lazy("Spiegate"), Q(state=FamilyState.SETTLED)),
    Tab("uguali", gettext_lazy("Uguali"), Q(state=FamilyState.EQUAL)),
    Tab("tutte", gettext_lazy("Tutte")),
)
TONES = {FamilyState.EQUAL: "success", FamilyState.SETTLED: "neutral", FamilyState.OPEN: "attention"}


def _reasons(row: ShadowFamily) -> str:
    return ", ".join(str(LABELS[Reason(code)]) for code in row.reasons)


def _legacy_meals(row: ShadowFamily) -> int | None:
    """None where the file does not tell them: that is not the same as none eaten."""
    told = any(one["legacy"]["meals"] is not None for one in row.children)
    return row.legacy_meals if told else None


COLUMNS: tuple[Column[ShadowFamily], ...] = (
    Column(gettext_lazy("Chi paga"), lambda row: row.name),
    Column(gettext_lazy("Bambini"), lambda row: ", ".join(one["name"] for one in row.children)),
    Column(gettext_lazy("Stato"), lambda row: row.get_state_display()),
    Column(gettext_lazy("Pasti nel vecchio programma"), _legacy_meals),
    Column(gettext_lazy("Pasti nello sportello"), lambda row: row.our_meals),
    Column(gettext_lazy("Differenza di saldo"), lambda row: Money(row.gap_cents)),
    Column(gettext_lazy("Motivi"), _reasons),
)


@never_cache
@role_required(*OFFICE)
def mine(request: IdentifiedRequest) -> HttpResponse:
    """The last comparison in figures, the ones before, and the form for another."""
    if request.method != "POST":
        return _overview(request, CompareForm(today=clock.today(), prefix="prova"), status=200)
    form = CompareForm(request.POST, today=clock.today(), prefix="prova")
    if not form.is_valid():
        return _overview(request, form, status=422)
    load = form.cleaned_data["load"]
    try:
        asked = ask_comparison(
            load=load,
            month=Month.parse(form.cleaned_data["month"]),
            exported_on=form.cleaned_data["exported_on"] or load.uploaded_at.astimezone(ROME).date(),
            tolerance=form.cleaned_data["tolerance"].cents,
            actor=request.user,
            now=clock.now(),
        )
    except DomainError as error:
        form.add_error(None, str(error))
        return _overview(request, form, status=422)
    return redirect("shadow:run", asked.public_id)


def _overview(request: IdentifiedRequest, form: CompareForm, *, status: int) -> HttpResponse:
    latest = latest_run()
    runs = ShadowRun.objects.select_related("load", "asked_by", "job").order_by("-asked_at", "-pk")[:HISTORY]
    context = {
        "form": form,
        "runs": list(runs),
        "has_loads": comparable_loads().exists(),
        "summary": summary_of(latest) if latest is not None else None,
    }
    return render(request, "shadow/office.html", context, status=status)


@never_cache
@require_GET
@role_required(*OFFICE)
def run(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """The families of a comparison."""
    held = _held(public_id)
    if held.is_at_work and held.job is not None:
        return redirect("jobs:job", held.job.public_id)
    rows = ShadowFamily.objects.filter(run=held)
    page: ListPage[ShadowFamily] = list_page(
        request, rows, filters=FamilyFilters, sorts=SORTS, default_sort="famiglia", tabs=TABS
    )
    record(
        action=Action.PERSON_LIST_EXPORTED if page.export_format else Action.PERSON_LIST_READ,
        actor=request.user.pk,
        subject_kind="shadow_run",
        subject=str(held.public_id),
        now=clock.now(),
        details={"rows": page.total if page.export_format else len(page.rows)},
    )
    if page.export_format:
        return export_response(page, COLUMNS, filename=f"mese-di-prova-{held.month:%Y-%m}")
    families = [
        (row, TONES[FamilyState(row.state)], _reasons(row), Money(row.gap_cents), _legacy_meals(row))
        for row in page.rows
    ]
    return render_list(request, page, "shadow/run.html", {**summary_of(held), "rows": families})


@never_cache
@role_required(*OFFICE)
def family(request: IdentifiedRequest, public_id: UUID, family_id: UUID) -> HttpResponse:
    """Each child with both sides and the reasons; a posted note explains a difference."""
    held = _held(public_id)
    found = get_object_or_404(ShadowFamily, run=held, public_id=family_id)
    form = NoteForm(request.POST) if request.method == "POST" else NoteForm()
    if request.method == "POST" and form.is_valid():
        try:
            explain_difference(
                family=found,
                key=form.cleaned_data["key"],
                note=form.cleaned_data["note"].strip(),
                actor=request.user,
                now=clock.now(),
            )
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Spiegazione registrata."))
        return redirect("shadow:family", public_id, family_id)
    record(
        action=Action.CHILD_READ,
        actor=request.user.pk,
        subject_kind="shadow_family",
        subject=str(found.public_id),
        now=clock.now(),
    )
    context = {"run": held, "family": found, "tone": TONES[FamilyState(found.state)], "form": form}
    context["children"] = _children(held, found)
    context["asked_key"] = form.data.get("key", "") if form.is_bound else ""
    return render(request, "shadow/family.html", context, status=422 if form.is_bound else 200)


@require_POST
@role_required(*OFFICE)
def withdraw(request: IdentifiedRequest, public_id: UUID, family_id: UUID) -> HttpResponse:
    """Takes a note back: the difference waits again."""
    found = get_object_or_404(ShadowFamily, run=_held(public_id), public_id=family_id)
    try:
        withdraw_explanation(family=found, key=request.POST.get("key", ""), actor=request.user, now=clock.now())
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Spiegazione ritirata: la differenza è di nuovo da guardare."))
    return redirect("shadow:family", public_id, family_id)


def _held(public_id: UUID) -> ShadowRun:
    return get_object_or_404(ShadowRun.objects.select_related("load", "asked_by", "job"), public_id=public_id)


def _children(held: ShadowRun, found: ShadowFamily) -> list[dict[str, Any]]:  # what a template shows
    notes = ExplainedDifference.standing.filter(key__in=[told["key"] for told in found.differences()])
    by_key = {note.key: note for note in notes.select_related("explained_by").order_by("pk")}
    waiting = set(found.waiting)
    prices = _prices(held, [one["code"] for one in found.children])
    return [
        {
            "name": one["name"],
            "lines": _lines(one),
            "differences": [shown(told, by_key, waits=told["key"] in waiting) for told in one["differences"]],
            "price": prices.get(one["code"]),
        }
        for one in found.children
    ]


def _lines(one: dict[str, Any]) -> list[tuple[object, str, str, bool]]:
    """Both sides, figure by figure; equal where neither tells or both say the same."""
    names = (
        (_("Pasti"), "meals", Kind.MEALS),
        (_("Addebito"), "charged", Kind.CHARGE),
        (_("Saldo"), "balance", Kind.BALANCE),
    )
    return [
        (
            label,
            figure(kind, one["legacy"][name]),
            figure(kind, one["ours"][name]),
            one["legacy"][name] == one["ours"][name],
        )
        for label, name, kind in names
        if one["legacy"][name] is not None or one["ours"][name] is not None
    ]


def _prices(held: ShadowRun, codes: list[str]) -> dict[str, object]:
    """How each child's own price of the month came about, in words."""
    month: Month = Month.of(held.month)
    decisions = PriceDecision.objects.in_force().filter(
        child__fiscal_code__in=codes,
        service__code=held.service_code,
        valid_during__overlap=month.period.bounds,
    )
    found = decisions.select_related("edition", "child").order_by("valid_during", "pk")
    return {one.child.fiscal_code or "": tell_decision(one) for one in found}
