"""Reporting flows by REST, as FdR shows them to creditors (P32)."""

from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.dateparse import parse_datetime

from integrations.pagopa.simulator.institutions import name_of
from integrations.pagopa.simulator.models import Flow
from integrations.pagopa.simulator.providers import provider_of
from integrations.pagopa.simulator.views.answers import called_by_machines, number
from sportello.kernel import clock
from sportello.kernel.clock import ROME

MOST = 1000


class _BadQuery(Exception):
    pass


@called_by_machines("GET")
def flows(request: HttpRequest, fiscal_code: str) -> HttpResponse:
    """The flows published for a creditor, each in its newest revision."""
    try:
        page, size = number(request, "page", 1, least=1, most=10**6), number(request, "size", MOST, least=1, most=MOST)
        held = _asked(request, _newest(fiscal_code))
    except (ValueError, _BadQuery) as error:
        return _error(400, "FDR-0400", str(error))
    rows = list(held.order_by("published_at", "id"))
    return JsonResponse(_page([_listed(row) for row in rows], page, size))


@called_by_machines("GET")
def flow(_request: HttpRequest, fiscal_code: str, fdr: str, revision: int, psp_id: str) -> HttpResponse:
    """A flow's head: what it declares, and what its lines give."""
    row = _find(fiscal_code, fdr, revision, psp_id)
    return JsonResponse(_head(row)) if row else _error(404, "FDR-0701", f"Fdr {fdr} revision {revision} is unknown")


@called_by_machines("GET")
def payments(request: HttpRequest, fiscal_code: str, fdr: str, revision: int, psp_id: str) -> HttpResponse:
    """A flow's lines."""
    row = _find(fiscal_code, fdr, revision, psp_id)
    if row is None:
        return _error(404, "FDR-0701", f"Fdr {fdr} revision {revision} is unknown")
    try:
        page, size = number(request, "page", 1, least=1, most=10**6), number(request, "size", MOST, least=1, most=MOST)
    except ValueError as error:
        return _error(400, "FDR-0400", str(error))
    lines = [
        {
            "index": index,
            "iuv": line["iuv"],
            "iur": line["iur"],
            "idTransfer": line["transfer"],
            "pay": line["cents"] / 100,
            "payStatus": line["state"],
            "payDate": _instant(datetime.fromisoformat(line["at"])),
        }
        for index, line in enumerate(row.lines, 1)
    ]
    return JsonResponse(_page(lines, page, size))


def _newest(fiscal_code: str) -> QuerySet[Flow]:
    """Of each flow the last revision that is out: one that is published tomorrow is not there yet."""
    out = Flow.objects.filter(fiscal_code=fiscal_code, published_at__lte=clock.now())
    last = out.filter(psp_id=OuterRef("psp_id"), fdr=OuterRef("fdr")).order_by("-revision").values("pk")[:1]
    return out.filter(pk=Subquery(last))


def _find(fiscal_code: str, fdr: str, revision: int, psp_id: str) -> Flow | None:
    held = Flow.objects.filter(fiscal_code=fiscal_code, fdr=fdr, revision=revision, psp_id=psp_id)
    return held.filter(published_at__lte=clock.now()).first()


def _asked(request: HttpRequest, held: QuerySet[Flow]) -> QuerySet[Flow]:
    since, psp_id, day = (request.GET.get(name) for name in ("publishedGt", "pspId", "flowDate"))
    if since:
        moment = parse_datetime(since)
        if moment is None:
            raise _BadQuery("publishedGt is no date-time")
        held = held.filter(published_at__gt=_zoned(moment))
    if day:
        moment = parse_datetime(day)
        if moment is None:
            raise _BadQuery("flowDate is no date-time")
        held = held.filter(published_at__gte=_zoned(moment))
    return held.filter(psp_id=psp_id) if psp_id else held


def _zoned(moment: datetime) -> datetime:
    """What carries no zone is Rome's."""
    return moment if moment.tzinfo else moment.replace(tzinfo=ROME)


def _listed(row: Flow) -> dict[str, Any]:
    return {
        "fdr": row.fdr,
        "pspId": row.psp_id,
        "revision": row.revision,
        "published": _instant(row.published_at),
        "flowDate": _instant(row.published_at),
    }


def _head(row: Flow) -> dict[str, Any]:
    provider = provider_of(row.psp_id)
    published = _instant(row.published_at)
    return {
        "status": "PUBLISHED",
        "revision": row.revision,
        "created": published,
        "updated": published,
        "published": published,
        "fdr": row.fdr,
        "fdrDate": published,
        "regulation": row.regulation,
        "regulationDate": row.regulation_on.isoformat(),
        "bicCodePouringBank": "DEMOITMMXXX",
        "sender": {
            "type": "LEGAL_PERSON",
            "id": provider.fiscal_code,
            "pspId": row.psp_id,
            "pspName": provider.name,
            "pspBrokerId": provider.broker_code,
            "channelId": provider.channel_id,
        },
        "receiver": {
            "id": row.fiscal_code,
            "organizationId": row.fiscal_code,
            "organizationName": name_of(row.fiscal_code),
        },
        "computedTotPayments": len(row.lines),
        "computedSumPayments": sum(line["cents"] for line in row.lines) / 100,
        "totPayments": row.declared_count,
        "sumPayments": row.declared_cents / 100,
    }


def _page(rows: list[dict[str, Any]], page: int, size: int) -> dict[str, Any]:
    shown = rows[(page - 1) * size : page * size]
    pages = max(1, -(-len(rows) // size))
    return {
        "metadata": {"pageSize": size, "pageNumber": page, "totPage": pages},
        "count": len(shown),
        "data": shown,
    }


def _instant(moment: datetime) -> str:
    return f"{moment.astimezone(clock.instant().tzinfo):%Y-%m-%dT%H:%M:%S}Z"


def _error(status: int, code: str, words: str) -> JsonResponse:
    content = {
        "httpStatusCode": status,
        "httpStatusDescription": "Bad Request" if status == 400 else "Not Found",
        "appErrorCode": code,
        "errors": [{"message": words}],
    }
    return JsonResponse(content, status=status)
