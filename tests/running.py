"""The product as it runs, for tests that speak with it over HTTP: started once in a run of a worker."""

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from tests.databases import use_database
from tests.ground import forget_attempts
from tests.journeys.site import Site, own_valkey, running_site


@pytest.fixture(scope="session")
def site_of_the_run(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """The product, started once."""
    with django_db_blocker.unblock(), running_site(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture
def site(site_of_the_run: Site, django_db_blocker: DjangoDbBlocker) -> Iterator[Site]:
    """The running product; in the test the ORM speaks to its database, and commits."""
    from django.db import connection

    with django_db_blocker.unblock():
        forget_attempts(own_valkey())
        before = str(connection.settings_dict["NAME"])
        use_database(site_of_the_run.database)
        yield site_of_the_run
        use_database(before)
