"""From the bytes of a message to the bytes of its answer, with a row in the journal of the Comune (P22).

A receipt, its journal row and the answer told in it are committed together, before the answer leaves (P19). A question
is one statement that reads and one that writes. Whatever comes is answered: what cannot be read, whom we do not serve,
what went wrong here.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter
from typing import Final

from django.db import transaction

from integrations.pagopa.faults import fault_of
from integrations.pagopa.institutions import served
from integrations.pagopa.soap.errors import BadMessage
from integrations.pagopa.soap.operations import GET_BY_VERSION, RECEIPT_BY_VERSION, Operation
from integrations.pagopa.soap.reading import BIGGEST, read_request
from integrations.pagopa.soap.writing import payment_answer, receipt_answer, refusal, verify_answer
from integrations.pagopa.types import Fault, FaultCode, Notice, Payment, PaymentRequest, ReceiptMessage, VerifyRequest
from sportello.billing.receipts.journal import Attempt, write
from sportello.billing.receipts.looking_up import Found, look_up
from sportello.billing.receipts.station import answer_payment, answer_verify, take_receipt
from tenants.current import in_schema

log = logging.getLogger(__name__)
TOO_LONG: Final = "the message is empty or too long"
MOST_TURNS: Final = 3
type Question = VerifyRequest | PaymentRequest | ReceiptMessage


class NoticeUnsettled(RuntimeError):
    """A notice changed its state each time it was read: the Node is told that it may try again."""


@dataclass(frozen=True, slots=True)
class _Told:
    """An answer, and what the journal says of it."""

    body: bytes
    fault: str = ""
    amount_cents: int | None = None
    attempt: Attempt | None = None


def answer(
    *, body: bytes, soap_action: str | None, now: datetime, asked: Callable[[Operation | None, str], None]
) -> bytes:
    """The answer to a message. `asked` hears which operation it is and for whom, as soon as that is known: who calls
    can then still answer if all else fails.
    """
    started = perf_counter()
    try:
        question = read_request(body, soap_action)
    except BadMessage as wrong:
        return _refuse(wrong, body, started, now)
    asked(_operation_of(question), question.caller.id_pa)
    told = (
        _take(question, body, started, now)
        if isinstance(question, ReceiptMessage)
        else _reply(question, body, started, now)
    )
    if told is None:
        log.warning("A message of pagoPA for a Comune that is not served.")
        return _written(question, fault_of(FaultCode.PAA_ID_DOMINIO_ERRATO, question.caller.id_pa)).body
    return told


def refuse_size() -> bytes:
    """The answer to a message too long to be read at all."""
    return refusal(BadMessage(None, FaultCode.PAA_SINTASSI_XSD, TOO_LONG))


def _refuse(wrong: BadMessage, body: bytes, started: float, now: datetime) -> bytes:
    """The answer to what cannot be read; kept in the journal of the Comune that it names, if it names one of ours."""
    told = _Told(refusal(wrong), wrong.fault_code.value)
    found = served(wrong.id_pa) if wrong.id_pa else None
    if found is None:
        log.warning("A message that is not one of pagoPA's: %s", wrong)
        return told.body
    _ourselves, schema = found
    with in_schema(schema):
        _keep(wrong, body[:BIGGEST], told, started, now)
    return told.body


def _take(message: ReceiptMessage, body: bytes, started: float, now: datetime) -> bytes | None:
    """None for a Comune that is not served."""
    found = served(message.caller.id_pa)
    if found is None:
        return None
    ourselves, schema = found
    with in_schema(schema), transaction.atomic():
        told = _written(message, take_receipt(message=message, raw=body, ourselves=ourselves, now=now))
        _keep(message, body, told, started, now)
    return told.body


def _reply(question: VerifyRequest | PaymentRequest, body: bytes, started: float, now: datetime) -> bytes | None:
    """None for a Comune that is not served. A notice that changes while it is asked about is asked about again."""
    for _turn in range(MOST_TURNS):
        found = look_up(question.caller.id_pa, question.notice_number)
        if found is None:
            return None
        told, attempt = _decide(question, found, now)
        written = _written(question, told, attempt)
        with in_schema(found.schema):
            if _keep(question, body, written, started, now):
                return written.body
    raise NoticeUnsettled


def _decide(
    question: VerifyRequest | PaymentRequest, found: Found, now: datetime
) -> tuple[Notice | Payment | Fault, Attempt | None]:
    if isinstance(question, VerifyRequest):
        return answer_verify(request=question, ourselves=found.ourselves, facts=found.facts, now=now), None
    told = answer_payment(request=question, ourselves=found.ourselves, facts=found.facts, now=now)
    return (told, None) if isinstance(told, Fault) else told


def _written(question: Question, told: Notice | Payment | Fault | None, attempt: Attempt | None = None) -> _Told:
    """The bytes of the answer. The kinds of question and answer match by construction of `_decide`."""
    fault = told.code.value if isinstance(told, Fault) else ""
    amount = told.amount_cents if isinstance(told, Notice | Payment) else None
    if isinstance(question, ReceiptMessage):
        body = receipt_answer(told if isinstance(told, Fault) else None, question.version)
        return _Told(body, fault, question.amount_cents)
    if isinstance(question, PaymentRequest) and isinstance(told, Payment | Fault):
        return _Told(payment_answer(told, question.version), fault, amount, attempt)
    if isinstance(told, Notice | Fault):
        return _Told(verify_answer(told), fault, amount)
    raise TypeError(f"{type(told)} is no answer to {type(question)}")


def _operation_of(asked: Question | BadMessage) -> Operation | None:
    if isinstance(asked, BadMessage):
        return asked.operation
    if isinstance(asked, VerifyRequest):
        return Operation.VERIFY
    held = GET_BY_VERSION if isinstance(asked, PaymentRequest) else RECEIPT_BY_VERSION
    return held[asked.version]


def _keep(asked: Question | BadMessage, body: bytes, told: _Told, started: float, now: datetime) -> bool:
    """Whether the answer still holds, and is in the journal."""
    return write(
        attempt=told.attempt,
        may_be_lost=not isinstance(asked, ReceiptMessage),
        operation=_operation_of(asked) or "",
        notice_number="" if isinstance(asked, BadMessage) else asked.notice_number,
        receipt_id=asked.receipt_id if isinstance(asked, ReceiptMessage) else "",
        outcome="KO" if told.fault else "OK",
        fault_code=told.fault,
        amount_cents=told.amount_cents,
        request=body,
        response=told.body,
        milliseconds=round((perf_counter() - started) * 1000),
        happened_at=now,
    )
