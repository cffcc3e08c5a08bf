"""The office and what families ask back."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from services_catalog.models import Service
from sportello.accounts.models import Role
from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.billing.credits.forms import EndForm
from sportello.billing.credits.models import RefundRequest, RefundState
from sportello.billing.credits.refunding import pay_refund, refuse_refund
from sportello.kernel import clock
from sportello.kernel.errors import DomainError
from sportello.ui.listing import Tab, list_page

OFFICE = (Role.CLERK, Role.ADMINISTRATOR)


ASKED, ENDED = Q(state=RefundState.ASKED), ~Q(state=RefundState.ASKED)


@role_required(*OFFICE)
def refunds(request: IdentifiedRequest) -> HttpResponse:
    """The requests, those to decide first and the oldest of them first."""
    page = list_page(
        request,
        RefundRequest.objects.select_related("ledger__child", "payer"),
        sorts={"chiesto": ("asked_at",)},
        default_sort="chiesto",
        tabs=(Tab("", _("Da esaminare"), ASKED), Tab("chiuse", _("Chiusi"), ENDED)),
        exports=False,
    )
    names = dict(Service.objects.order_by("pk").values_list("code", "name"))
    shown = [(row, names.get(row.ledger.service_code, row.ledger.service_code)) for row in page.rows]
    return render(request, "billing/refunds.html", {"page": page, "shown": shown})


@role_required(*OFFICE)
def refund(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """One request: paid, or refused with a reason."""
    held = get_object_or_404(RefundRequest.objects.select_related("ledger__child", "payer"), public_id=public_id)
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        word, actor, now = form.cleaned_data["word"], request.user.pk, clock.now()
        try:
            if form.cleaned_data["decision"] == "pay":
                pay_refund(request=held, reference=word, actor=actor, now=now)
            else:
                refuse_refund(request=held, reason=word, actor=actor, now=now)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Richiesta chiusa."))
            return redirect("credits:refunds")
    service = get_object_or_404(Service, code=held.ledger.service_code)
    context = {"held": held, "service": service, "form": form}
    return render(request, "billing/refund.html", context, status=422 if form.errors else 200)
