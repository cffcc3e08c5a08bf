"""The fixtures of the journeys: `site`, and a visitor with a phone or at a desk, with JavaScript or without.

`assert_page_is_good` of a visitor is the bar of every page. The database of the site is committed and shared by the
journeys of a run: each makes the people it changes (with tests.factories, inside `site.inside("bari")`).
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from pytest_django import DjangoDbBlocker

from tests.databases import use_database
from tests.debian_chromium import WITHOUT, chromium_path
from tests.journeys.browser import Visitor, visitor
from tests.journeys.site import Site, running_site


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a browser the journeys are skipped, and say so."""
    without = pytest.mark.skip(reason=WITHOUT)
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.journey)
            if chromium_path() is None:
                item.add_marker(without)


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
        before = str(connection.settings_dict["NAME"])
        use_database(site_of_the_run.database)
        yield site_of_the_run
        use_database(before)


def _visit(request: pytest.FixtureRequest, size: str, *, javascript: bool = True) -> Iterator[Visitor]:
    site: Site = request.getfixturevalue("site")
    browser: Browser = request.getfixturevalue("chromium")
    with visitor(browser, site, size=size, test=request.node.name, javascript=javascript) as person:
        yield person


@pytest.fixture
def phone(request: pytest.FixtureRequest) -> Iterator[Visitor]:
    """Somebody with a phone (390 x 844)."""
    yield from _visit(request, "phone")


@pytest.fixture
def desktop(request: pytest.FixtureRequest) -> Iterator[Visitor]:
    """Somebody at a desk (1280 x 900)."""
    yield from _visit(request, "desktop")


@pytest.fixture
def phone_no_js(request: pytest.FixtureRequest) -> Iterator[Visitor]:
    """A phone on which no script runs."""
    yield from _visit(request, "phone-no-js", javascript=False)


@pytest.fixture
def desktop_no_js(request: pytest.FixtureRequest) -> Iterator[Visitor]:
    """A desk at which no script runs."""
    yield from _visit(request, "desktop-no-js", javascript=False)


@pytest.fixture(params=["phone", "desktop"])
def anybody(request: pytest.FixtureRequest) -> Visitor:
    """The test runs twice: with a phone and at a desk."""
    person: Visitor = request.getfixturevalue(request.param)
    return person


@pytest.fixture(params=["phone", "phone_no_js", "desktop", "desktop_no_js"])
def everybody(request: pytest.FixtureRequest) -> Visitor:
    """The test runs four times: both sizes, with and without scripts."""
    person: Visitor = request.getfixturevalue(request.param)
    return person
