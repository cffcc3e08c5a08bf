"""Celery's door to the outbox."""

from celery import shared_task

from sportello.kernel import clock
from sportello.notifications.sending import send_due


@shared_task(name="notifications.send_pending")
def send_pending() -> None:
    """Sends the mails that are due in this Comune."""
    send_due(now=clock.now)
