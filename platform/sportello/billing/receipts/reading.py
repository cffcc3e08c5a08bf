"""Receipts read out of the bytes in which they were kept, whichever way they came."""

import json

from integrations.errors import AnswerUnreadable
from integrations.pagopa.biz_events import read_receipt
from integrations.pagopa.soap.errors import BadMessage
from integrations.pagopa.soap.reading import read_request
from integrations.pagopa.types import ReceiptMessage
from sportello.billing.receipts.models import Completion, Receipt, ReceiptSource


def own_transfers(kept: Receipt | Completion, fiscal_code: str) -> dict[int, int] | None:
    """Cents of this Comune by number of transfer; None where the bytes do not tell them apart."""
    if kept.source == ReceiptSource.FLOW:
        return {line["transfer"]: line["cents"] for line in json.loads(bytes(kept.raw))["lines"]}
    message = message_of(bytes(kept.raw), fiscal_code)
    if message is None:
        return None
    found = {one.number: one.amount_cents for one in message.transfers if one.fiscal_code == fiscal_code}
    return found if sum(found.values()) == kept.own_cents else None


def message_of(raw: bytes, fiscal_code: str) -> ReceiptMessage | None:
    """The receipt that these bytes are, JSON or SOAP; None when they are none."""
    try:
        if raw.lstrip().startswith(b"{"):
            return read_receipt(raw, fiscal_code)
        message = read_request(raw, None)
    except (BadMessage, AnswerUnreadable):
        return None
    return message if isinstance(message, ReceiptMessage) else None


def own_part(message: ReceiptMessage, fiscal_code: str) -> int:
    """Cents of it that are this Comune's; nothing of a payment that failed."""
    return sum(one.amount_cents for one in message.transfers if one.fiscal_code == fiscal_code)
