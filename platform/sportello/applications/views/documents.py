"""Receipts, files handed in, and the public page behind the QR code of a receipt."""

from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from sportello.accounts.permissions import IdentifiedRequest, identified
from sportello.applications.models import Application, ApplicationState, Attachment
from sportello.applications.queries import is_told_price, visible_to
from sportello.applications.receipts import receipt_of
from sportello.kernel import clock


@identified
def receipt(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """The receipt, drawn when asked for."""
    sent = visible_to(request.user, clock.today()).exclude(state=ApplicationState.DRAFT)
    application = get_object_or_404(sent, public_id=public_id)
    address = request.build_absolute_uri(reverse("applications:verification", args=[public_id]))
    name = f"ricevuta-{str(application.protocol).replace('/', '-')}.pdf"
    return HttpResponse(
        receipt_of(
            application, verification_url=address, priced=is_told_price(request.user, application, clock.today())
        ),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-store"},
    )


@identified
def attachment(request: IdentifiedRequest, public_id: UUID) -> HttpResponseBase:
    """A file of hers, as a download: browsers never run it on our host."""
    found = get_object_or_404(Attachment, public_id=public_id)
    if not visible_to(request.user, clock.today()).filter(pk=found.application_id).exists():
        raise Http404
    return FileResponse(found.file.open("rb"), as_attachment=True, filename=found.name, content_type=found.media_type)


def verification(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Whether a receipt is authentic: number, service and dates; no name, no state."""
    sent = Application.objects.filter(protocol__isnull=False).select_related("service", "protocol")
    application = get_object_or_404(sent, public_id=public_id)
    return render(request, "applications/verification.html", {"application": application})
