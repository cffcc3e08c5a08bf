"""Debt positions as a creditor sends them."""

from typing import Any

from tests.pagopa_node.fake_station import BARI, IBAN

IUV = "03000000000004272"


def transfer(number: int = 1, amount: int = 4550, **more: Any) -> dict[str, Any]:
    """A part of an option."""
    return {
        "idTransfer": str(number),
        "amount": amount,
        "organizationFiscalCode": BARI,
        "remittanceInformation": "/RFB/x/45.50/TXT/Mensa",
        "category": "9/0107101TS/",
        "iban": IBAN,
        "transferMetadata": [],
        **more,
    }


def option(iuv: str = IUV, amount: int = 4550, **more: Any) -> dict[str, Any]:
    """A way to pay."""
    return {
        "nav": f"3{iuv}",
        "iuv": iuv,
        "amount": amount,
        "description": "Mensa scolastica",
        "isPartialPayment": False,
        "dueDate": "2026-12-31T23:59:59",
        "paymentOptionMetadata": [],
        "transfer": [transfer(amount=amount)],
        **more,
    }


def position(iupd: str = "bari-1", **more: Any) -> dict[str, Any]:
    """What somebody owes."""
    return {
        "iupd": iupd,
        "type": "F",
        "fiscalCode": "RSSMRA80A41A662E",
        "fullName": "Rossi Maria",
        "companyName": "Comune di Bari",
        "switchToExpired": True,
        "paymentOption": [option()],
        **more,
    }
