"""Where a finished job's result is to be seen: each room says it beside its runner."""

from collections.abc import Callable

from sportello.jobs.models import Job

_pages: dict[str, Callable[[Job], str]] = {}


def show_result_at(kind: str, page: Callable[[Job], str]) -> None:
    """Ties a kind to the URL of its result page."""
    _pages[kind] = page


def result_url(job: Job) -> str:
    """The URL of the result; empty where the kind has no page."""
    page = _pages.get(job.kind)
    return page(job) if page else ""
