"""A receipt that comes after the flow: the payment is known and settled, the paper of it was not (P33)."""

import hashlib
from datetime import datetime

from django.db import transaction

from integrations.pagopa.types import ReceiptMessage
from sportello.billing.receipts.models import Completion, Receipt, ReceiptSource
from sportello.billing.receipts.reading import own_part

FILLED = ("fee_cents", "psp_name", "payment_note", "payer_code", "payer_name", "applied_on")


@transaction.atomic
def complete_receipt(*, message: ReceiptMessage, raw: bytes, source: ReceiptSource, now: datetime) -> bool:
    """Keeps it beside what the flow told, and fills in what the flow did not know; whether there was need of it.

    Sums and states stay. The same one a second time, or one that came by itself before, is a copy: False.
    """
    rows = Receipt.objects.select_for_update(of=("self",)).filter(source=ReceiptSource.FLOW)
    receipt = rows.filter(fiscal_code=message.fiscal_code, receipt_id=message.receipt_id).first()
    if receipt is None or Completion.objects.filter(receipt=receipt).exists():
        return False
    Completion.objects.create(
        receipt=receipt,
        outcome=message.outcome,
        amount_cents=message.amount_cents,
        own_cents=own_part(message, message.fiscal_code) if message.outcome == "OK" else 0,
        arrived_at=now,
        source=source,
        version=message.version,
        raw=raw,
        sha256=hashlib.sha256(raw).hexdigest(),
    )
    payer = message.payer
    receipt.fee_cents = message.fee_cents
    receipt.psp_name = message.psp_name
    receipt.payment_note = message.note
    receipt.payer_code = "" if payer is None else payer.code
    receipt.payer_name = "" if payer is None else payer.full_name
    receipt.applied_on = message.applied_on
    receipt.save(update_fields=FILLED)
    return True
