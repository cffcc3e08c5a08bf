"""The workbench: one application, the checks, and the three answers the office can give."""

from collections.abc import Callable
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sportello.accounts.models import Role
from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.applications.models import Application, ApplicationState, Attachment
from sportello.applications.receipts import receipt_of
from sportello.applications.reviewing import ask_completion as ask_completion_of
from sportello.applications.reviewing import reject as reject_application
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.enrolment.admission import accept_application
from sportello.enrolment.forms import CompletionForm, RejectForm
from sportello.enrolment.queries import applications_for_office, next_on_desk
from sportello.enrolment.workbench import dossier
from sportello.kernel import clock
from sportello.kernel.errors import DomainError
from tenants.addresses import site_url
from tenants.current import current_municipality

OFFICE = (Role.CLERK, Role.ADMINISTRATOR)


def _found(public_id: UUID) -> Application:
    rows = applications_for_office(clock.today()).select_related("child", "service", "protocol", "edition", "applicant")
    return get_object_or_404(rows, public_id=public_id)


def _page(
    request: IdentifiedRequest, application: Application, *, status: int = 200, **bound: forms.Form
) -> HttpResponse:
    file = dossier(application, clock.today())
    for action in (Action.APPLICATION_READ, *([Action.DIET_READ] if file.diets else [])):
        record(
            action=action,
            actor=request.user.pk,
            subject_kind="application",
            subject=application.public_id,
            now=clock.now(),
        )
    context = {
        "file": file,
        "today": clock.today(),
        "may_accept": application.state == ApplicationState.SUBMITTED,
        "may_reject": application.state in {ApplicationState.SUBMITTED, ApplicationState.TO_COMPLETE},
        "reject_form": RejectForm(prefix="respingi"),
        "completion_form": CompletionForm(prefix="integra"),
        "has_errors": status != 200,
        **bound,
    }
    return render(request, "enrolment/workbench.html", context, status=status)


@role_required(*OFFICE)
def workbench(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """The application, for the office."""
    return _page(request, _found(public_id))


@require_POST
@role_required(*OFFICE)
def accept(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """Accepts it, and opens the next one."""
    return _decide(
        request,
        _found(public_id),
        lambda: accept_application(public_id=public_id, actor=request.user, now=clock.now()),
        _("Domanda %(protocol)s accolta: la famiglia ha ricevuto l'avviso."),
    )


@require_POST
@role_required(*OFFICE)
def reject(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """Rejects it with a reason that the family will read."""
    application, form = _found(public_id), RejectForm(request.POST, prefix="respingi")
    if not form.is_valid():
        return _page(request, application, status=422, reject_form=form)
    return _decide(
        request,
        application,
        lambda: reject_application(
            application=application, actor=request.user, reason=form.cleaned_data["sentence"], now=clock.now()
        ),
        _("Domanda %(protocol)s respinta: la famiglia ha ricevuto il motivo."),
    )


@require_POST
@role_required(*OFFICE)
def ask_completion(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """Asks the family for what is missing."""
    application, form = _found(public_id), CompletionForm(request.POST, prefix="integra")
    if not form.is_valid():
        return _page(request, application, status=422, completion_form=form)
    return _decide(
        request,
        application,
        lambda: ask_completion_of(
            application=application, actor=request.user, reason=form.cleaned_data["sentence"], now=clock.now()
        ),
        _("Domanda %(protocol)s: alla famiglia è stata chiesta un'integrazione."),
    )


@role_required(*OFFICE)
def archive_copy(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """The application as PDF/A-3a, for the document archive of the Comune."""
    application = _found(public_id)
    address = site_url(current_municipality(), reverse("applications:verification", args=[public_id]))
    record(
        action=Action.APPLICATION_READ,
        actor=request.user.pk,
        subject_kind="application",
        subject=public_id,
        now=clock.now(),
        details={"copy": "archive"},
    )
    return HttpResponse(
        receipt_of(application, verification_url=address, archive=True),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="domanda-{application.public_id}.pdf"'},
    )


@role_required(*OFFICE)
def attachment(request: IdentifiedRequest, public_id: UUID) -> HttpResponseBase:
    """A file of an application that was sent; it may be a medical certificate, so reading it is recorded."""
    found = get_object_or_404(
        Attachment.objects.exclude(application__state=ApplicationState.DRAFT), public_id=public_id
    )
    record(
        action=Action.DIET_READ, actor=request.user.pk, subject_kind="attachment", subject=public_id, now=clock.now()
    )
    return FileResponse(found.file.open("rb"), as_attachment=True, filename=found.name, content_type=found.media_type)


def _decide(
    request: IdentifiedRequest, application: Application, decide: Callable[[], object], sentence: str
) -> HttpResponse:
    """Runs the decision; then the next application on the desk, or the queue when it is empty."""
    try:
        decide()
    except DomainError as failure:
        messages.warning(request, str(failure))
        return redirect("enrolment:workbench", public_id=application.public_id)
    messages.success(request, sentence % {"protocol": application.protocol})
    following = next_on_desk(application, clock.today())
    if following is None:
        return redirect("enrolment:queue")
    return redirect("enrolment:workbench", public_id=following.public_id)
