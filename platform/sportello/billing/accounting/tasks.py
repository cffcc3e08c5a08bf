"""Celery's door to the accounts."""

from celery import shared_task

from sportello.billing.accounting.crediting import match_movements


@shared_task(name="accounting.match_treasury")
def match_treasury() -> None:
    """Matches the treasury's movements with the flows that came after them."""
    match_movements()
