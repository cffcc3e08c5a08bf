"""Reading what the node asks. Whatever comes, either a dataclass leaves or BadMessage: never another exception."""

from threading import local
from typing import Any, Final

from lxml import etree

from integrations.pagopa.soap.contract import QUESTIONS
from integrations.pagopa.soap.errors import BadMessage, Beyond, Unfit
from integrations.pagopa.soap.operations import BY_ELEMENT, ENVELOPE, Operation
from integrations.pagopa.soap.shapes import Node, has_text, read
from integrations.pagopa.types import (
    Caller,
    Debtor,
    FaultCode,
    PaymentRequest,
    ReceiptMessage,
    TransferLine,
    VerifyRequest,
)

BIGGEST: Final = 512 * 1024  # a receipt with five transfers and all its metadata has about 100 kB
_kept: Final = local()
type Question = VerifyRequest | PaymentRequest | ReceiptMessage


def read_request(body: bytes, soap_action: str | None) -> Question:
    """The question in a SOAP envelope. The SOAPAction may be left out; one that contradicts the body is refused.

    Raises BadMessage.
    """
    announced = _announced(soap_action)
    found = _content(_parsed(body, announced), announced)
    operation = BY_ELEMENT.get(found.tag)
    if operation is None:
        raise BadMessage(announced, FaultCode.PAA_SINTASSI_XSD, "Body: not a request of this service")
    id_pa = _id_pa(found)
    if soap_action and _bare(soap_action) and announced != operation:
        raise BadMessage(
            operation, FaultCode.PAA_SINTASSI_EXTRAXSD, "SOAPAction and body name two operations", id_pa=id_pa
        )
    if operation == Operation.DEMAND:
        raise BadMessage(operation, FaultCode.PAA_SYSTEM_ERROR, "no spontaneous payments here", id_pa=id_pa)
    try:
        node = read(found, QUESTIONS[operation], _local(found))
    except Unfit as wrong:
        code = FaultCode.PAA_SINTASSI_EXTRAXSD if isinstance(wrong, Beyond) else FaultCode.PAA_SINTASSI_XSD
        raise BadMessage(operation, code, str(wrong), id_pa=id_pa) from wrong
    return _question(operation, node)


def read_receipt(content: bytes) -> ReceiptMessage:
    """A receipt that was fetched, not sent: an envelope, or paSendRT(V2)'s element alone, as GPD archives it.

    Raises BadMessage.
    """
    root = _parsed(content, None)
    found = _content(root, None) if root.tag == f"{{{ENVELOPE}}}Envelope" else root
    operation = BY_ELEMENT.get(found.tag)
    if operation not in {Operation.SEND_RT, Operation.SEND_RT_V2}:
        raise BadMessage(None, FaultCode.PAA_SINTASSI_XSD, "not a receipt")
    try:
        node = read(found, QUESTIONS[operation], _local(found))
    except Unfit as wrong:
        raise BadMessage(operation, FaultCode.PAA_SINTASSI_XSD, str(wrong), id_pa=_id_pa(found)) from wrong
    return _receipt(_caller(node), node.get("receipt"), 1 if operation == Operation.SEND_RT else 2)


def _announced(soap_action: str | None) -> Operation | None:
    try:
        return Operation(_bare(soap_action or ""))
    except ValueError:
        return None


def _bare(soap_action: str) -> str:
    return soap_action.strip().strip('"').strip()


def _parsed(body: bytes, announced: Operation | None) -> Any:
    """The root, parsed without entities, without DTD, without network, and not beyond the bound."""
    if not body or len(body) > BIGGEST:
        raise BadMessage(announced, FaultCode.PAA_SINTASSI_XSD, "the message is empty or too long")
    if b"<!DOCTYPE" in body:  # before any parser sees it
        raise BadMessage(announced, FaultCode.PAA_SINTASSI_XSD, "a document type is not allowed")
    try:
        root = etree.fromstring(body, _parser())
    except (etree.XMLSyntaxError, ValueError) as wrong:
        raise BadMessage(announced, FaultCode.PAA_SINTASSI_XSD, "not well-formed XML") from wrong
    if root.getroottree().docinfo.internalDTD is not None:  # written in another encoding
        raise BadMessage(announced, FaultCode.PAA_SINTASSI_XSD, "a document type is not allowed")
    return root


