"""Answers to machines: JSON, problem+json, and the key that every call of the platform carries (P5)."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from integrations.pagopa.simulator.arming import spend_call
from integrations.pagopa.simulator.faults import CallFault

KEY: Final = "Ocp-Apim-Subscription-Key"
type View = Callable[..., HttpResponse]


def problem(status: int, title: str, detail: str) -> JsonResponse:
    """A refusal as the platform writes it."""
    content = {"title": title, "status": status, "detail": detail}
    return JsonResponse(content, status=status, content_type="application/problem+json")


def called_by_machines(*methods: str) -> Callable[[View], View]:
    """A call of the platform's: no cookie, no cross-site token, but a key, which any words will do for."""

    def around(view: View) -> View:
        @csrf_exempt
        @never_cache
        @wraps(view)
        def inside(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
            if request.method not in methods:
                return problem(405, "Method not allowed", str(request.method))
            if not request.headers.get(KEY):
                return problem(401, "Access Denied", f"The header {KEY} is missing")
            return view(request, *args, **named)

        return inside

    return around


def gone_wrong(
    request: HttpRequest, does: Callable[[], HttpResponse], refuse: Callable[[], HttpResponse]
) -> HttpResponse:
    """The answer to a call that writes, with what the desk has armed for it; to one that reads, just the answer."""
    fault = None if request.method == "GET" else spend_call()
    if fault == CallFault.CALL_BROKEN:
        return problem(500, "Internal server error", "armed at the desk")
    if fault == CallFault.CALL_BUSY:
        return problem(429, "Too many requests", "armed at the desk")
    if fault == CallFault.CALL_REFUSED:
        return refuse()
    answer = does()
    return problem(504, "Gateway timeout", "armed at the desk") if fault == CallFault.CALL_LOST else answer


def number(request: HttpRequest, name: str, default: int, *, least: int, most: int) -> int:
    """A whole number of the query; raises ValueError for words and for what lies outside."""
    value = int(request.GET.get(name, default))
    if not least <= value <= most:
        raise ValueError(f"{name} must be from {least} to {most}")
    return value
