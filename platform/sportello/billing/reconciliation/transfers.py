"""The transfers of a receipt that are this Comune's, read out of its bytes."""

import json

from integrations.errors import AnswerUnreadable
from integrations.pagopa.biz_events import read_receipt
from integrations.pagopa.soap.errors import BadMessage
from integrations.pagopa.soap.reading import read_request
from integrations.pagopa.types import ReceiptMessage
from sportello.billing.receipts.models import Receipt, ReceiptSource


def own_transfers(receipt: Receipt) -> dict[int, int] | None:
    """Cents by number of transfer; None where the bytes do not tell them apart."""
    raw = bytes(receipt.raw)
    if receipt.source == ReceiptSource.FLOW:
        return {line["transfer"]: line["cents"] for line in json.loads(raw)["lines"]}
    message = _read(raw, receipt.fiscal_code)
    if message is None:
        return None
    found = {one.number: one.amount_cents for one in message.transfers if one.fiscal_code == receipt.fiscal_code}
    return found if sum(found.values()) == receipt.own_cents else None


def _read(raw: bytes, fiscal_code: str) -> ReceiptMessage | None:
    try:
        if raw.lstrip().startswith(b"{"):
            return read_receipt(raw, fiscal_code)
        message = read_request(raw, None)
    except (BadMessage, AnswerUnreadable):
        return None
    return message if isinstance(message, ReceiptMessage) else None
