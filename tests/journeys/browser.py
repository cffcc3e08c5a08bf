"""A person at a phone or a desk, and what a good page is."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, ConsoleMessage, Error, Page

from sportello.accounts.models import Account
from tests.journeys.site import ROOT, Site

SCREENSHOTS: Final = ROOT / ".cache" / "screenshots"
PHONE: Final = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
DESKTOP: Final = {"viewport": {"width": 1280, "height": 900}}
RULES: Final = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
LISTEN: Final = """
window.__refused = [];
document.addEventListener("securitypolicyviolation", event => window.__refused.push(
    `${event.violatedDirective} refused ${event.blockedURI} at ${event.sourceFile}:${event.lineNumber}`));
"""
TOO_WIDE: Final = """() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    return [...document.querySelectorAll("body *")]
        .filter(element => element.getBoundingClientRect().right > width + 1)
        .map(element => `${element.tagName.toLowerCase()}.${element.className}`).slice(0, 5);
}"""


@dataclass(slots=True)
class Visitor:
    """One person with one browser window. `page` is Playwright's; what went wrong in it is remembered."""

    site: Site
    page: Page
    size: str
    test: str
    has_javascript: bool
    complaints: list[str] = field(default_factory=list)

    def open(self, slug: str, path: str = "/") -> Page:
        """Goes to a page of a Comune."""
        self.page.goto(self.site.url(slug, path))
        return self.page

    def enter_as(self, account: Account, slug: str) -> None:
        """Is logged in as that person, without walking through the door."""
        self.page.context.add_cookies(
            [{"name": "sessione", "value": self.site.session_of(slug, account), "url": self.site.url(slug)}]
        )

    def keep_picture(self, name: str = "") -> Path:
        """Saves the whole page as `.cache/screenshots/<test>[-<name>]-<size>.png`."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        words = "-".join(re.sub(r"\W+", "-", part).strip("-") for part in (self.test, name, self.size) if part)
        path = SCREENSHOTS / f"{words}.png"
        try:
            self.page.screenshot(path=path, full_page=True)
        except Error as refusal:  # on a busy machine Chromium now and then has no frame ready; a second try has one
            if "Unable to capture screenshot" not in refusal.message:
                raise
            self.page.screenshot(path=path, full_page=True)
        return path

    def assert_page_is_good(self, name: str = "") -> None:
        """No accessibility fault, nothing refused by the policy, no script error, nothing cut off; keeps a picture."""
        picture = self.keep_picture(name)
        faults = self.faults()
        assert faults == [], f"{self.page.url} ({picture}):\n" + "\n".join(faults)

    def faults(self, *, accessibility: bool = True) -> list[str]:
        """What is wrong with the page; asked once, then forgotten."""
        found = [*self._refused(), *self.complaints, *self._too_wide()]
        self.complaints.clear()
        return [*found, *self._inaccessible()] if accessibility else found

    def _refused(self) -> list[str]:
        refused: list[str] = self.page.evaluate("() => window.__refused || []")
        return refused

    def _too_wide(self) -> list[str]:
        return [f"wider than the window: {element}" for element in self.page.evaluate(TOO_WIDE)]

    def _inaccessible(self) -> list[str]:
        if not self.has_javascript:
            return []  # axe runs in the page
        found = Axe().run(self.page, options={**RULES, "resultTypes": ["violations"]})
        return [
            f"{fault['id']} ({fault['impact']}): {fault['help']}: {node['html'][:160]}"
            for fault in found.response["violations"]
            for node in fault["nodes"][:3]
        ]

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not _is_expected(message.text):
            self.complaints.append(f"console: {message.text}")


def _is_expected(words: str) -> bool:
    """Answers 4xx, and 503 of a Comune not open yet, are said on the console by the browser itself, and journeys visit
    them on purpose; so is the lack of
    TLS on a host that is not *.localhost, which only tests have.
    """
    expected = r"the server responded with a status of (4\d\d|503)|Cross-Origin-Opener-Policy header has been ignored"
    return re.search(expected, words) is not None


@contextmanager
def visitor(browser: Browser, site: Site, *, size: str, test: str, javascript: bool) -> Iterator[Visitor]:
    """A fresh window, without cookies."""
    device = PHONE if size.startswith("phone") else DESKTOP
    context = browser.new_context(**device, java_script_enabled=javascript, locale="it-IT", timezone_id="Europe/Rome")
    context.set_default_timeout(10_000)
    context.add_init_script(LISTEN)
    page = context.new_page()
    person = Visitor(site, page, size, test, javascript)
    page.on("console", lambda message: person._hear(message))  # noqa: PLW0108 -- a bound method would need a __dict__
    page.on("pageerror", lambda error: person.complaints.append(f"script: {error}"))
    try:
        yield person
    finally:
        context.close()
