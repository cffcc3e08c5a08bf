"""The central team brings a Comune in: domain, look, coat of arms, administrator."""

import re
import struct
import urllib.request
import zlib

import pytest
from playwright.sync_api import Page, expect

from sportello.accounts.models import Role, RoleGrant
from tenants.municipal_packs import municipal_packs
from tenants.registering import bring_in
from tests.factories import fiscal_code
from tests.journeys.browser import Visitor
from tests.journeys.registering import registered
from tests.journeys.site import CENTRAL, Site

NEW = "conversano"
CUSTOM_HOST = "servizi.comune.conversano.ba.it"
MAROON = "rgb(122, 31, 43)"


def coat_of_arms() -> bytes:
    """A square of one colour, as a PNG that a browser can draw."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    side = 48
    pixels = (b"\x00" + bytes((122, 31, 43)) * side) * side
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = (chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(pixels)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.fixture
def forty_one(site: Site) -> Site:
    """All the Comuni are registered; Conversano has its schema too, those that nobody visits have none yet."""
    for pack in municipal_packs():
        facts = pack.facts
        if facts.slug == NEW:
            bring_in(pack=pack)
        else:
            registered(facts)
    return site


def at_work(person: Visitor) -> Page:
    person.enter_as(person.site.account(CENTRAL, Role.CENTRAL), CENTRAL)
    return person.open(CENTRAL)


def test_the_forty_one_comuni_are_in_sight(forty_one: Site, anybody: Visitor) -> None:
    page = at_work(anybody)
    rows = page.locator("table tbody tr")
    expect(rows).to_have_count(41)
    for facts in (pack.facts for pack in municipal_packs()):
        row = rows.filter(has_text=facts.belfiore_code)
        for fact in (facts.name, facts.istat_code, facts.schema_name, f"{facts.slug}.localhost"):
            expect(row).to_contain_text(fact)
    expect(rows.filter(has_text="A662")).to_contain_text("aggiornato")
    expect(rows.filter(has_text="A048")).to_contain_text("da creare")
    anybody.assert_page_is_good()


def test_filters_stay_in_the_address(forty_one: Site, desktop: Visitor) -> None:
    page = at_work(desktop)
    page.get_by_label("Nome, codice o dominio").fill("conversano")
    page.get_by_role("button", name="Filtra").click()
    expect(page.locator("table tbody tr")).to_have_count(1)
    assert "cerca=conversano" in page.url
    page.reload()
    expect(page.locator("table tbody tr")).to_have_count(1)


def test_a_comune_is_brought_in(forty_one: Site, anybody: Visitor) -> None:
    page = at_work(anybody)
    page.get_by_role("link", name="Conversano").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Conversano")
    _add_domain(anybody, page)
    _set_look(anybody, page)
    _name_administrator(anybody, page)
    _see_the_new_look(anybody)


def test_a_domain_written_badly_is_explained_and_kept(forty_one: Site, desktop: Visitor) -> None:
    page = at_work(desktop)
    page.get_by_role("link", name="Conversano").click()
    page.get_by_label("Nuovo dominio").fill("https://comune.example/")
    page.get_by_role("button", name="Aggiungi dominio").click()
    expect(page.get_by_label("Nuovo dominio")).to_have_value("https://comune.example/")
    expect(page.locator("main")).to_contain_text("senza https://")
    desktop.assert_page_is_good()


def _add_domain(person: Visitor, page: Page) -> None:
    if page.get_by_role("cell", name=CUSTOM_HOST).or_(page.get_by_role("rowheader", name=CUSTOM_HOST)).count() == 0:
        page.get_by_label("Nuovo dominio").fill(CUSTOM_HOST)
        page.get_by_role("button", name="Aggiungi dominio").click()
    expect(page.locator("table")).to_contain_text(CUSTOM_HOST)
    person.assert_page_is_good("domain")
    request = urllib.request.Request(f"http://127.0.0.1:{person.site.port}/", headers={"Host": CUSTOM_HOST})
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 -- loopback
        assert "Comune di Conversano" in answer.read().decode()


def _set_look(person: Visitor, page: Page) -> None:
    page.get_by_role("link", name="Aspetto e contatti").click()
    page.get_by_label("Email dell'ufficio").fill("scuola@comune.conversano.example")
    page.get_by_label("Telefono dell'ufficio").fill("080 409 0000")
    page.get_by_label("Indirizzo dell'ufficio").fill("Piazza XX Settembre 25")
    page.get_by_label("Informativa privacy").fill("https://comune.example/privacy")
    page.get_by_label("Dichiarazione di accessibilità").fill("https://form.agid.gov.it/view/prova")
    page.locator("[name=links-0-label]").fill("Albo pretorio")
    page.locator("[name=links-0-url]").fill("https://comune.example/albo")
    page.get_by_label("Colore del Comune").fill("#ffcc00")
    page.get_by_role("button", name="Salva l'aspetto").click()
    expect(page.locator("main")).to_contain_text("Il colore è troppo chiaro")
    suggestion = re.search(r"più vicino che va bene è (#[0-9a-f]{6})", page.locator("main").inner_text())
    assert suggestion is not None
    expect(page.get_by_label("Telefono dell'ufficio")).to_have_value("080 409 0000")
    person.assert_page_is_good("colour-refused")
    page.get_by_label("Colore del Comune").fill("#7a1f2b")
    page.get_by_role("button", name="Salva l'aspetto").click()
    expect(page.get_by_text("Aspetto aggiornato")).to_be_visible()
    page.locator("input[type=file]").set_input_files(
        {"name": "stemma.png", "mimeType": "image/png", "buffer": coat_of_arms()}
    )
    page.get_by_role("button", name="Carica lo stemma").click()
    expect(page.get_by_role("img", name="Stemma di Conversano")).to_be_visible()
    person.assert_page_is_good("look")


def _name_administrator(person: Visitor, page: Page) -> None:
    page.get_by_role("link", name="Stato e domini").click()
    page.get_by_text("Nomina un amministratore").click()
    page.get_by_label("Codice fiscale").fill(code := fiscal_code())
    page.get_by_label("Nome", exact=True).fill("Ada")
    page.get_by_label("Cognome").fill("Laguardia")
    page.get_by_role("button", name="Nomina").click()
    expect(page.get_by_text("Amministratore nominato")).to_be_visible()
    person.assert_page_is_good("administrator")
    with person.site.inside(NEW):
        assert RoleGrant.objects.filter(account__identifier=code, role=Role.ADMINISTRATOR).exists()


def _see_the_new_look(person: Visitor) -> None:
    page = person.open(NEW)
    assert page.locator(".site-header").evaluate("it => getComputedStyle(it).backgroundColor") == MAROON
    assert page.locator(".site-brand img").evaluate("it => it.naturalWidth") == 48
    footer = page.locator("footer")
    for fact in ("080 409 0000", "Piazza XX Settembre 25"):
        expect(footer).to_contain_text(fact)
    for name, address in (
        ("Albo pretorio", "https://comune.example/albo"),
        ("Informativa privacy", "https://comune.example/privacy"),
        ("Dichiarazione di accessibilità", "https://form.agid.gov.it/view/prova"),
    ):
        expect(footer.get_by_role("link", name=name)).to_have_attribute("href", address)
    person.assert_page_is_good("new-look")
