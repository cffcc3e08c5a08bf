"""The pictures that AgID and the CIE portal ask for: login page, list of providers, one page for each error.

    manage.py identity_screenshots --comune bari --out pictures
    manage.py identity_screenshots --comune bari --out pictures --url http://bari.localhost:8000

Walks a running desk with the demonstration provider, at the size of a phone and of a screen.
"""

from argparse import ArgumentParser
from importlib import import_module
from importlib.util import find_spec
from os import environ
from pathlib import Path
from shutil import which
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from integrations.spid_cie.addresses import origin_of
from integrations.spid_cie.simulator.faults import FAULTS
from tenants.models import Municipality

SIZES: Final = {"telefono": {"width": 390, "height": 844}, "schermo": {"width": 1280, "height": 900}}
BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS: Final = ("--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--no-proxy-server")


class Command(BaseCommand):
    help = "Saves pictures of the login pages and of every error page, for AgID and for the CIE portal."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--comune", required=True, help="slug of the Comune")
        parser.add_argument("--out", required=True, type=Path, help="folder of the pictures; made when missing")
        parser.add_argument("--url", default="", help="where the desk runs; the address of the settings when left out")

    def handle(self, *_args: Any, **options: Any) -> None:
        municipality = Municipality.objects.filter(slug=options["comune"]).first()
        if municipality is None:
            raise CommandError(f"No Comune is called {options['comune']}.")
        browser = environ.get("CHROMIUM") or next((path for name in BROWSERS if (path := which(name))), None)
        if find_spec("playwright") is None:
            raise CommandError("Playwright is missing: uv sync --group dev")
        if browser is None:
            raise CommandError("No Chromium on this machine: apt-get install chromium, or name it in CHROMIUM.")
        domain = municipality.domains.get(is_primary=True).domain
        url = (options["url"] or origin_of(domain)).rstrip("/")
        options["out"].mkdir(parents=True, exist_ok=True)
        playwright = import_module("playwright.sync_api")
        with playwright.sync_playwright() as running:
            chromium = running.chromium.launch(executable_path=browser, args=list(ARGUMENTS))
            try:
                kept = [name for size in SIZES for name in _walk(chromium, url, size, options["out"])]
            finally:
                chromium.close()
        self.stdout.write(f"{len(kept)} pictures in {options['out']}")


def _walk(chromium: Any, url: str, size: str, out: Path) -> list[str]:
    """The pages at one size; returns the names of the pictures. Each error begins with a login of its own."""
    kept = []
    context = chromium.new_context(viewport=SIZES[size], locale="it-IT", timezone_id="Europe/Rome")
    page = context.new_page()

    def keep(name: str) -> None:
        page.screenshot(path=out / f"{name}-{size}.png", full_page=True)
        kept.append(f"{name}-{size}.png")

    page.goto(f"{url}/accedi/")
    keep("accesso")
    _open_lists(page)
    keep("gestori")
    for fault in FAULTS:
        if fault.error:
            _meet(page, url, fault.key)
            keep(f"errore-{fault.error:02}")
    context.close()
    return kept


def _open_lists(page: Any) -> None:
    """Opens the lists of providers, as a click on the buttons would."""
    for summary in page.locator("details.identity > summary").all():
        summary.click()


def _meet(page: Any, url: str, fault: str) -> None:
    page.goto(f"{url}/accedi/")
    _open_lists(page)
    page.locator(f"a[href*='%2F%2F{settings.SIMULATOR_HOST}']").first.click()
    page.locator(f"button[name=fault][value={fault}]").click()
    page.wait_for_url("**/spid/acs")
