"""The plan of a Comune and one of its tasks, for both sides."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from onboarding.assessment.desk import Desk
from onboarding.assessment.forms import TaskForm
from onboarding.assessment.hands import hand_of
from onboarding.assessment.models import PlanTask, TaskState
from onboarding.assessment.plan_changes import STEPS, change_task
from onboarding.assessment.queries import find_task, tasks_of
from onboarding.assessment.questionnaire_files import latest, questionnaire_of
from onboarding.assessment.telling import Teller
from sportello.accounts.permissions import IdentifiedRequest
from sportello.kernel import clock
from sportello.kernel.errors import DomainError
from sportello.ui.export import Column, export_response
from sportello.ui.listing import FilterForm, Tab, list_page, render_list
from tenants.models import Stage

SORTS = {"scadenza": ("due_on",), "chi": ("owner", "due_on")}
TONES = {
    TaskState.OPEN: "info",
    TaskState.DONE: "success",
    TaskState.DROPPED: "cancelled",
    TaskState.REPLACED: "neutral",
}
FIELDS = {"state": gettext_lazy("Stato"), "due_on": gettext_lazy("Scadenza"), "owner_name": gettext_lazy("Chi la fa")}


def _owners() -> list[tuple[str, Any]]:
    language = get_language() or "it"
    return [("", _("Tutti")), *((key, owner.title.told(language)) for key, owner in latest().owners.items())]


class PlanFilters(FilterForm):
    """Who does it, and which stage it keeps from beginning."""

    chi = forms.ChoiceField(label=gettext_lazy("Chi la fa"), choices=_owners)
    blocca = forms.ChoiceField(
        label=gettext_lazy("Blocca la fase"), choices=[("", gettext_lazy("Tutte")), *Stage.choices[1:]]
    )

    def apply[T: Model](self, rows: QuerySet[T]) -> QuerySet[T]:
        if self.is_set("chi"):
            rows = rows.filter(owner=self.cleaned_data["chi"])
        return rows.filter(blocks=self.cleaned_data["blocca"]) if self.is_set("blocca") else rows


def _tabs() -> tuple[Tab, ...]:
    waiting = Q(state=TaskState.OPEN)
    return (
        Tab("", _("Da fare"), waiting),
        Tab("scadute", _("In ritardo"), waiting & Q(due_on__lt=clock.today())),
        Tab("fatte", _("Fatte"), Q(state=TaskState.DONE)),
        Tab("tutte", _("Tutte"), ~Q(state=TaskState.REPLACED)),
    )


def plan(request: IdentifiedRequest, desk: Desk) -> HttpResponse:
    """The tasks, those due first; filters in the address."""
    page = list_page(
        request,
        tasks_of(desk.municipality),
        filters=PlanFilters,
        sorts=SORTS,
        default_sort="scadenza",
        tabs=_tabs(),
    )
    if page.export_format:
        return export_response(page, _columns(), filename=f"piano-{desk.municipality.slug}")
    rows = [_row(task, desk) for task in page.rows]
    context = {
        "desk": desk,
        "subject": desk.municipality,
        "rows": rows,
        "overview_url": desk.url("overview"),
    }
    return render_list(request, page, "assessment/plan.html", context)


def _teller(task: PlanTask) -> Teller:
    return Teller(questionnaire_of(task.round.questionnaire), get_language() or "it")


def _row(task: PlanTask, desk: Desk) -> dict[str, Any]:
    teller, state = _teller(task), TaskState(task.state)
    late = state == TaskState.OPEN and task.due_on < clock.today()
    return {
        "task": task,
        "url": desk.url("task", task.public_id),
        "title": teller.task(task.gap, task.key),
        "gap": teller.gap_title(task.gap),
        "owner": teller.owner(task.owner),
        "late": late,
        "tone": "danger" if late else TONES[state],
        "state": _("in ritardo") if late else state.label,
    }


def _columns() -> tuple[Column[PlanTask], ...]:
    return (
        Column(gettext_lazy("Attività"), lambda task: _teller(task).task(task.gap, task.key)),
        Column(gettext_lazy("Lacuna"), lambda task: _teller(task).gap_title(task.gap)),
        Column(gettext_lazy("Ruolo"), lambda task: _teller(task).owner(task.owner)),
        Column(gettext_lazy("Chi la fa"), lambda task: task.owner_name),
        Column(gettext_lazy("Scadenza"), lambda task: task.due_on),
        Column(gettext_lazy("Stato"), lambda task: task.get_state_display()),
        Column(gettext_lazy("Blocca la fase"), lambda task: task.get_blocks_display()),
    )


def task(request: IdentifiedRequest, desk: Desk, public_id: UUID) -> HttpResponse:
    """One task with its history; posted, it is changed."""
    held = find_task(desk.municipality, public_id)
    if held is None:
        raise Http404
    if request.method != "POST":
        return _task_page(request, desk, held, _fresh(held))
    data = request.POST.copy()
    form = TaskForm(data, task=held)
    if form.is_valid():
        try:
            change_task(
                task=held,
                facts=form.facts(),
                note=form.cleaned_data["note"],
                version=form.cleaned_data["version"],
                hand=hand_of(request.user),
                now=clock.now(),
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            data["version"] = str(PlanTask.objects.values_list("version", flat=True).get(pk=held.pk))
        else:
            messages.success(request, _("Attività aggiornata."))
            return HttpResponseRedirect(desk.url("plan"))
    return _task_page(request, desk, held, form)


def _fresh(held: PlanTask) -> TaskForm:
    facts = {"state": held.state, "due_on": held.due_on, "owner_name": held.owner_name, "version": held.version}
    return TaskForm(initial=facts, task=held)


def _task_page(request: IdentifiedRequest, desk: Desk, held: PlanTask, form: TaskForm) -> HttpResponse:
    held.refresh_from_db()
    history = [
        (
            change,
            [(FIELDS.get(field, field), _shown(field, old), _shown(field, new)) for field, old, new in change.changes],
        )
        for change in held.changes.all()
    ]
    context = {
        "desk": desk,
        "subject": desk.municipality,
        "row": _row(held, desk),
        "history": history,
        "form": form,
        "may_change": bool(STEPS[TaskState(held.state)]),
        "plan_url": desk.url("plan"),
        "overview_url": desk.url("overview"),
    }
    return render(request, "assessment/task.html", context, status=422 if form.errors else 200)


def _shown(field: str, value: str) -> str:
    if field == "state":
        return str(TaskState(value).label)
    if field == "due_on":
        year, month, day = value.split("-")
        return f"{day}/{month}/{year}"
    return value or "–"
