"""Celery's door to the alerts."""

from celery import shared_task

from sportello.billing.credits.alerting import tell_low_credit as look
from sportello.kernel import clock


@shared_task(name="billing.tell_low_credit")
def tell_low_credit() -> None:
    """Tells in this Comune whose credit has run low."""
    look(now=clock.now())
