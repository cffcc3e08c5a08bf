"""Prometheus figures of the web process: requests by Comune, route and status. No personal data, no paths."""

from typing import Final

from prometheus_client import REGISTRY as PROCESS_REGISTRY
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, multiprocess

REQUESTS: Final = Counter("sportello_requests_total", "Requests answered.", ["comune", "route", "method", "status"])
SECONDS: Final = Histogram("sportello_request_seconds", "Time to answer a request.", ["comune"])
OUTBOX: Final = Gauge("sportello_outbox_pending", "Mails that wait to leave.", ["comune"], multiprocess_mode="max")
BOOKS: Final = Gauge(
    "sportello_books_open",
    "1 where last night's proof of the books found a difference.",
    ["comune"],
    multiprocess_mode="max",
)
UNTOLD: Final = Gauge(
    "sportello_pagopa_waiting", "Notices that pagoPA has not heard of yet.", ["comune"], multiprocess_mode="max"
)
UNACCEPTED: Final = Gauge(
    "sportello_pagopa_refused", "Notices that pagoPA has not accepted.", ["comune"], multiprocess_mode="max"
)
JOBS: Final = Gauge("sportello_jobs_open", "Jobs queued or running.", ["comune"], multiprocess_mode="max")


def exposition(multiprocess_folder: str) -> bytes:
    """The text that Prometheus reads: of all processes that share the folder, or of this one alone."""
    if not multiprocess_folder:
        return generate_latest(PROCESS_REGISTRY)
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry, path=multiprocess_folder)  # type: ignore[no-untyped-call]  # the library has no types here
    return generate_latest(registry)
