"""The BackOffice as brokers may read it: which creditors, with which codes and accounts (P4)."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from integrations.pagopa.simulator.addresses import our_station
from integrations.pagopa.simulator.institutions import take_in_newcomers
from integrations.pagopa.simulator.models import KnownInstitution
from integrations.pagopa.simulator.views.answers import called_by_machines, number, problem

MOST = 100


@called_by_machines("GET")
def creditor_institutions(request: HttpRequest, broker_code: str) -> HttpResponse:
    """The creditors of a broker."""
    rows = [_institution(row) for row in _held(broker_code)]
    return _paged(request, "creditorInstitutions", rows)


@called_by_machines("GET")
def ibans(request: HttpRequest, broker_code: str) -> HttpResponse:
    """The accounts of a broker's creditors."""
    rows = [
        {
            "ciFiscalCode": row.fiscal_code,
            "ciName": row.company_name,
            "iban": iban,
            "status": "ENABLED",
            "validityDate": row.registered_at.isoformat(),
            "description": "Conto di tesoreria",
        }
        for row in _held(broker_code)
        for iban in row.ibans
    ]
    return _paged(request, "ibans", rows)


def _held(broker_code: str) -> list[KnownInstitution]:
    take_in_newcomers()
    return list(KnownInstitution.objects.filter(broker_code=broker_code).order_by("fiscal_code"))


def _institution(row: KnownInstitution) -> dict[str, Any]:
    shown = {
        "companyName": row.company_name,
        "taxCode": row.fiscal_code,
        "intermediated": True,
        "brokerCompanyName": "Intermediario dimostrativo",
        "brokerTaxCode": row.broker_code,
        "model": 3,
        "auxDigit": "3",
        "segregationCode": row.segregation_code,
        "stationId": row.station_code,
        "stationState": "enabled",
        "activationDate": row.registered_at.isoformat(),
        "version": "2",
        "primitiveVersion": 2,
        "broadcast": True,
        "pspPayment": False,
        "ciStatus": True,
        "endpointRT": our_station(),
        "endpointMU": our_station(),
    }
    return shown | ({"cbillCode": row.cbill_code} if row.cbill_code else {})


def _paged(request: HttpRequest, name: str, rows: list[dict[str, Any]]) -> HttpResponse:
    try:
        page, limit = number(request, "page", 0, least=0, most=10**6), number(request, "limit", 50, least=1, most=MOST)
    except ValueError as error:
        return problem(400, "Bad Request", str(error))
    info = {"page": page, "limit": limit, "totalElements": len(rows), "totalPages": -(-len(rows) // limit)}
    return JsonResponse({name: rows[page * limit : (page + 1) * limit], "pageInfo": info})
