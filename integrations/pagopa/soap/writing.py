"""Writing what we answer. Errors are an answer with outcome KO, at HTTP 200: never a soap:Fault (P17).

Every answer is checked against its shape before it leaves: what does not fit is a defect of ours, AnswerUnfit.
"""

from typing import Any, Final

from lxml import etree

from integrations.pagopa.amounts import text_of
from integrations.pagopa.faults import fault_of
from integrations.pagopa.soap.contract import ANSWERS, REFUSED
from integrations.pagopa.soap.errors import AnswerUnfit, BadMessage, Unfit
from integrations.pagopa.soap.operations import (
    ENVELOPE,
    GET_BY_VERSION,
    NAMES,
    PA_FOR_NODE,
    RECEIPT_BY_VERSION,
    Operation,
)
from integrations.pagopa.soap.shapes import read
from integrations.pagopa.types import Debtor, Fault, FaultCode, Notice, OptionKind, Payment, TransferLine

CONTENT_TYPE: Final = "text/xml; charset=utf-8"


def verify_answer(told: Notice | Fault) -> bytes:
    """What is due for a notice, or why nothing is. Raises AnswerUnfit."""
    answer = _Answer(Operation.VERIFY)
    if isinstance(told, Fault):
        return answer.refused(told)
    root = answer.granted()
    with_option = _inside(_inside(root, "paymentList"), "paymentOptionDescription")
    _inside(with_option, "amount", _amount(told.amount_cents))
    _inside(with_option, "options", OptionKind.EQ.value)
    _maybe(with_option, "dueDate", told.due_on.isoformat() if told.due_on else "")
    _inside(with_option, "detailDescription", told.description)
    _inside(with_option, "allCCP", _yes_no(value=told.all_postal))
    _inside(root, "paymentDescription", told.description)
    _inside(root, "fiscalCodePA", told.fiscal_code)
    _inside(root, "companyName", told.company_name)
    _maybe(root, "officeName", told.office_name)
    return answer.done()


def payment_answer(told: Payment | Fault, version: int) -> bytes:
    """What is to be paid and to whom, or why nothing is. Raises AnswerUnfit, also when the transfers do not add up."""
    answer = _Answer(GET_BY_VERSION[version])
    if isinstance(told, Fault):
        return answer.refused(told)
    if sum(one.amount_cents for one in told.transfers) != told.amount_cents:
        raise AnswerUnfit("The transfers do not add up to the amount.")
    data = _inside(answer.granted(), "data")
    _inside(data, "creditorReferenceId", told.creditor_reference)
    _inside(data, "paymentAmount", _amount(told.amount_cents))
    _inside(data, "dueDate", told.due_on.isoformat())
    _maybe(data, "retentionDate", told.retention_at.isoformat(timespec="seconds") if told.retention_at else "")
    if told.last_payment is not None:
        _inside(data, "lastPayment", _yes_no(value=told.last_payment))
    _inside(data, "description", told.description)
    _maybe(data, "companyName", told.company_name)
    _maybe(data, "officeName", told.office_name)
    _person(_inside(data, "debtor"), told.debtor)
    transfers = _inside(data, "transferList")
    for one in told.transfers:
        _transfer(_inside(transfers, "transfer"), one, version)
    _metadata(data, told.metadata)
    return answer.done()


def receipt_answer(told: Fault | None, version: int) -> bytes:
    """The receipt is safe with us (None), or why it is not taken."""
    answer = _Answer(RECEIPT_BY_VERSION[version])
    if told is not None:
        return answer.refused(told)
    answer.granted()
    return answer.done()


def refusal(wrong: BadMessage) -> bytes:
    """The KO to a question that could not be read. Who did not say what it asked is answered as if it had verified."""
    fault = fault_of(wrong.fault_code, wrong.id_pa, wrong.description)
    return _Answer(wrong.operation or Operation.VERIFY).refused(fault)


def failure(operation: Operation, id_pa: str) -> bytes:
    """The KO when something broke on our side: the node will ask again."""
    return _Answer(operation).refused(fault_of(FaultCode.PAA_SYSTEM_ERROR, id_pa))


class _Answer:
    """An envelope that is being filled."""

    def __init__(self, operation: Operation) -> None:
        self._operation = operation
        self._envelope = etree.Element(f"{{{ENVELOPE}}}Envelope", nsmap={"soapenv": ENVELOPE})
        body = etree.SubElement(self._envelope, f"{{{ENVELOPE}}}Body")
        name = f"{{{PA_FOR_NODE}}}{NAMES[operation].answer}"
        self._root = etree.SubElement(body, name, nsmap={"pafn": PA_FOR_NODE})

    def granted(self) -> Any:
        _inside(self._root, "outcome", "OK")
        return self._root

    def refused(self, fault: Fault) -> bytes:
        _inside(self._root, "outcome", "KO")
        inside = _inside(self._root, "fault")
        _inside(inside, "faultCode", fault.code.value)
        _inside(inside, "faultString", fault.text)
        _inside(inside, "id", fault.id_pa)
        _maybe(inside, "description", fault.description)
        read(self._root, REFUSED, "fault")
        return self._bytes()

    def done(self) -> bytes:
        try:
            read(self._root, ANSWERS[self._operation], NAMES[self._operation].answer)
        except Unfit as wrong:
            raise AnswerUnfit(str(wrong)) from wrong
        return self._bytes()

    def _bytes(self) -> bytes:
        return etree.tostring(self._envelope, xml_declaration=True, encoding="UTF-8")


def _inside(parent: Any, name: str, text: str | None = None) -> Any:
    child = etree.SubElement(parent, name)
    if text is not None:
        try:
            child.text = text
        except ValueError as wrong:  # a character that no XML can hold
            raise AnswerUnfit(f"{name}: a character that cannot be written") from wrong
    return child


def _maybe(parent: Any, name: str, text: str) -> None:
    if text:
        _inside(parent, name, text)


def _amount(cents: int) -> str:
    try:
        return text_of(cents)
    except ValueError as wrong:
        raise AnswerUnfit(str(wrong)) from wrong


def _yes_no(*, value: bool) -> str:
    return "true" if value else "false"


def _person(parent: Any, told: Debtor) -> None:
    identity = _inside(parent, "uniqueIdentifier")
    _inside(identity, "entityUniqueIdentifierType", told.kind)
    _inside(identity, "entityUniqueIdentifierValue", told.code)
    _inside(parent, "fullName", told.full_name)
    _maybe(parent, "streetName", told.street)
    _maybe(parent, "civicNumber", told.number)
    _maybe(parent, "postalCode", told.postal_code)
    _maybe(parent, "city", told.city)
    _maybe(parent, "stateProvinceRegion", told.province)
    _maybe(parent, "country", told.country)
    _maybe(parent, "e-mail", told.email)


def _transfer(parent: Any, told: TransferLine, version: int) -> None:
    _inside(parent, "idTransfer", str(told.number))
    _inside(parent, "transferAmount", _amount(told.amount_cents))
    _inside(parent, "fiscalCodePA", told.fiscal_code)
    if version == 2:
        _maybe(parent, "companyName", told.company_name)
    _inside(parent, "IBAN", told.iban)
    _inside(parent, "remittanceInformation", told.remittance)
    _inside(parent, "transferCategory", told.category)
    _metadata(parent, told.metadata)


def _metadata(parent: Any, told: tuple[tuple[str, str], ...]) -> None:
    if told:
        inside = _inside(parent, "metadata")
        for key, value in told:
            entry = _inside(inside, "mapEntry")
            _inside(entry, "key", key)
            _inside(entry, "value", value)
