"""The central team takes a Comune to its start: what blocks, a waiver, a rehearsal on a copy, the day; and back."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from sportello.accounts.models import Role
from tenants.models import Stage
from tests.journeys.browser import Visitor
from tests.journeys.site import CENTRAL, Site
from tests.journeys.stages import at_stage

SLUG, BELFIORE = "terlizzi", "L109"
PAGE = f"/comuni/{BELFIORE}/avvio/"


@pytest.fixture
def closed(site: Site) -> Iterator[Site]:
    """Terlizzi before its start."""
    with at_stage(SLUG, Stage.GO_LIVE):
        yield site


def test_what_blocks_is_seen_waived_and_rehearsed(closed: Site, anybody: Visitor) -> None:
    anybody.enter_as(closed.account(CENTRAL, Role.CENTRAL), CENTRAL)
    page = anybody.open(CENTRAL, PAGE)
    expect(page.get_by_text(re.compile("controlli bloccano l'avvio"))).to_be_visible()
    expect(page.get_by_role("button", name="Apri alle famiglie")).to_have_count(0)
    anybody.assert_page_is_good("blocked")
    _waive(page)
    anybody.assert_page_is_good("waived")
    page.get_by_role("button", name="Togli la deroga").first.click()
    _rehearse(page)
    anybody.assert_page_is_good("rehearsed")


def test_families_read_that_it_is_not_open(closed: Site, anybody: Visitor) -> None:
    page = anybody.open(SLUG, "/")
    expect(page.get_by_text("Sportello in preparazione")).to_be_visible()
    anybody.assert_page_is_good("front")
    page.goto(closed.url(SLUG, "/area/"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Lo sportello non è ancora aperto")
    anybody.assert_page_is_good("closed")


def _waive(page: Page) -> None:
    line = page.locator("li", has=page.get_by_text("Stemma e colore", exact=False)).last
    line.locator("summary").click()
    line.get_by_label("Motivo della deroga").fill("corto")
    line.get_by_role("button", name="Registra la deroga").click()
    again = page.get_by_label("Motivo della deroga").and_(page.locator("[aria-invalid=true]"))
    expect(again).to_have_value("corto")
    again.fill("Il Comune ci dà lo stemma la settimana prossima.")
    page.locator("li", has=again).get_by_role("button", name="Registra la deroga").click()
    expect(page.get_by_text("Deroga registrata.")).to_be_visible()


def _rehearse(page: Page) -> None:
    page.get_by_role("button", name=re.compile("Fai la prova|Prova di nuovo")).click()
    for _ in range(60):
        if page.get_by_role("table", name="I passi dell'ultima prova").count():
            break
        page.wait_for_timeout(1_000)
        page.reload()
    expect(page.get_by_role("row", name=re.compile("Copia dei dati"))).to_contain_text("righe in")
