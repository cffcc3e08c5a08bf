"""Celery's door to the ledger."""

import logging

from celery import shared_task

from sportello.billing.verification import ledger_differences

log = logging.getLogger(__name__)


@shared_task(name="billing.verify_ledger")
def verify_ledger() -> None:
    """Says in the log, as an error, when a balance of this Comune is not the sum of its entries."""
    found = ledger_differences()
    if found:
        log.error("Balances that are not the sum of their entries: %d", len(found))
