"""Celery's door to the debt positions."""

from celery import shared_task

from sportello.billing.debts.calendar import follow_calendar
from sportello.kernel import clock


@shared_task(name="debts.follow_calendar")
def follow_the_calendar() -> None:
    """Opens and expires what the day opens and expires in this Comune."""
    follow_calendar(now=clock.now())
