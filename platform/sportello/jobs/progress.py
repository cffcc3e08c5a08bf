"""Progress that is seen while it happens: written outside the runner's transaction.

A runner may hold one long transaction; what it wrote there is invisible to others until the end. So
progress goes through Valkey, where the page reads it, and the Job row gets the final figures.
"""

import time
from typing import Any, Final

from django.core.cache import cache

from sportello.jobs.models import Job

EVERY_SECONDS: Final = 0.3
KEPT_SECONDS: Final = 3600


def progress_key(job: Job) -> str:
    return f"job-progress:{job.public_id}"


class JobProgress:
    """Keeps the latest figures of one job and shares them at most every EVERY_SECONDS."""

    def __init__(self, job: Job) -> None:
        self.figures: dict[str, Any] = {"done": job.done, "total": job.total, "message": job.message}
        self._key = progress_key(job)
        self._shared_at = 0.0

    def advance(self, *, done: int | None = None, total: int | None = None, message: str | None = None) -> None:
        news = {"done": done, "total": total, "message": message}
        self.figures |= {name: value for name, value in news.items() if value is not None}
        if time.monotonic() - self._shared_at >= EVERY_SECONDS:
            self._shared_at = time.monotonic()
            cache.set(self._key, self.figures, KEPT_SECONDS)


def latest_figures(job: Job) -> dict[str, Any]:
    """done, total, message: from Valkey while the job runs, else from its row."""
    row = {"done": job.done, "total": job.total, "message": job.message}
    return row if job.finished_at else {**row, **(cache.get(progress_key(job)) or {})}
