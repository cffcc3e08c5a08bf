"""The ISEE of a child at the office: asking INPS, and saying which value counts where it differs."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from services_catalog.models import Archetype
from sportello.accounts.models import Role
from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.enrolment.confirming_isee import confirm_and_reprice
from sportello.families.models import Child
from sportello.kernel import clock
from sportello.kernel.errors import DomainError
from sportello.means.enquiring import ask_inps
from sportello.means.models import IseeEnquiry
from sportello.means.settling import dismiss_inps_value

OFFICE = (Role.CLERK, Role.ADMINISTRATOR)


@require_POST
@role_required(*OFFICE)
def ask(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """Queues the question; the answer comes to the child's file."""
    child = get_object_or_404(Child, public_id=public_id)
    asked = ask_inps(
        child=child,
        reason=f"fascicolo {child.public_id}",
        archetype=Archetype.MEALS,
        asked_by=request.user,
        now=clock.now(),
    )
    if asked is None:
        messages.error(request, _("Il collegamento con INPS non è attivo in questo Comune."))
    elif asked.is_open_finding:
        messages.error(request, _("Decidi prima quale valore vale, poi chiedi di nuovo."))
    else:
        messages.success(request, _("La domanda a INPS è partita: la risposta arriva in questa scheda."))
    return redirect("office:child", public_id=public_id)


@require_POST
@role_required(*OFFICE)
def confirm(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """The value of INPS counts; prices follow."""
    enquiry = get_object_or_404(IseeEnquiry.objects.select_related("child"), public_id=public_id)
    try:
        confirm_and_reprice(enquiry=enquiry, actor=request.user, now=clock.now())
    except DomainError as failure:
        messages.error(request, failure.message)
    else:
        messages.success(request, _("Vale il valore di INPS: la nuova tariffa è tra le decisioni da inviare."))
    return redirect("office:child", public_id=enquiry.child.public_id)


@require_POST
@role_required(*OFFICE)
def dismiss(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """What counted before goes on counting."""
    enquiry = get_object_or_404(IseeEnquiry.objects.select_related("child"), public_id=public_id)
    try:
        dismiss_inps_value(enquiry=enquiry, actor=request.user, now=clock.now())
    except DomainError as failure:
        messages.error(request, failure.message)
    else:
        messages.success(request, _("Resta il valore di prima: la tariffa non cambia."))
    return redirect("office:child", public_id=enquiry.child.public_id)
