"""The addresses that the frame of a page links to."""

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path


def _nothing(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def _room(*names: str) -> list[URLPattern | URLResolver]:
    return [path(name, _nothing, name=name) for name in names]


urlpatterns = [
    path("lingua", _nothing, name="set_language"),
    path("", include((_room("login", "logout"), "accounts"))),
    path("", include((_room("area", "faq", "appointment", "report"), "desk"))),
]
