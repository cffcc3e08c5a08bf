"""What a station may answer, beyond and within the schema: the Node believes nothing it has not checked."""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from lxml import etree

from integrations.pagopa.simulator.wire import Reply

CONTRACT: Final = Path(__file__).parent / "contract"
MESSAGES: Final = "http://pagopa-api.pagopa.gov.it/pa/paForNode.xsd"
ENVELOPE: Final = "http://schemas.xmlsoap.org/soap/envelope/"
ANSWERS: Final = {
    "paVerifyPaymentNotice": "paVerifyPaymentNoticeRes",
    "paGetPayment": "paGetPaymentRes",
    "paGetPaymentV2": "paGetPaymentV2Response",
    "paSendRT": "paSendRTRes",
    "paSendRTV2": "paSendRTV2Response",
}
FAULTS: Final = frozenset(
    {
        "PAA_PAGAMENTO_SCADUTO",
        "PAA_PAGAMENTO_ANNULLATO",
        "PAA_PAGAMENTO_SCONOSCIUTO",
        "PAA_PAGAMENTO_DUPLICATO",
        "PAA_PAGAMENTO_IN_CORSO",
        "PAA_ID_DOMINIO_ERRATO",
        "PAA_ID_INTERMEDIARIO_ERRATO",
        "PAA_STAZIONE_INT_ERRATA",
        "PAA_SINTASSI_XSD",
        "PAA_SINTASSI_EXTRAXSD",
        "PAA_SEMANTICA",
        "PAA_RECEIPT_DUPLICATA",
        "PAA_SYSTEM_ERROR",
    }
)
"""The table of P17: the schema takes any words for a fault code, so this list is the only guard."""


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked: the call, the creditor's tax code, and the notice where the answer must be about one."""

    operation: str
    called: str
    nav: str = ""


class BadAnswer(Exception):
    """The station broke the contract: `wrong` says each point. A mistake of ours, never a matter of the payer's."""

    def __init__(self, operation: str, wrong: list[str], body: bytes = b"") -> None:
        super().__init__(f"{operation}: {'; '.join(wrong)}")
        self.operation, self.wrong, self.body = operation, wrong, body


@lru_cache(maxsize=1)
def schema() -> Any:
    """The contract of the messages, compiled once."""
    return etree.XMLSchema(etree.parse(CONTRACT / "station.xsd"))


def faults_of_schema(message: Any) -> list[str]:
    """What a message, cut out of its envelope, does against the schema; empty when it is good."""
    alone = etree.fromstring(etree.tostring(message, with_tail=False))
    judge = schema()
    return [] if judge.validate(alone) else [str(error.message) for error in judge.error_log]


def checked(asked: Question, reply: Reply) -> None:
    """Raises BadAnswer unless the reply is what the contract wants."""
    operation = asked.operation
    if reply.status != 200:
        raise BadAnswer(operation, [f"HTTP {reply.status}: even a refusal is 200 with outcome KO"], reply.body)
    message = _message(operation, reply)
    wrong = faults_of_schema(message)
    if not wrong:
        wrong = _beyond_schema(asked, message)
    if wrong:
        raise BadAnswer(operation, wrong, reply.body)


def _message(operation: str, reply: Reply) -> Any:
    if not reply.content_type.startswith("text/xml"):
        raise BadAnswer(operation, [f"Content-Type {reply.content_type!r} is not text/xml"], reply.body)
    try:
        root = etree.fromstring(reply.body, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise BadAnswer(operation, [f"not XML: {error}"], reply.body) from error
    inside = root.findall(f"{{{ENVELOPE}}}Body/*")
    wanted = f"{{{MESSAGES}}}{ANSWERS[operation]}"
    if root.tag != f"{{{ENVELOPE}}}Envelope" or [one.tag for one in inside] != [wanted]:
        raise BadAnswer(operation, [f"the body holds {[one.tag for one in inside]}, not {wanted}"], reply.body)
    return inside[0]


def _beyond_schema(asked: Question, message: Any) -> list[str]:
    told = [child.tag for child in message]
    if message.findtext("outcome") == "KO":
        return _refusal(message, told, asked.called)
    if "fault" in told:
        return ["outcome OK with a fault"]
    if asked.operation == "paVerifyPaymentNotice":
        return _offer(message, told, asked.called)
    if asked.operation in {"paGetPayment", "paGetPaymentV2"}:
        return _payment(message.find("data"), asked)
    return []


def _refusal(message: Any, told: list[str], called: str) -> list[str]:
    if told != ["outcome", "fault"]:
        return [f"a refusal holds outcome and fault alone, not {told}"]
    code, whose = message.findtext("fault/faultCode"), message.findtext("fault/id")
    wrong = [] if code in FAULTS else [f"{code} is in no table of faults (P17)"]
    return wrong if whose == called else [*wrong, f"the fault is told by {whose!r}, not by {called!r}"]


def _offer(message: Any, told: list[str], called: str) -> list[str]:
    missing = {"paymentList", "paymentDescription", "fiscalCodePA", "companyName"} - set(told)
    if missing:
        return [f"an OK without {sorted(missing)}"]
    wrong = []
    if message.findtext("fiscalCodePA") != called:
        wrong.append(f"the notice is of {message.findtext('fiscalCodePA')}, not of {called}")
    if message.findtext("paymentList/paymentOptionDescription/options") != "EQ":
        wrong.append("options is not EQ")
    return wrong


def _payment(data: Any, asked: Question) -> list[str]:
    if data is None:
        return ["an OK without data"]
    lines = data.findall("transferList/transfer")
    total = sum((Decimal(line.findtext("transferAmount")) for line in lines), Decimal(0))
    wrong, first = [], asked.operation == "paGetPayment"
    if data.findtext("creditorReferenceId") != asked.nav[1:]:
        wrong.append(f"the IUV {data.findtext('creditorReferenceId')} is not that of {asked.nav} (P6)")
    if total != Decimal(data.findtext("paymentAmount")):
        wrong.append(f"the lines give {total}, the payment is {data.findtext('paymentAmount')} (P14)")
    numbers = [int(line.findtext("idTransfer")) for line in lines]
    if numbers != list(range(1, len(lines) + 1)):
        wrong.append(f"lines are numbered {numbers}")
    for line in lines:
        iban = line.findtext("IBAN")
        if iban is not None and not is_iban(iban):
            wrong.append(f"line {line.findtext('idTransfer')}: {iban} is no IBAN")
        if first and iban is None:
            wrong.append(f"line {line.findtext('idTransfer')}: the first version knows IBANs alone")
    return wrong


def is_iban(text: str) -> bool:
    """Whether an Italian IBAN, with its check digits."""
    if len(text) != 27 or not text.isascii() or not text.isalnum() or not text.startswith("IT"):
        return False
    turned = "".join(str(int(sign, 36)) for sign in text[4:] + text[:4])
    return int(turned) % 97 == 1
