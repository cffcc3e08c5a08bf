"""The three Comuni of the tests: enter one, or visit its host."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from tenants.current import in_schema
from tenants.hosts import host_table
from tenants.models import Municipality


def know_host(host: str) -> None:
    """Has the host looked up before the request, and not counted: its entry expires by the clock.

    Nobody tells this process of changes: the channel is one for all the workers, and the word of another test (or the
    first one, that we are subscribed) would empty the table in the middle of the page that a test measures.
    """
    host_table._listening = True
    log = connection.queries_log
    before = len(log)
    host_table.find(host)
    while len(log) > before:
        log.pop()


_POSTED = re.compile(r"<form\b[^>]*\bmethod=\"post\".*?</form>", re.DOTALL | re.IGNORECASE)


def bare_forms(answer: Any) -> list[str]:  # Any: what Django's client adds to a response has no name
    """The posted forms of a page that carry no token; those that go to another site need none."""
    if answer.streaming or not answer.get("Content-Type", "").startswith("text/html"):
        return []
    forms = _POSTED.findall(answer.content.decode(answer.charset))
    return [form for form in forms if "csrfmiddlewaretoken" not in form and 'action="http' not in form]


class HostClient(Client):
    """Django's test client, always on one host. A logged-in client enters the host's schema to do so."""

    def __init__(self, host: str, schema: str, **options: Any) -> None:
        super().__init__(headers={"host": host}, **options)
        self.host, self.schema = host, schema

    def request(self, **environ: Any) -> Any:
        """As a browser asks; afterwards the test is again in its own Comune.

        A form without its token would be refused by the real server, which this client does not imitate.
        """
        know_host(self.host)
        with in_schema(self.schema):
            answer = super().request(**environ)
        assert not bare_forms(answer), f"{environ.get('PATH_INFO')}: a form is posted without its token"
        return answer

    def force_login(self, user: Any, backend: str | None = None) -> None:
        with in_schema(self.schema):
            super().force_login(user, backend)


def _inside(slug: str) -> Iterator[Municipality]:
    municipality = Municipality.objects.get(slug=slug)
    with in_schema(municipality.schema_name):
        yield municipality


@pytest.fixture
def bari(db: None) -> Iterator[Municipality]:
    """The test runs inside Bari (flat bands)."""
    yield from _inside("bari")


@pytest.fixture
def bitonto(db: None) -> Iterator[Municipality]:
    """The test runs inside Bitonto (share of the cost by level)."""
    yield from _inside("bitonto")


@pytest.fixture
def terlizzi(db: None) -> Iterator[Municipality]:
    """The test runs inside Terlizzi (blocks of 21 meals)."""
    yield from _inside("terlizzi")


@pytest.fixture
def central(db: None) -> Iterator[None]:
    """The test runs inside the schema of the central team."""
    with in_schema(settings.CENTRAL_SCHEMA):
        yield


@pytest.fixture
def client_of(db: None) -> Callable[..., HostClient]:
    """Makes a client for a host: `client_of("bari", raise_request_exception=False)`, `client_of("centrale")`."""

    def make(slug: str, **options: Any) -> HostClient:
        if slug == "centrale":
            return HostClient(settings.CENTRAL_HOST, settings.CENTRAL_SCHEMA, **options)
        municipality = Municipality.objects.get(slug=slug)
        return HostClient(f"{slug}.{settings.BASE_HOST}", municipality.schema_name, **options)

    return make


@pytest.fixture
def bari_client(client_of: Callable[..., HostClient]) -> HostClient:
    """A browser on bari.localhost."""
    return client_of("bari")


@pytest.fixture
def bitonto_client(client_of: Callable[..., HostClient]) -> HostClient:
    """A browser on bitonto.localhost."""
    return client_of("bitonto")


@pytest.fixture
def terlizzi_client(client_of: Callable[..., HostClient]) -> HostClient:
    """A browser on terlizzi.localhost."""
    return client_of("terlizzi")


@pytest.fixture
def central_client(client_of: Callable[..., HostClient]) -> HostClient:
    """A browser on the central team's host."""
    return client_of("centrale")
