"""The messages of MyPay's web service PagamentiTelematiciDovutiPagati (P46)."""

from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from lxml import etree

from integrations.errors import AnswerUnreadable
from integrations.pagopa.amounts import text_of
from integrations.pagopa.errors import PositionUnfit
from integrations.pagopa.positions import Creditor, Position, PositionOption
from integrations.pagopa.soap.errors import BadMessage
from integrations.pagopa.soap.operations import ENVELOPE
from integrations.pagopa.soap.reading import read_receipt
from integrations.pagopa.types import Debtor, ReceiptMessage

SERVICE: Final = "http://www.regione.veneto.it/pagamenti/ente/"
HEADER: Final = "http://www.regione.veneto.it/pagamenti/ente/ppthead"
VERSION: Final = "6.2.0"


class Action(StrEnum):
    """What is to become of a due."""

    INSERT = "I"
    MODIFY = "M"
    ANNUL = "A"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `receipt` is empty when there is none."""

    is_good: bool
    fault_code: str
    description: str
    receipt: bytes = field(repr=False)


def due_document(
    creditor: Creditor, position: Position, option: PositionOption, action: Action, kinds: Mapping[str, str]
) -> bytes:
    """The Versamento of one option. Raises PositionUnfit for what MyPay cannot hold."""
    if len(option.transfers) != 1 or option.transfers[0].fiscal_code != creditor.fiscal_code:
        raise PositionUnfit(_("Con MyPay un avviso va a un solo ente, con un solo versamento."))
    [transfer] = option.transfers
    if transfer.category not in kinds:
        raise PositionUnfit(_("Per questo servizio non è indicato il tipo di dovuto di MyPay: sta nel collegamento."))
    root = etree.Element(f"{{{SERVICE}}}Versamento", nsmap={"ente": SERVICE})
    _inside(root, "versioneOggetto", VERSION)
    _payer(_inside(root, "soggettoPagatore"), position.debtor)
    data = _inside(root, "datiVersamento")
    _inside(data, "identificativoUnivocoVersamento", option.iuv)
    _inside(data, "identificativoUnivocoDovuto", option.notice_number)
    _inside(data, "importoSingoloVersamento", text_of(option.amount_cents))
    _inside(data, "identificativoTipoDovuto", kinds[transfer.category])
    _inside(data, "causaleVersamento", option.description)
    _inside(data, "datiSpecificiRiscossione", transfer.category)
    _inside(root, "azione", action.value)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _payer(parent: Any, debtor: Debtor) -> None:
    identity = _inside(parent, "identificativoUnivocoPagatore")
    _inside(identity, "tipoIdentificativoUnivoco", debtor.kind)
    _inside(identity, "codiceIdentificativoUnivoco", debtor.code)
    _inside(parent, "anagraficaPagatore", debtor.full_name[:70])
    optional = {
        "indirizzoPagatore": debtor.street,
        "civicoPagatore": debtor.number,
        "capPagatore": debtor.postal_code,
        "localitaPagatore": debtor.city,
        "provinciaPagatore": debtor.province,
        "nazionePagatore": debtor.country,
        "e-mailPagatore": debtor.email,
    }
    for name, text in optional.items():
        if text:
            _inside(parent, name, text)


def _inside(parent: Any, name: str, text: str | None = None) -> Any:
    child = etree.SubElement(parent, f"{{{SERVICE}}}{name}")
    if text is not None:
        try:
            child.text = text
        except ValueError as wrong:  # a character that no XML can hold
            raise PositionUnfit(_("Un testo della posizione contiene un carattere non ammesso.")) from wrong
    return child


def envelope(operation: str, content: Mapping[str, str | bytes], *, institution: str, password: str) -> bytes:
    """The question: who asks in the header, the password first in the body, bytes as base64. Children have no
    namespace.
    """
    root = etree.Element(f"{{{ENVELOPE}}}Envelope", nsmap={"soapenv": ENVELOPE, "ente": SERVICE, "ppt": HEADER})
    head = etree.SubElement(etree.SubElement(root, f"{{{ENVELOPE}}}Header"), f"{{{HEADER}}}intestazionePPT")
    etree.SubElement(head, "codIpaEnte").text = institution
    asked = etree.SubElement(etree.SubElement(root, f"{{{ENVELOPE}}}Body"), f"{{{SERVICE}}}{operation}")
    etree.SubElement(asked, "password").text = password
    for name, value in content.items():
        etree.SubElement(asked, name).text = b64encode(value).decode() if isinstance(value, bytes) else value
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def read_answer(body: bytes, operation: str) -> Answer:
    """The answer to an operation. Raises AnswerUnreadable."""
    if b"<!DOCTYPE" in body:
        raise AnswerUnreadable
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as wrong:
        raise AnswerUnreadable from wrong
    found = root.find(f"{{{ENVELOPE}}}Body/{{{SERVICE}}}{operation}Risposta")
    if found is None:
        raise AnswerUnreadable
    fault = found.find("fault")
    outcome = found.findtext("esito")
    code = "" if fault is None else fault.findtext("faultCode") or "KO"
    told = "" if fault is None else fault.findtext("description") or fault.findtext("faultString") or ""
    return Answer(not code and outcome != "KO", code or (outcome or ""), told[:500], _bytes(found.findtext("rt")))


def receipt_in(content: bytes) -> ReceiptMessage:
    """The receipt of an answer, when it is one of the station's kind. Raises AnswerUnreadable."""
    try:
        return read_receipt(content)
    except BadMessage as wrong:
        raise AnswerUnreadable from wrong


def _bytes(text: str | None) -> bytes:
    try:
        return b64decode("".join((text or "").split()), validate=True)
    except (NotBase64, ValueError) as wrong:
        raise AnswerUnreadable from wrong