def _parser() -> etree.XMLParser:
    """One for each thread: making one costs more than reading a message."""
    found: etree.XMLParser | None = getattr(_kept, "parser", None)
    if found is None:
        found = _kept.parser = etree.XMLParser(
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
    return found


def _content(root: Any, announced: Operation | None) -> Any:
    """The one element of the body."""
    bodies = [child for child in root if child.tag == f"{{{ENVELOPE}}}Body"]
    heads = [child for child in root if child.tag == f"{{{ENVELOPE}}}Header"]
    in_order = [*heads[:1], *bodies[:1]] == list(root)
    if root.tag != f"{{{ENVELOPE}}}Envelope" or not in_order or len(bodies) != 1 or has_text(root):
        raise BadMessage(announced, FaultCode.PAA_SINTASSI_XSD, "not a SOAP 1.1 envelope")
    asked = [one for head in heads for one in head if one.get(f"{{{ENVELOPE}}}mustUnderstand") in {"1", "true"}]
    if asked:
        raise BadMessage(announced, FaultCode.PAA_SINTASSI_EXTRAXSD, "a header that must be understood is not")
    if len(bodies[0]) != 1 or has_text(bodies[0]):
        raise BadMessage(announced, FaultCode.PAA_SINTASSI_XSD, "Body: exactly one element is expected")
    return bodies[0][0]


def _id_pa(found: Any) -> str:
    """Whom a message is for, as far as it can be told before it is checked."""
    text = found.findtext("idPA") or ""
    return text if 1 <= len(text) <= 35 else ""


def _local(found: Any) -> str:
    return etree.QName(found).localname


def _question(operation: Operation, node: Node) -> Question:
    caller = _caller(node)
    if operation in {Operation.SEND_RT, Operation.SEND_RT_V2}:
        return _receipt(caller, node.get("receipt"), 1 if operation == Operation.SEND_RT else 2)
    code = node.get("qrCode")
    if operation == Operation.VERIFY:
        return VerifyRequest(caller, code.text("fiscalCode"), code.text("noticeNumber"))
    return PaymentRequest(
        caller=caller,
        fiscal_code=code.text("fiscalCode"),
        notice_number=code.text("noticeNumber"),
        amount_cents=node.get("amount"),
        transfer_type=node.get("transferType"),
        due_on=node.get("dueDate"),
        note=node.text("paymentNote"),
        version=1 if operation == Operation.GET_PAYMENT else 2,
    )


def _caller(node: Node) -> Caller:
    return Caller(node.text("idPA"), node.text("idBrokerPA"), node.text("idStation"))


def _receipt(caller: Caller, node: Node, version: int) -> ReceiptMessage:
    payer = node.get("payer")
    return ReceiptMessage(
        caller=caller,
        version=version,
        receipt_id=node.text("receiptId"),
        notice_number=node.text("noticeNumber"),
        fiscal_code=node.text("fiscalCode"),
        outcome=node.text("outcome"),
        creditor_reference=node.text("creditorReferenceId"),
        amount_cents=node.get("paymentAmount"),
        description=node.text("description"),
        company_name=node.text("companyName"),
        office_name=node.text("officeName"),
        debtor=_person(node.get("debtor")),
        transfers=tuple(_transfer(one) for one in node.get("transferList").all("transfer")),
        psp_id=node.text("idPSP"),
        psp_name=node.text("PSPCompanyName"),
        channel_id=node.text("idChannel"),
        channel=node.text("channelDescription"),
        psp_fiscal_code=node.text("pspFiscalCode"),
        psp_vat_number=node.text("pspPartitaIVA"),
        payer=None if payer is None else _person(payer),
        method=node.text("paymentMethod"),
        note=node.text("paymentNote"),
        fee_cents=node.get("fee"),
        own_fee_cents=node.get("primaryCiIncurredFee"),
        paid_at=node.get("paymentDateTime"),
        applied_on=node.get("applicationDate"),
        transferred_on=node.get("transferDate"),
        standin=bool(node.get("standIn")),
        id_bundle=node.text("idBundle"),
        id_ci_bundle=node.text("idCiBundle"),
        metadata=_metadata(node.get("metadata")),
    )


def _person(node: Node) -> Debtor:
    identity = node.get("uniqueIdentifier")
    return Debtor(
        kind=identity.text("entityUniqueIdentifierType"),
        code=identity.text("entityUniqueIdentifierValue"),
        full_name=node.text("fullName"),
        street=node.text("streetName"),
        number=node.text("civicNumber"),
        postal_code=node.text("postalCode"),
        city=node.text("city"),
        province=node.text("stateProvinceRegion"),
        country=node.text("country"),
        email=node.text("e-mail"),
    )


def _transfer(node: Node) -> TransferLine:
    return TransferLine(
        number=node.get("idTransfer"),
        amount_cents=node.get("transferAmount"),
        fiscal_code=node.text("fiscalCodePA"),
        company_name=node.text("companyName"),
        iban=node.text("IBAN"),
        remittance=node.text("remittanceInformation"),
        category=node.text("transferCategory"),
        metadata=_metadata(node.get("metadata")),
        stamp=node.text("MBDAttachment"),
    )


def _metadata(node: Node | None) -> tuple[tuple[str, str], ...]:
    return () if node is None else tuple((one.text("key"), one.text("value")) for one in node.all("mapEntry"))
