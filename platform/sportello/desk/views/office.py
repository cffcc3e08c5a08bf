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
from sportello.desk.child_file import child_file
from sportello.desk.condition_form import ConditionForm
from sportello.desk.office_home import office_day
from sportello.enrolment.recognising import recognise_and_reprice
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
    found = get_object_or_404(Child, public_id=public_id)
    edition = _edition(clock.today())
    form = ConditionForm(edition, clock.today()) if edition and edition.rules.conditions else None
    return _file(request, found, form)


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
        return _file(request, found, form, status=422)
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
        return _file(request, found, form, status=422)
    messages.success(request, _("Condizione riconosciuta: la tariffa è stata decisa di nuovo."))
    return redirect("office:child", public_id=public_id)


def _file(request: IdentifiedRequest, found: Child, form: ConditionForm | None, *, status: int = 200) -> HttpResponse:
    record(
        action=Action.CHILD_READ, actor=request.user.pk, subject_kind="child", subject=found.public_id, now=clock.now()
    )
    context = {"file": child_file(found, clock.today()), "condition_form": form, "has_errors": status != 200}
    return render(request, "desk/office_child.html", context, status=status)


def _edition(today: date) -> Edition | None:
    """The edition of the canteen in force; None where there is none."""
    try:
        return edition_on(canteen_service().code, today)
    except DomainError:
        return None
