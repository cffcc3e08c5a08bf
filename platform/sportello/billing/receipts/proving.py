"""The proof of every night: the books worked out again from the messages, and what was found kept for people to see."""

import logging
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet, Sum

from sportello.billing.receipts.models import Attribution, KeptAside, Proof, Receipt, ReceiptState
from sportello.billing.receipts.replaying import replay
from sportello.billing.verification import ledger_differences

log = logging.getLogger(__name__)
SETTLED = (ReceiptState.ATTRIBUTED, ReceiptState.KEPT_ASIDE)


def prove_books(*, now: datetime) -> Proof:
    """Replays the messages on one sight of the database and keeps what it finds. Where the books do not close it is an
    error in the log, an alarm on the desk of the office and on the board of the central team until they do.
    """
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:  # money that comes meanwhile is no difference
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        proof = _prove(now)
    if not proof.is_sound:
        log.error("The books do not close: %d accounts differ from the messages", proof.wrong_accounts)
    return proof


def _prove(now: datetime) -> Proof:
    found = replay()
    wrong = {one.account_id for one in found.divergences} | {one.account_id for one in ledger_differences()}
    came = _cents(Receipt.objects.filter(state__in=SETTLED), "own_cents")
    attributed = _cents(Attribution.objects.all(), "amount_cents")
    aside = _cents(KeptAside.objects.all(), "amount_cents")
    return Proof.objects.create(
        made_at=now,
        receipts=found.receipts,
        received_cents=found.received_cents,
        attributed_cents=found.attributed_cents,
        aside_cents=found.aside_cents,
        wrong_accounts=len(wrong),
        lost_cents=came - attributed - aside,
        sums_agree=(found.received_cents, found.attributed_cents, found.aside_cents) == (came, attributed, aside),
    )


def last_proof() -> Proof | None:
    """What the last night found; None where nothing was proved yet."""
    return Proof.objects.order_by("-made_at", "-pk").first()


def _cents(rows: QuerySet[Any], field: str) -> int:
    return int(rows.aggregate(cents=Sum(field))["cents"] or 0)
