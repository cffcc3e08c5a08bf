"""An administrator prepares the twin of her Comune, practises there, and the record says that she did."""

import re

from playwright.sync_api import Page, expect

from sportello.accounts.models import Account, Role
from tests.factories import account
from tests.journeys.browser import Visitor
from tests.journeys.site import Site

SLUG = "bari"
SECONDS_TO_FILL = 90


def administrator(site: Site) -> Account:
    """Somebody who has practised nothing yet."""
    with site.inside(SLUG):
        return account(Role.ADMINISTRATOR, given_name="Ada", family_name="Allenata")


def test_the_twin_is_prepared_and_an_exercise_done(anybody: Visitor) -> None:
    anybody.enter_as(administrator(anybody.site), SLUG)
    page = anybody.open(SLUG, "/ufficio/formazione/")
    _prepare(page)
    anybody.assert_page_is_good("real")
    page.get_by_role("link", name="Entra nell'ambiente di prova").first.click()
    expect(page).to_have_url(re.compile(r"//prova-bari\."))
    expect(page.get_by_text("Ambiente di prova: dati inventati")).to_be_visible()
    expect(page.get_by_role("heading", name=re.compile("I tuoi esercizi: 0 su"))).to_be_visible()
    anybody.assert_page_is_good("twin")
    page.get_by_role("link", name="Accogli una domanda").click()
    page.get_by_role("button", name="Controlla adesso").click()
    expect(page.get_by_role("alert")).to_contain_text("Non risulta ancora una domanda accolta da te.")
    anybody.assert_page_is_good("missing")
    page.get_by_role("link", name="Vai alla pagina").first.click()
    _accept_the_first(page)
    page.goto(page.url.partition("/ufficio/")[0] + "/ufficio/formazione/accept-application/")
    page.get_by_role("button", name="Controlla adesso").click()
    expect(page.get_by_role("heading", name=re.compile("I tuoi esercizi: 1 su"))).to_be_visible()
    anybody.assert_page_is_good("done")


def _prepare(page: Page) -> None:
    """Once for the site: whoever comes later finds it ready."""
    button = page.get_by_role("button", name="Prepara l'ambiente di prova")
    if button.count():
        button.click()
    way_in = page.get_by_role("link", name="Entra nell'ambiente di prova").first
    expect(way_in).to_be_visible(timeout=SECONDS_TO_FILL * 1000)


def _accept_the_first(page: Page) -> None:
    page.locator("table tbody tr").first.get_by_role("link").first.click()
    page.get_by_role("button", name="Accogli").click()
    expect(page.locator("main")).to_contain_text("accolta")
