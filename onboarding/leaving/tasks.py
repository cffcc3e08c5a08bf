"""Celery's door."""

from celery import shared_task

from onboarding.leaving.exporting import forget_exports
from sportello.kernel import clock


@shared_task(name="leaving.forget_exports")
def forget() -> None:
    """Deletes the files of packages whose time is over."""
    forget_exports(now=clock.now())
