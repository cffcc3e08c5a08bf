"""Celery's door to the receipts."""

from celery import shared_task

from sportello.billing.receipts.models import Receipt
from sportello.billing.receipts.proving import prove_books
from sportello.billing.receipts.settling import settle, settle_waiting
from sportello.kernel import clock


@shared_task(name="receipts.settle")
def settle_receipt(receipt_id: int) -> None:
    """Settles one receipt of this Comune, as soon as it is stored."""
    settle(receipt_id=receipt_id, now=clock.now())


@shared_task(name="receipts.settle_waiting")
def settle_the_waiting() -> None:
    """Settles what no task has settled: the worker was down, or the message was lost."""
    settle_waiting(now=clock.now())


@shared_task(name="receipts.prove_books")
def prove_the_books() -> None:
    """Works the books of this Comune out again from the messages of pagoPA, where it has any."""
    if Receipt.objects.exists():
        prove_books(now=clock.now())
