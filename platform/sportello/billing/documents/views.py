"""The family's papers: notice, receipt, certificate of a year, bundle for the bonus nido.

Notice and receipt are for whom the debt is shown to; certificate and bundle are of the payer alone.
"""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET

from services_catalog.models import Service
from sportello.accounts.permissions import IdentifiedRequest, identified
from sportello.billing.carts.purse import Purse, purse_of
from sportello.billing.debts.models import DebtPosition, PositionState
from sportello.billing.documents.certificates import year_certificate
from sportello.billing.documents.facing import file_of, ourselves
from sportello.billing.documents.nido import paid_months
from sportello.billing.documents.notices import notice_sheet
from sportello.billing.documents.receipts import receipts_with_facts, settlement_of
from sportello.billing.papers.certificates import certificate_pdf
from sportello.billing.papers.nido import nido_zip
from sportello.billing.papers.notices import notice_pdf
from sportello.billing.papers.settlements import receipt_pdf
from sportello.families.models import Adult
from sportello.families.queries import adult_of
from sportello.kernel import clock
from sportello.kernel.errors import DomainError


@require_GET
@identified
def notice(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """The notice with its codes; also after it was paid, for the tax return asks for it."""
    positions = DebtPosition.objects.exclude(state=PositionState.DRAFT).select_related("payer")
    position = get_object_or_404(positions.prefetch_related("lines__account__child", "options"), public_id=public_id)
    _check_shown(purse_of(request.user, clock.today()), position)
    try:
        document = notice_pdf(notice_sheet(position, ourselves()), made_at=clock.now())
    except DomainError as error:
        return _refused(request, error)
    return file_of(document, f"avviso-{position.options.all()[0].notice_number}.pdf")


@require_GET
@identified
def receipt(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """The receipt of a payment."""
    receipts = receipts_with_facts().prefetch_related("option__position__lines__account")
    held = get_object_or_404(receipts, public_id=public_id)
    if held.option is None:
        raise Http404
    _check_shown(purse_of(request.user, clock.today()), held.option.position)
    try:
        document = receipt_pdf(settlement_of(held, ourselves()), made_at=clock.now())
    except DomainError as error:
        return _refused(request, error)
    return file_of(document, f"ricevuta-{held.notice_number}.pdf")


@require_GET
@identified
def certificate(request: IdentifiedRequest, year: int) -> HttpResponse:
    """What she paid in the year, for the 730."""
    try:
        made = year_certificate(
            payer=_payer(request), year=year, payee=ourselves(), services=_names(), issued_on=clock.today()
        )
        document = certificate_pdf(made, made_at=clock.now())
    except DomainError as error:
        return _refused(request, error)
    return file_of(document, f"attestazione-pagamenti-{year}.pdf")


@require_GET
@identified
def nido(request: IdentifiedRequest, year: int) -> HttpResponse:
    """Notice, receipt and attestation of each month of the nido she paid in the year."""
    try:
        months = paid_months(payer=_payer(request), year=year, payee=ourselves(), services=_names())
        document = nido_zip(months, made_at=clock.now())
    except DomainError as error:
        return _refused(request, error)
    return file_of(document, f"bonus-nido-{year}.zip", kind="application/zip")


def _names() -> dict[str, str]:
    return dict(Service.objects.order_by("pk").values_list("code", "name"))


def _payer(request: IdentifiedRequest) -> Adult:
    adult = adult_of(request.user)
    if adult is None:
        raise Http404
    return adult


def _check_shown(purse: Purse, position: DebtPosition) -> None:
    if not all(purse.shows(line.account.child_id, position.payer_id) for line in position.lines.all()):
        raise Http404


def _refused(request: IdentifiedRequest, error: DomainError) -> HttpResponse:
    """A paper that cannot be made says why, on the page it was asked from."""
    messages.error(request, str(error))
    return redirect("desk:dues")
