"""A notice that is kept in GPD, or as a due in MyPay, is paid there: the Node asks no station, and the creditor
learns it by polling (P23).
"""

from datetime import datetime
from typing import Any

from integrations.pagopa.simulator.euro import written
from integrations.pagopa.simulator.models import Option, Payment
from integrations.pagopa.simulator.positions.keeping import PAYING, mark_paid, payable
from integrations.pagopa.simulator.positions.keeping import Refused as GpdRefused
from integrations.pagopa.simulator.station import Offer, Refused
from sportello.kernel.clock import ROME

ADDRESS = {
    "streetName": "streetName",
    "civicNumber": "civicNumber",
    "postalCode": "postalCode",
    "city": "city",
    "province": "stateProvinceRegion",
    "country": "country",
    "email": "e-mail",
}


def kept_offer(nav: str, fiscal_code: str, *, now: datetime) -> Offer | None:
    """What GPD says of the notice; None where it does not hold it. Raises Refused."""
    option = _payable(nav, fiscal_code, now)
    if option is None:
        return None
    told = option.content
    return Offer(
        option.amount_cents,
        option.due_at.astimezone(ROME).date(),
        told["description"],
        option.position.content["companyName"],
    )


def kept_payment(nav: str, fiscal_code: str, *, now: datetime) -> dict[str, Any] | None:
    """The payment in the parts of the contract; None where GPD does not hold it. Raises Refused."""
    option = _payable(nav, fiscal_code, now)
    if option is None:
        return None
    position, told = option.position.content, option.content
    debtor = {
        "uniqueIdentifier": {
            "entityUniqueIdentifierType": position["type"],
            "entityUniqueIdentifierValue": position["fiscalCode"],
        },
        "fullName": position["fullName"],
        **{name: position[key] for key, name in ADDRESS.items() if position.get(key)},
    }
    payment = {
        "creditorReferenceId": option.iuv,
        "paymentAmount": written(option.amount_cents),
        "dueDate": option.due_at.astimezone(ROME).date().isoformat(),
        "description": told["description"],
        "companyName": position["companyName"],
        "debtor": debtor,
        "transferList": {"transfer": [_line(line, fiscal_code) for line in told["transfer"]]},
    }
    if position.get("officeName"):
        payment["officeName"] = position["officeName"]
    return payment


def settle_at_gpd(payment: Payment, psp_name: str, *, now: datetime) -> None:
    """Marks the option as paid by that receipt, where it is kept."""
    held = Option.objects.filter(product__in=PAYING, fiscal_code=payment.fiscal_code, nav=payment.nav)
    mark_paid(
        product=held.values_list("product", flat=True)[0],
        fiscal_code=payment.fiscal_code,
        nav=payment.nav,
        paid_at=payment.paid_at,
        now=now,
        receipt_id=payment.receipt_id,
        psp=psp_name,
    )


def close_copy(payment: Payment, psp_name: str, *, now: datetime) -> None:
    """ACA's copy of a notice that was paid through the station: paid as well, where there is one."""
    if not Option.objects.filter(product="aca", fiscal_code=payment.fiscal_code, nav=payment.nav).exists():
        return
    try:
        mark_paid(
            product="aca",
            fiscal_code=payment.fiscal_code,
            nav=payment.nav,
            paid_at=payment.paid_at,
            now=now,
            receipt_id=payment.receipt_id,
            psp=psp_name,
        )
    except GpdRefused:
        return  # paid before: the station's word is the one that counts


def _payable(nav: str, fiscal_code: str, now: datetime) -> Option | None:
    for product in PAYING:
        option, fault = payable(product=product, fiscal_code=fiscal_code, nav=nav, now=now)
        if fault:
            raise Refused(fault, product.upper())
        if option is not None:
            return option
    return None


def _line(told: dict[str, Any], fiscal_code: str) -> dict[str, Any]:
    line = {
        "idTransfer": told["idTransfer"],
        "transferAmount": written(told["amount"]),
        "fiscalCodePA": told.get("organizationFiscalCode", fiscal_code),
        "remittanceInformation": told["remittanceInformation"],
        "transferCategory": told["category"],
    }
    if "iban" in told:
        line["IBAN"] = told["iban"]
    else:
        line["richiestaMarcaDaBollo"] = told["stamp"]
    return line
