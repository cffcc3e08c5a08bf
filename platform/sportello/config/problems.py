"""Errors of the API as application/problem+json (RFC 9457)."""

from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework.exceptions import APIException, NotFound, ValidationError
from rest_framework.exceptions import PermissionDenied as ApiPermissionDenied
from rest_framework.response import Response
from rest_framework.views import exception_handler

CONTENT_TYPE: Final = "application/problem+json"
TITLES: Final = {400: "Richiesta non valida", 404: "Non trovato", 405: "Metodo non ammesso", 429: "Troppe richieste"}


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """The problem of an anticipated error; None for the unanticipated, which bubbles up."""
    if isinstance(error, Http404):
        error = NotFound()
    elif isinstance(error, PermissionDenied):
        error = ApiPermissionDenied()
    response = exception_handler(error, context)
    if response is None or not isinstance(error, APIException):
        return None
    problem = {
        "type": "about:blank",
        "title": TITLES.get(response.status_code, "Errore"),
        "status": response.status_code,
    }
    if isinstance(error, ValidationError):
        problem["errors"] = response.data
    else:
        problem["detail"] = str(error.detail)
    answer = Response(problem, status=response.status_code, content_type=CONTENT_TYPE)
    for name in ("Retry-After", "Allow", "WWW-Authenticate"):
        if name in response.headers:
            answer[name] = response.headers[name]
    return answer
