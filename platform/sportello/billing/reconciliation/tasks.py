"""Celery's door to the reconciliation."""

from celery import shared_task

from sportello.billing.reconciliation.fetching import reconcile
from sportello.billing.reconciliation.standing import is_at_pagopa
from sportello.kernel import clock


@shared_task(name="reconciliation.run")
def run() -> None:
    """The round of the night in this Comune, where pagoPA is set up."""
    if is_at_pagopa():
        reconcile(now=clock.now())
