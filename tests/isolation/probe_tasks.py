"""Tasks that tell in which Comune they ran, through the public cache. Loaded by the worker of the tests."""

from celery import shared_task
from django.core.cache import caches

from tenants.current import current_schema
from tests.isolation.comuni import school_in_sight


def note(key: str, value: str) -> None:
    """Leaves word for the test."""
    caches["public"].set(f"probe:{key}", value, 60)


@shared_task(name="tests.where")
def where(*, key: str) -> None:
    note(key, f"{current_schema()} {school_in_sight()}")


@shared_task(name="tests.where_each")
def where_each() -> None:
    note(current_schema(), current_schema())


@shared_task(name="tests.retried", bind=True, max_retries=2, default_retry_delay=0)
def retried(self: object, *, key: str) -> None:
    if self.request.retries == 0:  # type: ignore[attr-defined]
        self.retry(countdown=0)  # type: ignore[attr-defined]
    note(key, f"{current_schema()} {self.request.retries}")  # type: ignore[attr-defined]


@shared_task(name="tests.chained", bind=True)
def chained(self: object, *, key: str) -> None:
    """Sends another task: it goes to the same Comune."""
    where.delay(key=key)


@shared_task(name="tests.broken")
def broken() -> None:
    raise ZeroDivisionError(school_in_sight())
