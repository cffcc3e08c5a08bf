"""Puts each request into its Comune, by host, before anything else looks at it."""

from collections.abc import Callable

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound

from tenants.hosts import host_table
from tenants.models import Municipality

PROBES = frozenset({"/healthz", "/readyz", "/metrics"})


class MunicipalityMiddleware:
    """Host -> schema and URL map. Unknown hosts get a bare 404; probes answer on any host."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        connection.set_schema_to_public()
        try:
            return self._answer(request)
        finally:
            connection.set_schema_to_public()

    def _answer(self, request: HttpRequest) -> HttpResponse:
        host = request.get_host().partition(":")[0].lower()
        if request.path in PROBES:
            request.urlconf = settings.PUBLIC_SCHEMA_URLCONF
        elif host == settings.CENTRAL_HOST:
            self._enter(request, None)
        else:
            municipality = host_table.find(host)
            if municipality is None:
                return HttpResponseNotFound(
                    "Nessun Comune risponde a questo indirizzo.", content_type="text/plain; charset=utf-8"
                )
            self._enter(request, municipality)
        return self.get_response(request)

    @staticmethod
    def _enter(request: HttpRequest, municipality: Municipality | None) -> None:
        request.municipality = municipality
        if municipality is None:
            connection.set_schema(settings.CENTRAL_SCHEMA)
            request.urlconf = settings.CENTRAL_URLCONF
        else:
            connection.set_tenant(municipality)
            request.urlconf = settings.ROOT_URLCONF
