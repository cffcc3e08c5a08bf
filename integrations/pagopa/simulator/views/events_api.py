"""Receipts by their number, as biz-events gives them: also of payments whose receipt never came (P33)."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse

from integrations.pagopa.simulator.models import Payment
from integrations.pagopa.simulator.views.answers import called_by_machines, problem

SUBJECT: Final = ("streetName", "civicNumber", "postalCode", "city", "stateProvinceRegion", "country")
SAME: Final = (
    "receiptId",
    "noticeNumber",
    "fiscalCode",
    "outcome",
    "creditorReferenceId",
    "description",
    "companyName",
    "officeName",
    "idPSP",
    "pspFiscalCode",
    "idChannel",
    "channelDescription",
    "paymentMethod",
    "applicationDate",
    "transferDate",
)


@called_by_machines("GET")
def receipt(_request: HttpRequest, fiscal_code: str, iur: str, iuv: str = "") -> HttpResponse:
    """The receipt of that number, of a payment of which some line is the creditor's."""
    payment = Payment.objects.filter(receipt_id=iur).first()
    lines = payment.receipt["transferList"]["transfer"] if payment else []
    if payment is None or fiscal_code not in {payment.fiscal_code, *(line["fiscalCodePA"] for line in lines)}:
        return problem(404, "Not Found", f"No receipt {iur}")
    if iuv and payment.iuv != iuv:
        return problem(404, "Not Found", f"No receipt {iur} for {iuv}")
    return JsonResponse(_shown(payment.receipt))


def _shown(told: dict[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = {name: told[name] for name in SAME if name in told}
    shown |= {
        "paymentAmount": float(told["paymentAmount"]),
        "fee": float(told["fee"]),
        "pspCompanyName": told["PSPCompanyName"],
        "debtor": _subject(told["debtor"]),
        "transferList": [_line(one) for one in told["transferList"]["transfer"]],
        "paymentDateTime": told["paymentDateTime"][:10],
        "paymentDateTimeFormatted": f"{told['paymentDateTime']}Z",
    }
    if "payer" in told:
        shown["payer"] = _subject(told["payer"])
    return shown


def _subject(told: dict[str, Any]) -> dict[str, Any]:
    shown = {**told["uniqueIdentifier"], "fullName": told["fullName"]}
    shown |= {name: told[name] for name in SUBJECT if name in told}
    return shown | ({"email": told["e-mail"]} if "e-mail" in told else {})


def _line(told: dict[str, Any]) -> dict[str, Any]:
    # The published contract wants both the account and the stamp of every line, though a line has but one of them.
    return {
        "idTransfer": int(told["idTransfer"]),
        "transferAmount": float(told["transferAmount"]),
        "fiscalCodePA": told["fiscalCodePA"],
        "iban": told.get("IBAN", ""),
        "mbdAttachment": told.get("MBDAttachment", ""),
        "remittanceInformation": told["remittanceInformation"],
        "transferCategory": told["transferCategory"],
    }
