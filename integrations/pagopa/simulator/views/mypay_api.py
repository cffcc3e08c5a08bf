"""The web service PagamentiTelematiciDovutiPagati of MyPay: two of its operations (P46)."""

from base64 import b64decode, b64encode
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from lxml import etree

from integrations.pagopa.simulator.happened import note
from integrations.pagopa.simulator.mypay.dues import SERVICE, Fault, creditor_of, import_due, receipt_of_due
from integrations.pagopa.simulator.views.answers import gone_wrong, problem
from sportello.kernel import clock

SOAP: Final = "http://schemas.xmlsoap.org/soap/envelope/"
IMPORT: Final = "paaSILImportaDovuto"
PAID: Final = "paaSILChiediPagatiConRicevuta"


@csrf_exempt
@never_cache
@require_POST
def mypay(request: HttpRequest) -> HttpResponse:
    """One question. The faults of the desk are for what is told, not for what is asked."""
    try:
        root: Any = etree.fromstring(request.body, etree.XMLParser(resolve_entities=False, no_network=True))
        asked = root.find(f"{{{SOAP}}}Body")[0]
    except (etree.XMLSyntaxError, TypeError, IndexError) as wrong:
        return problem(400, "Bad request", str(wrong))
    operation, ipa = etree.QName(asked).localname, root.findtext(".//codIpaEnte") or ""
    if operation == PAID:
        return _answered(operation, ipa, asked)
    return gone_wrong(
        request,
        lambda: _answered(operation, ipa, asked),
        lambda: _ko(operation, Fault("PAA_SEMANTICA", "armed at the desk")),
    )


def _answered(operation: str, ipa: str, asked: Any) -> HttpResponse:
    fiscal_code = ""
    try:
        fiscal_code = creditor_of(ipa)
        answer, outcome = _done(operation, fiscal_code, asked), "OK"
    except Fault as no:
        answer, outcome = _ko(operation, no), f"{no.code} {no.words}"
    if operation != PAID:
        note("MyPay", outcome, fiscal_code=fiscal_code, good=outcome == "OK")
    return answer


def _done(operation: str, fiscal_code: str, asked: Any) -> HttpResponse:
    if not asked.findtext("password"):
        raise Fault("PAA_PASSWORD_NON_VALIDA", "No password")
    if operation == IMPORT:
        import_due(fiscal_code=fiscal_code, document=b64decode(asked.findtext("dovuto") or ""), now=clock.now())
        return _said(operation, "<esito>OK</esito>")
    if operation == PAID:
        nav = asked.findtext("identificativoUnivocoDovuto") or ""
        iuv = asked.findtext("identificativoUnivocoVersamento") or ""
        receipt = receipt_of_due(fiscal_code=fiscal_code, nav=nav, iuv=iuv)
        return _said(operation, f"<pagati/><rt>{b64encode(receipt).decode()}</rt>")
    raise Fault("PAA_AZIONE_NON_VALIDA", operation)


def _ko(operation: str, no: Fault) -> HttpResponse:
    fault = etree.Element("fault")
    for name, words in (("faultCode", no.code), ("faultString", no.code), ("description", no.words)):
        etree.SubElement(fault, name).text = words
    return _said(operation, f"{etree.tostring(fault, encoding='unicode')}<esito>KO</esito>")


def _said(operation: str, inside: str) -> HttpResponse:
    """Children of the answer carry no namespace."""
    body = (
        f'<soap:Envelope xmlns:soap="{SOAP}"><soap:Body>'
        f'<ente:{operation}Risposta xmlns:ente="{SERVICE.strip("{}")}">{inside}</ente:{operation}Risposta>'
        "</soap:Body></soap:Envelope>"
    )
    return HttpResponse(body.encode(), content_type="text/xml; charset=utf-8")
