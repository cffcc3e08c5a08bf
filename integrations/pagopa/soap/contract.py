"""The shapes of the station's messages, version 1 and 2 (P16).

Children carry no namespace: the official schema leaves elementFormDefault out (P15).
"""

from typing import Final

from integrations.pagopa.soap import values as v
from integrations.pagopa.soap.operations import Operation
from integrations.pagopa.soap.shapes import Shape, either, many, maybe, one

_METADATA: Final[Shape] = (many("mapEntry", (one("key", v.text140), one("value", v.text140)), 15),)
_SUBJECT: Final[Shape] = (
    one(
        "uniqueIdentifier",
        (one("entityUniqueIdentifierType", v.person_kind), one("entityUniqueIdentifierValue", v.person_code)),
    ),
    one("fullName", v.text70),
    maybe("streetName", v.text70),
    maybe("civicNumber", v.text16),
    maybe("postalCode", v.text16),
    maybe("city", v.text35),
    maybe("stateProvinceRegion", v.text35),
    maybe("country", v.country),
    maybe("e-mail", v.email),
)
_CALLER: Final[Shape] = (one("idPA", v.text35), one("idBrokerPA", v.text35), one("idStation", v.text35))
_QR_CODE: Final = one("qrCode", (one("fiscalCode", v.fiscal_code), one("noticeNumber", v.notice_number)))
_GET_PAYMENT: Final[Shape] = (
    *_CALLER,
    _QR_CODE,
    maybe("amount", v.cents),
    maybe("paymentNote", v.text210),
    maybe("transferType", v.transfer_type),
    maybe("dueDate", v.day),
)
_TRANSFER_HEAD: Final[Shape] = (
    one("idTransfer", v.transfer_number),
    one("transferAmount", v.cents_not_zero),
    one("fiscalCodePA", v.fiscal_code),
)
_TRANSFER_TAIL: Final[Shape] = (
    one("remittanceInformation", v.text140),
    one("transferCategory", v.text140),
    maybe("metadata", _METADATA),
)
_IBAN: Final = one("IBAN", v.text35)
_TRANSFERS_V1: Final[Shape] = (many("transfer", (*_TRANSFER_HEAD, _IBAN, *_TRANSFER_TAIL), 5),)
_COMPANY: Final = maybe("companyName", v.text140)
_RECEIVED_V2: Final[Shape] = (
    many(
        "transfer",
        (*_TRANSFER_HEAD, _COMPANY, either(IBAN=v.text35, MBDAttachment=v.base64_text), *_TRANSFER_TAIL),
        5,
    ),
)
_SENT_V2: Final[Shape] = (many("transfer", (*_TRANSFER_HEAD, _COMPANY, _IBAN, *_TRANSFER_TAIL), 5),)


def _receipt(version: int) -> Shape:
    second = version == 2
    return (
        one("receiptId", v.receipt_id),
        one("noticeNumber", v.notice_number),
        one("fiscalCode", v.fiscal_code),
        one("outcome", v.outcome),
        one("creditorReferenceId", v.text35),
        one("paymentAmount", v.cents),
        one("description", v.text140),
        one("companyName", v.text140),
        maybe("officeName", v.text140),
        one("debtor", _SUBJECT),
        one("transferList", _RECEIVED_V2 if second else _TRANSFERS_V1),
        one("idPSP", v.text35),
        maybe("pspFiscalCode", v.text70),
        maybe("pspPartitaIVA", v.text20),
        one("PSPCompanyName", v.text70),
        one("idChannel", v.text35),
        one("channelDescription", v.text35),
        maybe("payer", _SUBJECT),
        maybe("paymentMethod", v.text35),
        *((maybe("paymentNote", v.text210),) if second else ()),
        maybe("fee", v.cents),
        *(
            (maybe("primaryCiIncurredFee", v.cents), maybe("idBundle", v.text70), maybe("idCiBundle", v.text70))
            if second
            else ()
        ),
        maybe("paymentDateTime", v.moment),
        maybe("applicationDate", v.day),
        maybe("transferDate", v.day),
        maybe("metadata", _METADATA),
        maybe("standIn", v.boolean),
    )


QUESTIONS: Final[dict[Operation, Shape]] = {
    Operation.VERIFY: (*_CALLER, _QR_CODE),
    Operation.GET_PAYMENT: _GET_PAYMENT,
    Operation.GET_PAYMENT_V2: _GET_PAYMENT,
    Operation.SEND_RT: (*_CALLER, one("receipt", _receipt(1))),
    Operation.SEND_RT_V2: (*_CALLER, one("receipt", _receipt(2))),
}


def _payment(version: int) -> Shape:
    return (
        one("creditorReferenceId", v.text35),
        one("paymentAmount", v.cents_not_zero),
        one("dueDate", v.day),
        maybe("retentionDate", v.moment),
        maybe("lastPayment", v.boolean),
        one("description", v.text140),
        one("companyName", v.text140) if version == 2 else maybe("companyName", v.text140),
        maybe("officeName", v.text140),
        one("debtor", _SUBJECT),
        one("transferList", _SENT_V2 if version == 2 else _TRANSFERS_V1),
        maybe("metadata", _METADATA),
    )


_FAULT: Final = one(
    "fault",
    (
        one("faultCode", v.any_text),
        one("faultString", v.any_text),
        one("id", v.any_text),
        maybe("description", v.any_text),
    ),
)
REFUSED: Final[Shape] = (one("outcome", v.one_of("KO")), _FAULT)
_OK: Final = one("outcome", v.one_of("OK"))
ANSWERS: Final[dict[Operation, Shape]] = {
    Operation.VERIFY: (
        _OK,
        one(
            "paymentList",
            (
                one(
                    "paymentOptionDescription",
                    (
                        one("amount", v.cents_not_zero),
                        one("options", v.option_kind),
                        maybe("dueDate", v.day),
                        maybe("detailDescription", v.text140),
                        one("allCCP", v.boolean),
                    ),
                ),
            ),
        ),
        one("paymentDescription", v.text140),
        one("fiscalCodePA", v.fiscal_code),
        one("companyName", v.text140),
        maybe("officeName", v.text140),
    ),
    Operation.GET_PAYMENT: (_OK, one("data", _payment(1))),
    Operation.GET_PAYMENT_V2: (_OK, one("data", _payment(2))),
    Operation.SEND_RT: (_OK,),
    Operation.SEND_RT_V2: (_OK,),
}
