"""The rules that hold around every test."""

import itertools
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import caches
from django.db import connection
from django.utils.translation import override

from tests.strictness.queries import strict_queries
from tests.strictness.values import strict_values
from tests.strictness.variables import strict_templates

PREFIXES = itertools.count()


@pytest.fixture(autouse=True, scope="session")
def _strict_django() -> Iterator[None]:
    """Unordered queries come back shuffled; locks name their table; a datetime is no date; variables exist."""
    with strict_queries(), strict_values(), strict_templates():
        yield


@pytest.fixture(autouse=True)
def _schema_is_restored() -> Iterator[None]:
    """A test that enters a Comune leaves it: the next one starts in `public`."""
    connection.set_schema_to_public()
    yield
    left_in = connection.schema_name
    connection.set_schema_to_public()
    assert left_in == "public", f"The test ended inside {left_in}: use in_schema() or the fixtures of tests.comuni."


@pytest.fixture(autouse=True)
def _italian_again() -> Iterator[None]:
    """A page read in English leaves the thread in English, as in production; the next test must not hear it."""
    with override("it"):
        yield


@pytest.fixture(autouse=True)
def _own_cache_keys() -> Iterator[None]:
    """What one test keeps in the cache, no other finds."""
    prefix = f"t{next(PREFIXES)}"
    for alias in settings.CACHES:
        caches[alias].key_prefix = prefix
    yield
    for alias in settings.CACHES:
        caches[alias].key_prefix = ""


@pytest.fixture(autouse=True)
def _mail_is_read(request: pytest.FixtureRequest) -> Iterator[None]:
    """A mail that nobody looked at is an oversight: take `mailoutbox`, or empty `mail.outbox`."""
    mail.outbox = []
    yield
    left, mail.outbox = mail.outbox, []
    if "mailoutbox" not in request.fixturenames:
        assert not left, f"{len(left)} mail sent and not looked at: take the fixture mailoutbox."
