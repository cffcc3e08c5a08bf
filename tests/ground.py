"""The database of each worker, and of each test that commits."""

import os
from collections.abc import Iterator

import pytest
import redis
from django.conf import settings
from django.test import TestCase
from pytest_django import DjangoDbBlocker

from tests.databases import clone_template, drop, use_database


def _worker() -> int:
    return int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Clones the template for this worker."""
    name = f"sportello_worker_{_worker()}"
    with django_db_blocker.unblock():
        clone_template(name)
        use_database(name)
    yield
    with django_db_blocker.unblock():
        from tests.databases import leave_database

        leave_database()
        drop(name)


def forget_attempts(valkey_url: str) -> None:
    """Fills the token buckets against guessing again: a run logs in from one address more often than a town does, and
    a test whose clock stands still would never see them refill.
    """
    with redis.Redis.from_url(valkey_url) as valkey:
        if used := list(valkey.scan_iter("*:attempts:*", count=1000)):
            valkey.delete(*used)


class RolledBack(TestCase):
    """One test in one transaction; the class machinery of unittest is not used."""

    @classmethod
    def setUpClass(cls) -> None:
        return

    @classmethod
    def tearDownClass(cls) -> None:
        return


@pytest.fixture
def _django_db_helper(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """What stands behind `db`, `transactional_db` and the mark `django_db`."""
    mark = request.node.get_closest_marker("django_db")
    forget_attempts(settings.VALKEY_URL)
    commits = "transactional_db" in request.fixturenames or bool(mark and mark.kwargs.get("transaction"))
    with django_db_blocker.unblock():
        yield from _own_database() if commits else _rolled_back()


def _rolled_back() -> Iterator[None]:
    atomics = RolledBack._enter_atomics()
    try:
        yield
    finally:
        RolledBack._rollback_atomics(atomics)


def _own_database() -> Iterator[None]:
    from django.db import connection

    before, own = str(connection.settings_dict["NAME"]), f"sportello_commits_{_worker()}"
    clone_template(own)
    use_database(own)
    try:
        yield
    finally:
        use_database(before)
        drop(own)
