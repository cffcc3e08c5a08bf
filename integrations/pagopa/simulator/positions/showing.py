"""Positions and options as GPD shows them."""

from datetime import datetime
from typing import Any

from integrations.pagopa.simulator.models import Option, Position


def position_shown(position: Position) -> dict[str, Any]:
    """A position with its options, as a reader gets it."""
    content = position.content
    shown = {
        "iupd": position.iupd,
        "organizationFiscalCode": position.fiscal_code,
        "type": content["type"],
        "companyName": content["companyName"],
        "officeName": content.get("officeName"),
        "insertedDate": _written(position.inserted_at),
        "publishDate": _written(position.published_at),
        "validityDate": _written(position.valid_from),
        "status": position.state,
        "lastUpdatedDate": _written(position.updated_at),
        "paymentOption": [option_shown(option) for option in position.options.order_by("id")],
    }
    return _told(shown)


def option_shown(option: Option) -> dict[str, Any]:
    """An option with its transfers."""
    content = option.content
    reported = option.state == "PO_REPORTED"
    transfers = [
        {**line, "status": "T_REPORTED" if reported else "T_UNREPORTED", "transferMetadata": line["transferMetadata"]}
        for line in content["transfer"]
    ]
    shown = {
        "nav": option.nav,
        "iuv": option.iuv,
        "organizationFiscalCode": option.fiscal_code,
        "amount": option.amount_cents,
        "description": content["description"],
        "isPartialPayment": option.partial,
        "dueDate": _written(option.due_at),
        "retentionDate": content.get("retentionDate"),
        "paymentDate": _written(option.paid_at),
        "pspCompany": option.psp_name or None,
        "idReceipt": option.receipt_id or None,
        "status": option.state,
        "paymentOptionMetadata": content["paymentOptionMetadata"],
        "transfer": transfers,
    }
    return _told(shown)


def _told(shown: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in shown.items() if value is not None}


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
