"""The browser of a run: Debian's chromium, started once in each worker and shared by all who look at pages."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.debian_chromium import ARGUMENTS, chromium_path


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser; Playwright allows one instance in a thread, hence one for everybody."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(ARGUMENTS))
        yield browser
        browser.close()
