"""Seeing it run: JSON log lines with Comune and request id, and never a personal datum."""

import json
import logging
import time
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from django.apps import apps
from django.http import HttpRequest, HttpResponse

from sportello.config.metrics import REQUESTS, SECONDS
from tenants.current import current_schema

request_id: ContextVar[str] = ContextVar("request_id", default="-")
access_log = logging.getLogger("sportello.access")


class JsonFormatter(logging.Formatter):
    """One JSON object per line; `extra` fields named in `fields` are carried over."""

    fields = ("method", "route", "status", "milliseconds", "task", "job", "seconds", "attempt")

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "comune": current_schema() if apps.ready else "-",
            "request": request_id.get(),
            "message": record.getMessage(),
        }
        line |= {name: getattr(record, name) for name in self.fields if hasattr(record, name)}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


class RequestLogMiddleware:
    """Gives each request an id and logs its route (never its path: paths may carry references)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = request_id.set(uuid.uuid4().hex[:12])
        started = time.perf_counter()
        try:
            response = self.get_response(request)
            response["X-Request-Id"] = request_id.get()
            self._note(request, response, time.perf_counter() - started)
            return response
        finally:
            request_id.reset(token)

    @staticmethod
    def _note(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
        match = request.resolver_match
        route, status, schema = match.route if match else "-", response.status_code, current_schema()
        REQUESTS.labels(schema, route, request.method, status).inc()
        SECONDS.labels(schema).observe(seconds)
        facts = {"method": request.method, "route": route, "status": status, "milliseconds": round(seconds * 1000, 1)}
        access_log.info("request", extra=facts)
