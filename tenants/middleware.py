"""Puts each request into its Comune, by host, before anything else looks at it."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponseNotFound, StreamingHttpResponse
from django.http.request import split_domain_port
from django.http.response import HttpResponseBase

from tenants.current import enter, leave, stay_in, whereabouts
from tenants.hosts import host_table
from tenants.models import Municipality

PROBES: Final = frozenset({"/healthz", "/readyz", "/metrics"})
END: Final = object()


class MunicipalityMiddleware:
    """Host -> schema and URL map. Unknown hosts get a bare 404; probes answer on any host."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        leave()
        try:
            return self._answer(request)
        finally:
            leave()

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        if request.path in PROBES:
            request.urlconf = settings.PUBLIC_SCHEMA_URLCONF
            return self.get_response(request)
        host, _port = split_domain_port(request.get_host())
        if host in settings.PUBLIC_HOSTS:
            request.urlconf = settings.PUBLIC_HOSTS[host]
        elif host == settings.CENTRAL_HOST:
            request.urlconf = settings.CENTRAL_URLCONF
            request.municipality = None  # type: ignore[attr-defined]  # whose desk it is, for the page frame
            enter(settings.CENTRAL_SCHEMA)
        else:
            municipality: Municipality | None = host_table.find(host)
            if municipality is None:
                return HttpResponseNotFound(
                    "Nessun Comune risponde a questo indirizzo.", content_type="text/plain; charset=utf-8"
                )
            request.urlconf = settings.ROOT_URLCONF
            request.municipality = municipality  # type: ignore[attr-defined]
            enter(municipality)
            request.municipality = municipality  # type: ignore[attr-defined]  # what the frame of a page reads
        return _kept_inside(self.get_response(request))


def _kept_inside(response: HttpResponseBase) -> HttpResponseBase:
    """The pieces of a streamed answer are made after the request has left the Comune: each is made back inside it."""
    if isinstance(response, StreamingHttpResponse) and not isinstance(response, FileResponse):
        content: Any = response.streaming_content  # iterable: this side of the house has no asynchronous views
        response.streaming_content = _pieces(content, whereabouts())
    return response


def _pieces(content: Iterable[bytes], inside: object) -> Iterator[bytes]:
    """Enters for each piece and leaves after it, so that a stream left half-way leaves nothing behind."""
    pieces = iter(content)
    while True:
        with stay_in(inside):
            piece = next(pieces, END)
        if not isinstance(piece, bytes):
            return
        yield piece
