"""The fixtures of the journeys: a visitor with a phone or at a desk, with JavaScript or without.

`assert_page_is_good` of a visitor is the bar of every page. The database of `site` (tests.running) is committed and
shared by the journeys of a run: each makes the people it changes (with tests.factories, inside `site.inside("bari")`).
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.debian_chromium import WITHOUT, chromium_path
from tests.journeys.browser import Visitor, visitor
from tests.journeys.site import Site


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a browser the journeys are skipped, and say so."""
    without = pytest.mark.skip(reason=WITHOUT)
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.journey)
            if chromium_path() is None:
                item.add_marker(without)


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
