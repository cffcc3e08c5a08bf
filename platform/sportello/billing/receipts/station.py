"""The station's answers: what a notice costs, what is to be paid, and that a receipt has been taken (P16 to P20).

They run in the schema of the Comune that the message names. Nothing outside the database is asked on the way (P23);
amounts are worked out anew at each call (P18); no state changes because somebody looks or begins to pay (P11).
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from integrations.pagopa.faults import fault_of
from integrations.pagopa.models import CreditorInstitution
from integrations.pagopa.types import (
    Caller,
    Debtor,
    Fault,
    FaultCode,
    Notice,
    Payment,
    PaymentRequest,
    ReceiptMessage,
    VerifyRequest,
)
from sportello.billing.debts.destinations import transfers_of
from sportello.billing.debts.facts import NoticeFacts
from sportello.billing.debts.models import OptionState, PositionState
from sportello.billing.debts.pieces import Piece
from sportello.billing.debts.quoting import due_of
from sportello.billing.receipts.completing import complete_receipt
from sportello.billing.receipts.journal import Attempt
from sportello.billing.receipts.models import Receipt, ReceiptSource
from sportello.billing.receipts.reading import own_part
from sportello.billing.receipts.standing import Standing, obstacle
from sportello.billing.receipts.tasks import settle_receipt
from sportello.kernel.clock import ROME


def answer_verify(
    *, request: VerifyRequest, ourselves: CreditorInstitution, facts: NoticeFacts | None, now: datetime
) -> Notice | Fault:
    """What the notice costs now, or why it cannot be paid."""
    found = _payable(request, ourselves, facts, now)
    if isinstance(found, Fault):
        return found
    facts, pieces = found
    return Notice(
        amount_cents=_sum(pieces),
        due_on=facts.due_on,
        description=facts.description,
        fiscal_code=ourselves.fiscal_code,
        company_name=ourselves.company_name,
        office_name=ourselves.office_name,
        all_postal=bool(ourselves.postal_iban) and ourselves.iban == ourselves.postal_iban,
    )


def answer_payment(
    *, request: PaymentRequest, ourselves: CreditorInstitution, facts: NoticeFacts | None, now: datetime
) -> tuple[Payment, Attempt] | Fault:
    """What is to be paid now and where it goes, with what the journal keeps of it; or why it cannot be paid."""
    found = _payable(request, ourselves, facts, now)
    if isinstance(found, Fault):
        return found
    facts, pieces = found
    cents = _sum(pieces)
    payment = Payment(
        creditor_reference=facts.iuv,
        amount_cents=cents,
        due_on=facts.due_on,
        description=facts.description,
        company_name=ourselves.company_name,
        office_name=ourselves.office_name,
        debtor=Debtor("F", facts.debtor_code, facts.debtor_name),
        transfers=transfers_of(facts, pieces, ourselves, request.transfer_type),
    )
    return payment, Attempt(
        facts.position_id, facts.position_state, facts.option_id, () if cents == facts.amount_cents else pieces
    )


@transaction.atomic
def take_receipt(*, message: ReceiptMessage, raw: bytes, ourselves: CreditorInstitution, now: datetime) -> Fault | None:
    """Stores a receipt as it came; None when it is new. What it pays is settled after the answer, by a task.

    Kept also for a notice that we do not know (P20): the position of the account it pays may be another's.
    """
    refused = _wrong_door(message.caller, ourselves)
    if refused is not None:
        return refused
    new = keep_receipt(message=message, raw=raw, ourselves=ourselves, source=ReceiptSource.STATION, now=now)
    if new is None:
        if complete_receipt(message=message, raw=raw, source=ReceiptSource.STATION, now=now):
            return None
        return fault_of(FaultCode.PAA_RECEIPT_DUPLICATA, ourselves.fiscal_code)
    # The broker may be down: the sweep settles what no task has.
    transaction.on_commit(lambda: settle_receipt.apply_async((new,), retry=False), robust=True)
    return None


def keep_receipt(
    *, message: ReceiptMessage, raw: bytes, ourselves: CreditorInstitution, source: ReceiptSource, now: datetime
) -> int | None:
    """Stores a receipt as it came, by whichever way; its id, None when there was one. Whoever calls has it settled."""
    stored = Receipt.objects.bulk_create([_row(message, raw, ourselves, source, now)], ignore_conflicts=True)
    return _is_ours(stored[0])


def _is_ours(row: Receipt) -> int | None:
    """The id of the receipt if this row made it: its public id says so, since a conflict keeps the one before."""
    return Receipt.objects.filter(public_id=row.public_id).values_list("pk", flat=True).first()


def _wrong_door(caller: Caller, ourselves: CreditorInstitution) -> Fault | None:
    if caller.id_broker != ourselves.broker_code:
        return fault_of(FaultCode.PAA_ID_INTERMEDIARIO_ERRATO, ourselves.fiscal_code)
    if caller.id_station != ourselves.station_code:
        return fault_of(FaultCode.PAA_STAZIONE_INT_ERRATA, ourselves.fiscal_code)
    return None


def _payable(
    request: VerifyRequest | PaymentRequest, ourselves: CreditorInstitution, facts: NoticeFacts | None, now: datetime
) -> tuple[NoticeFacts, Sequence[Piece]] | Fault:
    """The notice with what is due for it now, or the fault of P17."""
    refused = _wrong_door(request.caller, ourselves)
    if refused is not None:
        return refused
    if request.fiscal_code != ourselves.fiscal_code:
        return fault_of(FaultCode.PAA_ID_DOMINIO_ERRATO, ourselves.fiscal_code)
    if facts is None:
        return fault_of(FaultCode.PAA_PAGAMENTO_SCONOSCIUTO, ourselves.fiscal_code)
    code = obstacle(_standing(facts), today=now.astimezone(ROME).date())
    if code is not None:
        return fault_of(code, ourselves.fiscal_code)
    pieces = due_of(facts)
    if not pieces:
        told = "per questo avviso non è più dovuto nulla"
        return fault_of(FaultCode.PAA_PAGAMENTO_ANNULLATO, ourselves.fiscal_code, told)
    return facts, pieces


def _standing(facts: NoticeFacts) -> Standing:
    return Standing(
        state=PositionState(facts.position_state),
        valid_from=facts.valid_from,
        switch_to_expired=facts.switch_to_expired,
        number=facts.number,
        option_state=OptionState(facts.state),
        last_day=facts.last_day,
        paid_numbers=[way.number for way in facts.claim.ways if way.state != OptionState.UNPAID],
    )


def _sum(pieces: Sequence[Piece]) -> int:
    return sum(piece.cents for piece in pieces)


def _row(
    message: ReceiptMessage, raw: bytes, ourselves: CreditorInstitution, source: ReceiptSource, now: datetime
) -> Receipt:
    payer = message.payer
    return Receipt(
        receipt_id=message.receipt_id,
        fiscal_code=message.fiscal_code,
        notice_number=message.notice_number,
        iuv=message.creditor_reference,
        outcome=message.outcome,
        amount_cents=message.amount_cents,
        own_cents=own_part(message, ourselves.fiscal_code),
        fee_cents=message.fee_cents,
        psp_id=message.psp_id,
        psp_name=message.psp_name,
        payment_note=message.note,
        payer_code="" if payer is None else payer.code,
        payer_name="" if payer is None else payer.full_name,
        is_stand_in=message.standin,
        paid_at=message.paid_at,
        applied_on=message.applied_on,
        arrived_at=now,
        source=source,
        version=message.version,
        raw=raw,
        sha256=hashlib.sha256(raw).hexdigest(),
    )
