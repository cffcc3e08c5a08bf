"""The operations of a station and the names of their messages."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

ENVELOPE: Final = "http://schemas.xmlsoap.org/soap/envelope/"
PA_FOR_NODE: Final = "http://pagopa-api.pagopa.gov.it/pa/paForNode.xsd"


class Operation(StrEnum):
    """The value is the SOAPAction: the bare name."""

    VERIFY = "paVerifyPaymentNotice"
    GET_PAYMENT = "paGetPayment"
    GET_PAYMENT_V2 = "paGetPaymentV2"
    SEND_RT = "paSendRT"
    SEND_RT_V2 = "paSendRTV2"
    DEMAND = "paDemandPaymentNotice"  # spontaneous payments at a PSP: refused, but by name (P16)


@dataclass(frozen=True, slots=True)
class Names:
    """How the two elements of an operation are called."""

    question: str
    answer: str


NAMES: Final = {
    Operation.VERIFY: Names("paVerifyPaymentNoticeReq", "paVerifyPaymentNoticeRes"),
    Operation.GET_PAYMENT: Names("paGetPaymentReq", "paGetPaymentRes"),
    Operation.GET_PAYMENT_V2: Names("paGetPaymentV2Request", "paGetPaymentV2Response"),
    Operation.SEND_RT: Names("paSendRTReq", "paSendRTRes"),
    Operation.SEND_RT_V2: Names("paSendRTV2Request", "paSendRTV2Response"),
    Operation.DEMAND: Names("paDemandPaymentNoticeRequest", "paDemandPaymentNoticeResponse"),
}
BY_ELEMENT: Final = {f"{{{PA_FOR_NODE}}}{names.question}": one for one, names in NAMES.items()}
GET_BY_VERSION: Final = {1: Operation.GET_PAYMENT, 2: Operation.GET_PAYMENT_V2}
RECEIPT_BY_VERSION: Final = {1: Operation.SEND_RT, 2: Operation.SEND_RT_V2}
