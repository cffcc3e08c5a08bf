"""Celery's door to the accounts."""

from celery import shared_task

from sportello.accounts.forgetting import forget_expired_sessions
from sportello.kernel import clock


@shared_task(name="accounts.forget_sessions")
def forget_sessions() -> None:
    """Throws away the sessions that have expired in this Comune."""
    forget_expired_sessions(now=clock.now())
