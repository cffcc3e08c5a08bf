"""The office's home, and the file of a child."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from services_catalog.models import Edition
from services_catalog.queries import edition_on
from sportello.accounts.models import Role
from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.canteen.service import canteen_service
from sportello.desk.child_file import ChildFile, child_file, guardians_barred, guardians_to_bar
from sportello.desk.condition_form import ConditionForm
from sportello.desk.court_forms import BarForm, LiftForm
from sportello.desk.office_home import office_day
from sportello.enrolment.recognising import recognise_and_reprice
from sportello.families.barring import bar_guardian, lift_bar
from sportello.families.models import Child
from sportello.kernel import clock
from sportello.kernel.errors import DomainError

OFFICE = (Role.CLERK, Role.ADMINISTRATOR)


@role_required(*OFFICE)
def home(request: IdentifiedRequest) -> HttpResponse:
    """What waits today."""
    return render(request, "desk/office_home.html", {"day": office_day(clock.today())})


@role_required(*OFFICE)
def child(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """The child's file; reading it leaves an audit record."""
    return _file(request, get_object_or_404(Child, public_id=public_id))


@require_POST
@role_required(*OFFICE)
def recognise(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """Recognises a condition; the prices of its days follow."""
    found = get_object_or_404(Child, public_id=public_id)
    edition = _edition(clock.today())
    if edition is None:
        raise Http404
    form = ConditionForm(edition, clock.today(), request.POST)
    if not form.is_valid():
        return _file(request, found, condition=form)
    try:
        recognise_and_reprice(
            child=found,
            service=edition.service,
            condition=form.cleaned_data["condition"],
            during=form.period(),
            reason=form.cleaned_data["reason"],
            actor=request.user,
            now=clock.now(),
        )
    except DomainError as failure:
        form.add_error("condition", str(failure))
        return _file(request, found, condition=form)
    messages.success(request, _("Condizione riconosciuta: la nuova tariffa è tra le decisioni da inviare."))
    return redirect("office:child", public_id=public_id)


@require_POST
@role_required(*OFFICE)
def bar(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """Writes a court's order that keeps a guardian from the child; nobody is told."""
    found, today = get_object_or_404(Child, public_id=public_id), clock.today()
    form = BarForm(guardians_to_bar(found, today), today, request.POST)
    if form.is_valid():
        try:
            bar_guardian(child=found, **form.stated(), actor=request.user, now=clock.now())
        except DomainError as failure:
            form.add_error("adult", failure.message)
        else:
            messages.success(request, _("Provvedimento registrato: la persona non vede più il bambino in quei giorni."))
            return redirect("office:child", public_id=public_id)
    return _file(request, found, barring=form)


@require_POST
@role_required(*OFFICE)
def lift(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """Writes the act that lets a barred guardian act again."""
    found, today = get_object_or_404(Child, public_id=public_id), clock.today()
    form = LiftForm(guardians_barred(found, today), today, request.POST)
    if form.is_valid():
        try:
            lift_bar(child=found, **form.stated(), actor=request.user, now=clock.now())
        except DomainError as failure:
            form.add_error("adult", failure.message)
        else:
            messages.success(request, _("Esclusione tolta: la persona agisce di nuovo per il bambino."))
            return redirect("office:child", public_id=public_id)
    return _file(request, found, lifting=form)


def _file(
    request: IdentifiedRequest,
    found: Child,
    *,
    condition: ConditionForm | None = None,
    barring: BarForm | None = None,
    lifting: LiftForm | None = None,
) -> HttpResponse:
    """The file with its forms; one that is given was posted and holds errors."""
    record(
        action=Action.CHILD_READ, actor=request.user.pk, subject_kind="child", subject=found.public_id, now=clock.now()
    )
    today = clock.today()
    refused = condition or barring or lifting
    file = child_file(found, today)
    _record_taxes(request, file)
    context = {
        "file": file,
        "condition_form": condition or _condition_form(today),
        "bar_form": barring or BarForm(guardians_to_bar(found, today), today),
        "lift_form": lifting or LiftForm(guardians_barred(found, today), today),
        "has_errors": refused is not None,
    }
    return render(request, "desk/office_child.html", context, status=422 if refused else 200)


def _record_taxes(request: IdentifiedRequest, file: ChildFile) -> None:
    """Each position that the page shows was read by somebody."""
    for held in file.taxes:
        if held.position is not None:
            record(
                action=Action.TAX_POSITION_READ,
                actor=request.user.pk,
                subject_kind="adult",
                subject=held.adult.public_id,
                now=clock.now(),
            )


def _condition_form(today: date) -> ConditionForm | None:
    edition = _edition(today)
    return ConditionForm(edition, today) if edition and edition.rules.conditions else None


def _edition(today: date) -> Edition | None:
    """The edition of the canteen in force; None where there is none."""
    try:
        return edition_on(canteen_service().code, today)
    except DomainError:
        return None
