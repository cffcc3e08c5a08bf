"""The Node of pagoPA, as far as the tests of the station need it: bytes out, fields in."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.test import Client
from lxml import etree

from tenants.current import in_schema
from tests.factories.paying import BROKER, STATION

PAF = "http://pagopa-api.pagopa.gov.it/pa/paForNode.xsd"


def envelope(inner: str) -> bytes:
    return (
        '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"'
        f' xmlns:paf="{PAF}"><soapenv:Body>{inner}</soapenv:Body></soapenv:Envelope>'
    ).encode()


def head(id_pa: str, broker: str = BROKER, station: str = STATION) -> str:
    return f"<idPA>{id_pa}</idPA><idBrokerPA>{broker}</idBrokerPA><idStation>{station}</idStation>"


def qr(id_pa: str, nav: str) -> str:
    return f"<qrCode><fiscalCode>{id_pa}</fiscalCode><noticeNumber>{nav}</noticeNumber></qrCode>"


def verify(id_pa: str, nav: str, **who: str) -> bytes:
    name = "paVerifyPaymentNoticeReq"
    return envelope(f"<paf:{name}>{head(id_pa, **who)}{qr(id_pa, nav)}</paf:{name}>")


def get(id_pa: str, nav: str, extra: str = "", version: int = 2, **who: str) -> bytes:
    name = "paGetPaymentV2Request" if version == 2 else "paGetPaymentReq"
    return envelope(f"<paf:{name}>{head(id_pa, **who)}{qr(id_pa, nav)}{extra}</paf:{name}>")


def euro(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"


def receipt(
    id_pa: str,
    nav: str,
    cents: int,
    receipt_id: str,
    *,
    outcome: str = "OK",
    to: str | None = None,
    version: int = 2,
    parts: dict[int, int] | None = None,
    paid_at: datetime | None = None,
    standin: bool = False,
) -> bytes:
    """A receipt; `parts` are the cents of its transfers by their numbers, one of the whole unless told."""
    amount, at = euro(cents), "2026-11-23T10:00:00" if paid_at is None else f"{paid_at:%Y-%m-%dT%H:%M:%S}"
    name = "paSendRTV2Request" if version == 2 else "paSendRTReq"
    debtor = (
        "<debtor><uniqueIdentifier><entityUniqueIdentifierType>F</entityUniqueIdentifierType>"
        "<entityUniqueIdentifierValue>RSSMRA80A41A662E</entityUniqueIdentifierValue></uniqueIdentifier>"
        "<fullName>Maria Rossi</fullName></debtor>"
    )
    transfer = "".join(
        f"<transfer><idTransfer>{number}</idTransfer><transferAmount>{euro(part)}</transferAmount>"
        f"<fiscalCodePA>{to or id_pa}</fiscalCodePA><companyName>Comune</companyName>"
        "<IBAN>IT60X0542811101000000123456</IBAN><remittanceInformation>x</remittanceInformation>"
        "<transferCategory>9/0107101TS/</transferCategory></transfer>"
        for number, part in (parts or {1: cents}).items()
    )
    if version == 1:
        transfer = transfer.replace("<companyName>Comune</companyName>", "")
    return envelope(
        f"<paf:{name}>{head(id_pa)}<receipt><receiptId>{receipt_id}</receiptId><noticeNumber>{nav}</noticeNumber>"
        f"<fiscalCode>{id_pa}</fiscalCode><outcome>{outcome}</outcome>"
        f"<creditorReferenceId>{nav[1:]}</creditorReferenceId><paymentAmount>{amount}</paymentAmount>"
        f"<description>x</description><companyName>Comune</companyName>{debtor}"
        f"<transferList>{transfer}</transferList><idPSP>PSP</idPSP><PSPCompanyName>Banca</PSPCompanyName>"
        "<idChannel>1</idChannel><channelDescription>app</channelDescription>"
        f"<paymentDateTime>{at}</paymentDateTime>{'<standIn>true</standIn>' if standin else ''}</receipt></paf:{name}>"
    )


class Node:
    """The Node, as far as these tests need it: it posts bytes and reads the answer."""

    def __init__(self, **options: Any) -> None:
        self.client = Client(headers={"host": settings.PAYMENTS_HOST}, **options)

    def post(self, body: bytes, action: str | None = None, **headers: str) -> Any:
        if action:
            headers["SOAPAction"] = action
        with in_schema("public"):
            return self.client.post("/stazione/", body, content_type="text/xml; charset=utf-8", headers=headers)

    def ask(self, body: bytes) -> dict[str, Any]:
        """The fields of the answer by their names; a list where a name comes twice."""
        answer = self.post(body)
        assert answer.status_code == 200, answer.content
        assert b"soapenv:Fault" not in answer.content
        found: dict[str, Any] = {}
        for one in etree.fromstring(answer.content).iter():
            if not len(one):
                found.setdefault(etree.QName(one).localname, []).append(one.text)
        return {name: held[0] if len(held) == 1 else held for name, held in found.items()}

    def fault(self, body: bytes) -> str:
        return str(self.ask(body).get("faultCode", ""))
