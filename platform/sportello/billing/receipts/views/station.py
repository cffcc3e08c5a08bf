"""The station: where the Node of pagoPA speaks with us, for all Comuni, in the schema `public`.

Every answer is HTTP 200 with an outcome, never a soap:Fault (P17). Who may call at all is decided before: the proxy
verifies the Node's certificate and says whose it is (`docs/configuration.md`).
"""

import logging
from typing import Final

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from integrations.pagopa.soap.operations import Operation
from integrations.pagopa.soap.reading import BIGGEST
from integrations.pagopa.soap.writing import CONTENT_TYPE, failure
from sportello.billing.receipts.answering import answer, refuse_size
from sportello.kernel import clock

log = logging.getLogger(__name__)
CALLER_HEADER: Final = "X-Client-Name"
ANYBODY: Final = "*"


@csrf_exempt
@require_POST
def station(request: HttpRequest) -> HttpResponse:
    """Answers one message."""
    if not _may_call(request):
        return HttpResponseForbidden("Solo il Nodo di pagoPA parla con questo indirizzo.", content_type="text/plain")
    if _length(request) > BIGGEST:
        return HttpResponse(refuse_size(), content_type=CONTENT_TYPE)
    try:
        body = request.body
    except RequestDataTooBig:
        return HttpResponse(refuse_size(), content_type=CONTENT_TYPE)

    def asked(operation: Operation | None, id_pa: str) -> None:
        request.asked_of_station = (operation, id_pa)  # type: ignore[attr-defined]  # read by `broken`

    told = answer(body=body, soap_action=request.headers.get("SOAPAction"), now=clock.now(), asked=asked)
    return HttpResponse(told, content_type=CONTENT_TYPE)


def broken(request: HttpRequest) -> HttpResponse:
    """Instead of a page 500: the Node is told that it may try again. What happened stands in the log."""
    operation, id_pa = getattr(request, "asked_of_station", (None, ""))
    return HttpResponse(failure(operation or Operation.VERIFY, id_pa), content_type=CONTENT_TYPE)


def _may_call(request: HttpRequest) -> bool:
    """Whether the proxy says that the caller showed the certificate of one who may."""
    callers: list[str] = settings.STATION_CALLERS
    return ANYBODY in callers or request.headers.get(CALLER_HEADER, "") in callers


def _length(request: HttpRequest) -> int:
    told = request.headers.get("Content-Length") or "0"
    return int(told) if told.isdigit() else 0
