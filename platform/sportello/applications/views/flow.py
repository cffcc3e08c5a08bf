"""The steps of an application, the summary, the sending, the confirmation."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from services_catalog.models import Service
from sportello.accounts.permissions import IdentifiedRequest, identified, in_person
from sportello.applications.arrears import RefusedForArrears, arrears_warning
from sportello.applications.calls import call_of, call_on
from sportello.applications.drafting import DraftLocked, blank_application, keep_step
from sportello.applications.explaining import told
from sportello.applications.milestones import next_steps
from sportello.applications.models import Application, ApplicationState
from sportello.applications.queries import drafts_of, visible_to
from sportello.applications.steps.child import obstacle
from sportello.applications.steps.draft import Draft
from sportello.applications.steps.order import SUMMARY, first_open, step_after, step_before, steps_of
from sportello.applications.steps.protocol import Step, StepForm, bound_form, fresh_form
from sportello.applications.steps.verdicts import doubts, doubts_before, full
from sportello.applications.submitting import (
    AlreadyApplied,
    NotAdmissible,
    NotComplete,
    PlacesTaken,
    WindowClosed,
    submit,
)
from sportello.families.models import Child
from sportello.fees.explanation import act_sentence
from sportello.kernel import clock


def _draft(request: IdentifiedRequest, application: Application) -> Draft:
    preferred = request.GET.get("figlio", "")
    return Draft(application, application.edition.rules, request.user, clock.today(), preferred)


def _found(request: IdentifiedRequest, code: str, public_id: UUID) -> Application:
    """Hers and of that service, or 404."""
    return get_object_or_404(visible_to(request.user, clock.today()), service__code=code, public_id=public_id)


def _own_draft(request: IdentifiedRequest, code: str, public_id: UUID) -> Draft | None:
    """Her draft; None when the application has been sent already."""
    application = _found(request, code, public_id)
    return _draft(request, application) if application.state == ApplicationState.DRAFT else None


def _url(draft: Draft, slug: str) -> str:
    application = draft.application
    if not application.pk:
        return reverse("applications:start", args=[application.service.code])
    if slug == SUMMARY:
        return reverse("applications:summary", args=[application.service.code, application.public_id])
    return reverse("applications:step", args=[application.service.code, application.public_id, slug])


def _stepper(draft: Draft, current: str) -> dict[str, Any]:
    entries: list[tuple[str, str | Promise]] = [(step.slug, step.title) for step in steps_of(draft)]
    entries.append((SUMMARY, _("Riepilogo")))
    slugs = [slug for slug, _title in entries]
    shown = []
    for slug, title in entries:
        done = slug != SUMMARY and draft.is_complete(slug)
        state = "current" if slug == current else "done" if done else "future"
        shown.append({"label": title, "url": _url(draft, slug), "state": state})
    return {"steps": shown, "position": slugs.index(current) + 1, "count": len(slugs)}


def _frame(draft: Draft, current: str) -> dict[str, Any]:
    service = draft.application.service
    back = step_before(draft, current)
    estimate = None if draft.by_delegation else draft.estimated()
    appointment = reverse("desk:appointment")
    return {
        "draft": draft,
        "service": service,
        "sheet": draft.content.sheet.within(get_language() or "it"),
        "stepper": _stepper(draft, current),
        "back_url": _url(draft, back.slug) if back else reverse("desk:service", args=[service.code]),
        "estimate": told(estimate.stored(), draft.application.edition) if estimate else None,
        "appointment_url": f"{appointment}?servizio={service.code}",
        "procedure": draft.content.procedure,
    }


@identified
def start(request: IdentifiedRequest, code: str) -> HttpResponse:
    """The first step of a new application; the draft is born when it is posted."""
    service = get_object_or_404(Service, code=code)
    call = call_on(service, clock.today())
    if call is None:
        raise Http404
    draft = _draft(request, blank_application(call=call, account=request.user, now=clock.now()))
    if not call.is_open:
        context = {"service": service, "call": call, "drafts": drafts_of(request.user, clock.today(), code)}
        return render(request, "applications/closed.html", context)
    first = steps_of(draft)[0]
    if request.method == "POST":
        return _posted(request, draft, first)
    return _page(request, draft, first, fresh_form(first, draft))


@identified
def resume(request: IdentifiedRequest, code: str, public_id: UUID) -> HttpResponse:
    """To the first step not yet in order, on whatever device."""
    draft = _own_draft(request, code, public_id)
    if draft is None:
        return redirect("applications:sent", code=code, public_id=public_id)
    waiting = first_open(draft)
    return redirect(_url(draft, waiting.slug if waiting else SUMMARY))


@identified
def step(request: IdentifiedRequest, code: str, public_id: UUID, step: str) -> HttpResponse:
    """One step: GET shows it as last left, POST keeps it."""
    draft = _own_draft(request, code, public_id)
    if draft is None:
        return redirect("applications:sent", code=code, public_id=public_id)
    found = next((one for one in steps_of(draft) if one.slug == step), None)
    if found is None:
        raise Http404
    waiting = first_open(draft)
    slugs = [one.slug for one in steps_of(draft)]
    if waiting is not None and slugs.index(step) > slugs.index(waiting.slug):
        return redirect(_url(draft, waiting.slug))
    if request.method == "POST":
        return _posted(request, draft, found)
    return _page(request, draft, found, fresh_form(found, draft))


def _posted(request: IdentifiedRequest, draft: Draft, step: Step) -> HttpResponse:
    form = bound_form(step, draft, request.POST, request.FILES)
    if not draft.application.pk and not form.is_valid() and request.POST.get("action") != "save":
        return _page(request, draft, step, form, status=422)  # nothing worth keeping yet
    try:
        complete = keep_step(draft=draft, step=step, form=form, now=clock.now())
    except DraftLocked:
        application = draft.application
        return redirect("applications:sent", code=application.service.code, public_id=application.public_id)
    if request.POST.get("action") == "save":
        messages.success(request, _("Bozza salvata. La ritrovi qui quando vuoi, anche da un altro dispositivo."))
        return redirect("desk:area")
    if not complete:
        return _page(request, draft, step, form, status=422)
    draft = _draft(request, draft.application)
    following = step_after(draft, step.slug)
    if request.GET.get("da") == SUMMARY and first_open(draft) is None:
        following = None
    query = f"?figlio={draft.preferred}" if draft.preferred_child and following else ""
    return redirect(_url(draft, following.slug if following else SUMMARY) + query)


def _page(request: IdentifiedRequest, draft: Draft, step: Step, form: StepForm, *, status: int = 200) -> HttpResponse:
    context = _frame(draft, step.slug) | {
        "step": step,
        "form": form,
        "obstacles": [(child, obstacle(draft, child)) for child in draft.children] if step.slug == "figlio" else [],
        "doubts": _doubts_of_children(draft) if step.slug == "figlio" else [],
        "act": act_sentence(draft.application.edition),
    }
    if not draft.application.pk:
        context["drafts"] = drafts_of(request.user, draft.today, draft.application.service.code)
    return render(request, step.template, context, status=status)


def _doubts_of_children(draft: Draft) -> list[tuple[Child, list[str]]]:
    """What the office will look at for each child who may be chosen."""
    told_of = [(child, doubts_before(draft, child)) for child in draft.children if not obstacle(draft, child)]
    return [(child, sentences) for child, sentences in told_of if sentences]


@identified
def summary(request: IdentifiedRequest, code: str, public_id: UUID) -> HttpResponseBase:
    """Everything on one page, then the sending (C.SE.1.4)."""
    draft = _own_draft(request, code, public_id)
    if draft is None:
        return redirect("applications:sent", code=code, public_id=public_id)
    waiting = first_open(draft)
    if waiting is not None:
        return redirect(_url(draft, waiting.slug))
    if request.method != "POST":
        return _summary_page(request, draft)
    if request.POST.get("action") == "save":
        messages.success(request, _("Bozza salvata. La ritrovi qui quando vuoi, anche da un altro dispositivo."))
        return redirect("desk:area")
    return _send(request, draft)


@in_person
def _send(request: IdentifiedRequest, draft: Draft) -> HttpResponse:
    try:
        application = submit(application=draft.application, applicant=request.user, now=clock.now())
    except NotComplete as failure:
        messages.warning(request, failure.message)
        return redirect(_url(draft, failure.step))
    except (WindowClosed, AlreadyApplied, RefusedForArrears, NotAdmissible, PlacesTaken) as failure:
        return _summary_page(request, draft, failure=failure.message, status=422)
    return redirect("applications:sent", code=application.service.code, public_id=application.public_id)


def _summary_page(request: IdentifiedRequest, draft: Draft, *, failure: str = "", status: int = 200) -> HttpResponse:
    steps = steps_of(draft)
    sections = [
        {"title": step.title, "lines": step.summary(draft), "url": f"{_url(draft, step.slug)}?da={SUMMARY}"}
        # Who and what first, privacy last.
        for step in [*steps[1:], *steps[:1]]
    ]
    context = _frame(draft, SUMMARY) | {
        "sections": sections,
        "failure": failure,
        "has_errors": bool(failure),
        "call": call_of(draft.application.edition, draft.today),
        "doubts": doubts(draft),
        "unpaid": _unpaid(draft),
        "full": full(draft),
        "act": act_sentence(draft.application.edition),
    }
    return render(request, "applications/summary.html", context, status=status)


def _unpaid(draft: Draft) -> str:
    """What is unpaid, where the edition warns of it; empty while no child is chosen."""
    child, edition = draft.application.child, draft.application.edition
    return arrears_warning(child=child, edition=edition, today=draft.today) if child else ""


@identified
def sent(request: IdentifiedRequest, code: str, public_id: UUID) -> HttpResponse:
    """The confirmation, which can be opened again."""
    application = _found(request, code, public_id)
    if application.state == ApplicationState.DRAFT:
        return redirect("applications:resume", code=code, public_id=public_id)
    context = {
        "application": application,
        "milestones": next_steps(application),
        "rating_url": reverse("applications:rating", args=[code]),
    }
    return render(request, "applications/sent.html", context)
