"""The receipt of a payment, in the parts and order of the contract."""

from base64 import b64encode
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from integrations.pagopa.simulator.euro import cents_of, written
from integrations.pagopa.simulator.faults import Fault
from integrations.pagopa.simulator.providers import Provider
from sportello.kernel.clock import ROME

SKEW: Final = timedelta(hours=2)
SOMEBODY_ELSE: Final = {
    "uniqueIdentifier": {"entityUniqueIdentifierType": "F", "entityUniqueIdentifierValue": "BNCLCU78A01A662X"},
    "fullName": "Bianchi Luca",
}
KEPT: Final = ("description", "companyName", "officeName", "debtor", "metadata")


@dataclass(frozen=True, slots=True)
class Paying:
    """What a receipt is made of."""

    receipt_id: str
    nav: str
    fiscal_code: str
    company_name: str
    provider: Provider
    paid_at: datetime
    note: str = ""
    version: int = 2
    faults: frozenset[Fault] = field(default_factory=frozenset)


def receipt_of(data: dict[str, Any], paying: Paying) -> dict[str, Any]:
    """The receipt for a payment that the creditor has described in `data`."""
    faults, provider = paying.faults, paying.provider
    paid_at = paying.paid_at.astimezone(ROME) + (SKEW if Fault.CLOCK_SKEW in faults else timedelta())
    kept: dict[str, Any] = {name: data[name] for name in KEPT if name in data}
    kept.setdefault("companyName", paying.company_name)
    more = _difference(faults)
    receipt: dict[str, Any] = {
        "receiptId": paying.receipt_id,
        "noticeNumber": paying.nav,
        "fiscalCode": paying.fiscal_code,
        "outcome": "KO" if Fault.FAILED_RECEIPT in faults else "OK",
        "creditorReferenceId": data["creditorReferenceId"],
        "paymentAmount": written(cents_of(data["paymentAmount"]) + more),
        **kept,
        "transferList": {"transfer": [_line(one, paying, more) for one in data["transferList"]["transfer"]]},
        "idPSP": provider.psp_id,
        "pspFiscalCode": provider.fiscal_code,
        "PSPCompanyName": provider.name,
        "idChannel": provider.channel_id,
        "channelDescription": provider.channel,
        "paymentMethod": provider.method,
        "fee": written(provider.fee_cents),
        "paymentDateTime": paid_at.replace(microsecond=0, tzinfo=None).isoformat(),
        "applicationDate": paid_at.date().isoformat(),
        "transferDate": (paid_at.date() + timedelta(days=1)).isoformat(),
        "standIn": Fault.STAND_IN in faults,
    }
    if Fault.NO_PAYER not in faults:
        receipt["payer"] = SOMEBODY_ELSE if Fault.OTHER_PAYER in faults else data["debtor"]
    if paying.note and paying.version == 2:
        receipt["paymentNote"] = paying.note
    return receipt


def _difference(faults: frozenset[Fault]) -> int:
    if Fault.RECEIPT_HIGHER in faults:
        return 100
    return -1 if Fault.RECEIPT_LOWER in faults else 0


def _line(told: dict[str, Any], paying: Paying, more: int) -> dict[str, Any]:
    """A line as it was paid: what was paid too much or too little is in the first; a stamp has become its document."""
    line = dict(told)
    if int(line["idTransfer"]) == 1:
        line["transferAmount"] = written(cents_of(line["transferAmount"]) + more)
    if paying.version == 1:
        line.pop("companyName", None)
    if line.pop("richiestaMarcaDaBollo", None) is not None:
        line["MBDAttachment"] = b64encode(b"<marcaDaBollo/>").decode()
    return line
