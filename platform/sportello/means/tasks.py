"""Celery's door to the questions for INPS."""

from celery import shared_task

from sportello.kernel import clock
from sportello.means.answering import ask_due


@shared_task(name="means.ask_inps")
def ask_inps() -> None:
    """Puts the questions that are due in this Comune."""
    ask_due(now=clock.now)
