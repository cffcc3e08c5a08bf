"""A draft is begun, written step by step, thrown away. Every post keeps what was typed, valid or not."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sportello.applications.attaching import Upload, discard, replace
from sportello.applications.calls import Call
from sportello.applications.models import Application, ApplicationState, SensitiveAnswer
from sportello.applications.states import TransitionNotAllowed
from sportello.applications.steps.child import ChildForm
from sportello.applications.steps.draft import Draft
from sportello.applications.steps.protocol import Step, StepForm
from sportello.kernel.errors import DomainError


class DraftLocked(DomainError):
    """The application has been sent: its answers do not change any more."""


def blank_application(*, call: Call, account: Any, now: datetime) -> Application:  # Any: request.user
    """An application not yet saved, under the edition of the call."""
    return Application(
        applicant=account,
        service=call.edition.service,
        edition=call.edition,
        school_year=call.edition.school_year,
        created_at=now,
        changed_at=now,
    )


@transaction.atomic
def keep_step(*, draft: Draft, step: Step, form: StepForm, now: datetime) -> bool:
    """Keep the answers of a step, begin the draft if this is its first; True when they are in order.

    Valid files are kept also when another answer is wrong. Answers about health or religion go to their own table.
    Raises DraftLocked when the application was sent meanwhile.
    """
    application = _locked(draft.application)
    complete = form.is_valid()
    kept: dict[str, Any] = {"values": _plain(form), "complete": complete}
    if complete:
        kept |= form.facts()
    application.answers = {**application.answers, step.slug: kept}
    application.step = step.slug
    application.changed_at = now
    if isinstance(form, ChildForm):
        _choose_child(application, form)
    application.save()
    for name in form.sensitive_fields & form.fields.keys():
        _keep_apart(application, name, form[name].data)
    for name, upload in _uploads(form):
        replace(application=application, upload=upload, purpose=name, now=now)
    draft.application = application
    return complete


@transaction.atomic
def throw_away(*, application: Application) -> None:
    """Delete a draft with its answers and files. Raises TransitionNotAllowed once it was sent."""
    locked = _locked_row(application)
    if locked.state != ApplicationState.DRAFT:
        raise TransitionNotAllowed(_("Solo una bozza si può eliminare."))
    for attachment in locked.attachments.all():
        discard(attachment)
    locked.delete()


def _locked_row(application: Application) -> Application:
    rows = Application.objects.select_for_update(of=("self",)).select_related("service", "edition", "child")
    return rows.get(pk=application.pk)


def _locked(application: Application) -> Application:
    if not application.pk:
        return _childless_draft_like(application) or application
    locked = _locked_row(application)
    if locked.state != ApplicationState.DRAFT:
        raise DraftLocked(_("La domanda è già stata inviata."))
    return locked


def _childless_draft_like(application: Application) -> Application | None:
    """A draft of hers just begun: beginning again goes on with that one instead of piling up empty ones."""
    rows = Application.objects.select_for_update(of=("self",)).select_related("service", "edition")
    return rows.filter(
        applicant=application.applicant,
        edition=application.edition,
        state=ApplicationState.DRAFT,
        child=None,
    ).first()


def _plain(form: StepForm) -> Mapping[str, Any]:
    """What was typed, as text; neither files nor what is kept apart."""
    apart = form.sensitive_fields
    typed = {name: form[name].data for name in form.fields if name not in apart}
    return {name: value for name, value in typed.items() if isinstance(value, str | bool | int) or value is None}


def _uploads(form: StepForm) -> list[tuple[str, Upload]]:
    held = [(name, form.cleaned_data.get(name)) for name in form.files]
    return [(name, upload) for name, upload in held if isinstance(upload, UploadedFile)]


def _keep_apart(application: Application, question: str, value: Any) -> None:  # Any: text or a tick
    if value in {None, "", False}:
        SensitiveAnswer.objects.filter(application=application, question=question).delete()
        return
    SensitiveAnswer.objects.update_or_create(application=application, question=question, defaults={"value": value})


def _choose_child(application: Application, form: ChildForm) -> None:
    chosen = form.chosen()
    if chosen is not None and chosen.pk != application.child_id:
        application.child = chosen
        # Another child: what was said of the school and the ISEE of the first is no answer for this one.
        still = {"privacy", "figlio"} & application.answers.keys()
        application.answers = {slug: application.answers[slug] for slug in still}
    if "contact_email" in form.cleaned_data:
        application.contact_email = form.cleaned_data["contact_email"]
