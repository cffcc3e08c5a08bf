"""An address that only takes a form leads, when somebody opens it, to the page above it."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect

PAGE: Final = "text/html"


class FormAddressMiddleware:
    """Instead of an empty 405, a browser that asks for a page gets the nearest page above: the one with the form.

    One comes here by the switch of language on a page that answers a form, by a reload in a new tab, by the history.
    Programs, which do not ask for HTML, keep the 405 and its Allow header.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and _wants_a_page(request) and "GET" not in response["Allow"]:
            return HttpResponseRedirect(_above(request.path))
        return response


def _wants_a_page(request: HttpRequest) -> bool:
    return request.method == "GET" and PAGE in request.headers.get("Accept", "")


def _above(path: str) -> str:
    """The path without its last part: `/area/pagamenti/rate/` is below `/area/pagamenti/`."""
    return path.rstrip("/").rpartition("/")[0] + "/"
