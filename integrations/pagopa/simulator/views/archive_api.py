"""GPD's archive of receipts: a list that says little (pagopa-api #1024), and each receipt as the XML of its call."""

from datetime import datetime, time

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.dateparse import parse_date

from integrations.pagopa.simulator.institutions import called
from integrations.pagopa.simulator.models import Option, Payment
from integrations.pagopa.simulator.station import message_of
from integrations.pagopa.simulator.views.answers import called_by_machines, number, problem
from sportello.kernel.clock import ROME

MOST = 100


@called_by_machines("GET")
def receipts(request: HttpRequest, fiscal_code: str) -> HttpResponse:
    """The payments of positions that are kept in GPD, without their receipt numbers and amounts, as the real one."""
    try:
        page, size = (
            number(request, "pageNum", 0, least=0, most=10**6),
            number(request, "pageSize", 50, least=1, most=MOST),
        )
    except ValueError as error:
        return problem(400, "Bad request", str(error))
    held = _at_gpd(fiscal_code)
    for name, compared, end in (("from", "gte", time.min), ("to", "lte", time.max)):
        day = parse_date(request.GET.get(name, ""))
        if day is not None:
            held = held.filter(**{f"paid_at__{compared}": datetime.combine(day, end, ROME)})
    rows = [
        {
            "organizationFiscalCode": fiscal_code,
            "iuv": one.iuv,
            "debtor": one.receipt["debtor"]["uniqueIdentifier"]["entityUniqueIdentifierValue"],
            "paymentDateTime": one.receipt["paymentDateTime"],
            "status": "CREATED",
        }
        for one in held.order_by("id")
    ]
    shown = rows[page * size : (page + 1) * size]
    pages = -(-len(rows) // size)
    return JsonResponse({"currentPageNumber": page, "length": len(shown), "totalPages": pages, "results": shown})


@called_by_machines("GET")
def receipt(_request: HttpRequest, fiscal_code: str, iuv: str) -> HttpResponse:
    """The receipt as it would have gone to a station."""
    payment = _at_gpd(fiscal_code).filter(iuv=iuv).first()
    if payment is None:
        return problem(404, "Not found", f"No receipt for {iuv}")
    body = message_of(called(fiscal_code), payment.receipt, version=payment.version)
    return HttpResponse(body, content_type="application/xml")


def _at_gpd(fiscal_code: str) -> QuerySet[Payment]:
    kept = Option.objects.filter(product="gpd", fiscal_code=fiscal_code).values("receipt_id")
    return Payment.objects.filter(fiscal_code=fiscal_code, receipt_id__in=kept)
