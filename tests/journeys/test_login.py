"""The trip of a login on three hosts, in a real browser: desk, provider, central host, desk."""

import re

import pytest
from playwright.sync_api import Page, Request, expect

from tests.factories import fiscal_code
from tests.journeys.browser import Visitor
from tests.journeys.test_parent import new_family


def sign_on(person: Visitor, page: Page, name: str) -> None:
    """At the provider's: who she is; without scripts the answer waits for a click."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Con chi entri?")
    page.get_by_label("Codice fiscale").fill(fiscal_code())
    page.get_by_label("Nome", exact=True).fill(name)
    page.get_by_label("Cognome", exact=True).fill("Cittadina")
    page.get_by_role("button", name="Entra con questi dati").click()
    if not person.has_javascript:
        page.get_by_role("button", name="Continua").click()


def press_spid(page: Page, provider: str) -> None:
    """The blue button opens the list of providers."""
    page.locator("summary", has_text="Entra con SPID").click()
    page.get_by_role("link", name=provider).click()


@pytest.mark.parametrize("provider", ["SPID dimostrativo", "SPID da un altro sito"])
def test_she_lands_inside_the_service_where_she_started(everybody: Visitor, provider: str) -> None:
    posted: list[Request] = []
    everybody.page.on("request", lambda one: posted.append(one) if one.url.endswith("/spid/acs") else None)
    page = everybody.open("bari", "/servizi/mensa/")
    page.get_by_role("link", name="Fai la domanda").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Accedi")
    everybody.assert_page_is_good("1-login")
    page.locator("summary", has_text="Entra con SPID").click()
    everybody.assert_page_is_good("2-providers")
    page.get_by_role("link", name=provider).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Con chi entri?")
    everybody.assert_page_is_good("3-provider")
    sign_on(everybody, page, "Chiara")

    expect(page).to_have_url(re.compile(r"//bari\.localhost:\d+/servizi/mensa/domanda/"))
    assert [request.method for request in posted] == ["POST"]
    assert "cookie" not in posted[0].all_headers()
    cookies = page.context.cookies()
    assert {cookie["domain"] for cookie in cookies if cookie["name"] == "sessione"} == {"bari.localhost"}
    assert not [cookie for cookie in cookies if cookie["domain"] == "accesso.localhost"]


def test_with_cie_too(anybody: Visitor) -> None:
    page = anybody.open("terlizzi", "/accedi/?next=/area/")
    several = page.locator("summary", has_text="Entra con CIE")  # where another test has brought a provider of its own
    if several.count():
        several.click()
        page.get_by_role("link", name="CIE dimostrativa").click()
    else:
        page.get_by_role("link", name="Entra con CIE").click()
    sign_on(anybody, page, "Bruna")
    expect(page).to_have_url(re.compile(r"//terlizzi\.localhost:\d+/area/"))


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("Errore 19: credenziali errate più volte", "troppe volte credenziali errate"),
        ("Errore 20: credenziali di livello troppo basso", "non hanno il livello richiesto"),
        ("Errore 21: tempo scaduto", "Il tempo per completare l'accesso è scaduto"),
        ("Errore 22: consenso negato", "Non hai dato il consenso"),
        ("Errore 23: identità sospesa o revocata", "sospesa, revocata o bloccata"),
        ("Errore 24: codice riservato", "problema tecnico"),
        ("Errore 25: accesso annullato", "Hai annullato l'accesso"),
        ("Errore 30: tipo di identità diverso da quello richiesto", "serve un'identità personale"),
        ("Accesso di livello 1", "non è valida"),
        ("Firma sbagliata", "non è valida"),
        ("Risposta scaduta", "non è valida"),
        ("Risposta già usata", "già stata usata"),
    ],
)
def test_what_goes_wrong_is_told_in_plain_words(phone: Visitor, fault: str, words: str) -> None:
    new_family(phone.site, "bari", children=1)
    page = phone.open("bari", "/accedi/?next=/area/")
    press_spid(page, "SPID dimostrativo")
    page.get_by_role("button", name=fault, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Accesso non riuscito")
    expect(page.locator(".lead")).to_contain_text(words)
    text = page.locator("main").inner_text()
    assert re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}", text)
    assert "SAML" not in text
    phone.assert_page_is_good(fault)
    page.get_by_role("link", name="Torna al servizio").click()
    expect(page).to_have_url(re.compile(r"//bari\.localhost:\d+/accedi/\?next=%2Farea%2F"))


def test_two_tabs_enter_each_its_own_page(desktop: Visitor) -> None:
    page = desktop.open("bari", "/accedi/?next=/area/domande/")
    press_spid(page, "SPID dimostrativo")
    other = page.context.new_page()
    other.goto(desktop.site.url("bari", "/accedi/?next=/area/avvisi/"))
    press_spid(other, "SPID dimostrativo")
    sign_on(desktop, page, "Emma")
    expect(page).to_have_url(re.compile("/area/domande/"))
    sign_on(desktop, other, "Emma")
    expect(other).to_have_url(re.compile("/area/avvisi/"))
