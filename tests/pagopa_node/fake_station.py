"""A station of a few lines, to try the Node on: it answers by templates, and misbehaves when told to."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from lxml import etree

from integrations.pagopa.simulator.wire import NoAnswer, Reply

BARI = "80015010723"
NAV = "303000000000004272"
IBAN = "IT60X0542811101000000123456"
URL = "http://pagamenti.localhost/stazione/"
SPACE = "http://pagopa-api.pagopa.gov.it/pa/paForNode.xsd"
ANSWERS = {
    "paVerifyPaymentNotice": "paVerifyPaymentNoticeRes",
    "paGetPayment": "paGetPaymentRes",
    "paGetPaymentV2": "paGetPaymentV2Response",
    "paSendRT": "paSendRTRes",
    "paSendRTV2": "paSendRTV2Response",
}


@dataclass
class Debt:
    """A notice: what it costs and how it is split."""

    amount: str = "45.50"
    parts: tuple[str, ...] = ("45.50",)
    iuv: str = NAV[1:]


@dataclass
class FakeStation:
    """A WSGI application, and a wire to it without a server."""

    debts: dict[str, Debt] = field(default_factory=lambda: {NAV: Debt()})
    receipts: list[Any] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    messages: list[Any] = field(default_factory=list)
    spoil: Callable[[str, str], str] = field(default=lambda _operation, body: body)
    status: str = "200 OK"
    refusals: list[str] = field(default_factory=list)
    absent: int = 0

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        operation = environ["HTTP_SOAPACTION"].strip('"')
        self.actions.append(operation)
        message = etree.fromstring(body)[0][0]
        self.messages.append(message)
        answer = self.spoil(operation, self._answer(operation, message)).encode()
        start_response(self.status, [("Content-Type", "text/xml; charset=utf-8"), ("Content-Length", str(len(answer)))])
        return [answer]

    def wire(self, address: str, body: bytes, headers: Mapping[str, str], _seconds: float) -> Reply:
        """As `over_http`, in this very thread; `absent` times nobody is there."""
        if self.absent:
            self.absent -= 1
            raise NoAnswer("time-out")
        assert address == URL
        import io

        told: dict[str, Any] = {}
        environ = {
            "wsgi.input": io.BytesIO(body),
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_SOAPACTION": dict(headers)["SOAPAction"],
        }
        answer = self(environ, lambda status, heads: told.update(status=status, heads=dict(heads)))
        return Reply(int(told["status"].split()[0]), told["heads"]["Content-Type"], b"".join(answer))

    def _answer(self, operation: str, message: Any) -> str:
        nav = message.findtext("qrCode/noticeNumber")
        if operation.startswith("paSendRT"):
            return self._receipt(operation, message)
        debt = self.debts.get(nav)
        if debt is None:
            return self.ko(operation, "PAA_PAGAMENTO_SCONOSCIUTO")
        if operation == "paVerifyPaymentNotice":
            return envelope(
                operation,
                f"<outcome>OK</outcome><paymentList><paymentOptionDescription><amount>{debt.amount}</amount>"
                "<options>EQ</options><dueDate>2026-12-31</dueDate><allCCP>false</allCCP></paymentOptionDescription>"
                f"</paymentList><paymentDescription>Mensa scolastica</paymentDescription><fiscalCodePA>{BARI}"
                "</fiscalCodePA><companyName>Comune di Bari</companyName>",
            )
        lines = "".join(
            f"<transfer><idTransfer>{number}</idTransfer><transferAmount>{part}</transferAmount>"
            f"<fiscalCodePA>{BARI}</fiscalCodePA><IBAN>{IBAN}</IBAN><remittanceInformation>/RFB/{debt.iuv}/{part}"
            "</remittanceInformation><transferCategory>9/0107101TS/</transferCategory></transfer>"
            for number, part in enumerate(debt.parts, 1)
        )
        return envelope(
            operation,
            f"<outcome>OK</outcome><data><creditorReferenceId>{debt.iuv}</creditorReferenceId><paymentAmount>"
            f"{debt.amount}</paymentAmount><dueDate>2026-12-31</dueDate><description>Mensa scolastica</description>"
            "<companyName>Comune di Bari</companyName><debtor><uniqueIdentifier><entityUniqueIdentifierType>F"
            "</entityUniqueIdentifierType><entityUniqueIdentifierValue>RSSMRA80A41A662E</entityUniqueIdentifierValue>"
            f"</uniqueIdentifier><fullName>Rossi Maria</fullName></debtor><transferList>{lines}</transferList></data>",
        )

    def _receipt(self, operation: str, message: Any) -> str:
        if self.refusals:
            return self.ko(operation, self.refusals.pop(0))
        receipt = message.find("receipt")
        if len(receipt.findtext("paymentAmount").partition(".")[2]) != 2:
            return self.ko(operation, "PAA_SINTASSI_XSD")
        known = [one.findtext("receiptId") for one in self.receipts]
        self.receipts.append(receipt)
        if receipt.findtext("receiptId") in known:
            return self.ko(operation, "PAA_RECEIPT_DUPLICATA")
        return envelope(operation, "<outcome>OK</outcome>")

    @staticmethod
    def ko(operation: str, code: str) -> str:
        """A refusal of the right shape."""
        return envelope(
            operation,
            f"<outcome>KO</outcome><fault><faultCode>{code}</faultCode><faultString>no</faultString><id>{BARI}</id>"
            "</fault>",
        )


def envelope(operation: str, inside: str) -> str:
    """An answer to the operation, in its envelope."""
    name = ANSWERS[operation]
    return (
        '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>'
        f'<pafn:{name} xmlns:pafn="{SPACE}">{inside}</pafn:{name}></soapenv:Body></soapenv:Envelope>'
    )


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the parent's name
        pass


@contextmanager
def served(station: FakeStation) -> Iterator[str]:
    """The station on a port of this machine; gives its address."""
    with make_server("127.0.0.1", 0, station, handler_class=_Quiet) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://pagamenti.localhost:{server.server_port}/stazione/"
        finally:
            server.shutdown()
            thread.join()
