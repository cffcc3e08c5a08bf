"""An administrator connects the tax office; a clerk brings its file in and reads a verdict in the file of a child."""

from dataclasses import dataclass

from playwright.sync_api import Page, expect

from sportello.accounts.models import Role
from sportello.families.models import Adult, Child
from tests.factories import adult, child
from tests.factories.numbering import next_number
from tests.journeys.browser import Visitor
from tests.tributi.files import detail, extract

PATIENCE = 40
SLUG = "bari"
BASIS = "Regolamento dei servizi scolastici, articolo 9"


@dataclass(frozen=True, slots=True)
class Household:
    mother: Adult
    father: Adult
    child: Child


def a_household(person: Visitor) -> Household:
    with person.site.inside(SLUG):
        mother, father = adult(), adult()
        return Household(mother, father, child(mother, father))


def test_the_administrator_connects_the_tax_office(everybody: Visitor) -> None:
    everybody.enter_as(everybody.site.account(SLUG, Role.ADMINISTRATOR), SLUG)
    page = everybody.open(SLUG, "/ufficio/collegamenti/")
    everybody.assert_page_is_good("1-list")
    page.get_by_role("link", name="Tributi locali").click()
    page.get_by_role("link", name="File dell'ufficio tributi").click()
    layout = page.get_by_label("Mappatura delle colonne")
    written = layout.input_value()
    page.get_by_label("Base giuridica").fill(BASIS)
    page.get_by_label("Nome del file montato").fill("manca.txt")
    layout.fill(written.replace("width =", "widht ="))
    page.get_by_role("button", name="Salva le impostazioni").click()
    expect(page.locator(".error-summary")).to_contain_text("layout: la chiave «widht» non esiste. Forse «width»?")
    everybody.assert_page_is_good("2-wrong-key")
    page.get_by_label("Mappatura delle colonne").fill(written)
    page.get_by_role("button", name="Salva le impostazioni").click()
    expect(page.get_by_text("Impostazioni salvate.")).to_be_visible()
    _try_and_switch(everybody, page)


def _try_and_switch(person: Visitor, page: Page) -> None:
    page.get_by_role("button", name="Prova il collegamento").click()
    expect(page.locator("main")).to_contain_text("Il file montato non c'è")
    expect(page.locator("#elenco tbody tr").first).to_contain_text("prova")
    person.assert_page_is_good("3-tried")
    page.get_by_role("button", name="Accendi").click()
    expect(page.get_by_text("Collegamento acceso.")).to_be_visible()
    page.get_by_role("link", name="Non riusciti").click()
    assert "vista=non-riusciti" in page.url
    person.open(SLUG, "/ufficio/collegamenti/")
    expect(page.locator("tbody")).to_contain_text("non funziona")
    person.assert_page_is_good("4-on")
    page.get_by_role("link", name="Tributi locali").click()
    page.get_by_role("button", name="Spegni").click()
    expect(page.get_by_text("Collegamento spento.")).to_be_visible()


def _follow_the_job(page: Page) -> None:
    """To its result, looking again as she would without scripts."""
    result = page.get_by_role("link", name="Vedi il risultato")
    for _attempt in range(PATIENCE):
        if result.is_visible():
            break
        page.wait_for_timeout(500)
        page.reload()
    result.click()


def test_the_clerk_brings_the_file_in(everybody: Visitor) -> None:
    home = a_household(everybody)
    everybody.enter_as(everybody.site.account(SLUG, Role.CLERK), SLUG)
    page = everybody.open(SLUG, "/ufficio/tributi/")
    page.get_by_role("button", name="Controlla il file").click()
    expect(page.locator(".error-summary")).to_contain_text("Scegli il file da caricare.")
    everybody.assert_page_is_good("1-nothing-chosen")
    rows = [
        detail(1, str(home.mother.fiscal_code)),
        detail(2, str(home.father.fiscal_code), paid=0, due=100_000 + next_number()),
        detail(3, "SBAGLIATO"),
    ]
    file = {"name": "estrazione.txt", "mimeType": "text/plain", "buffer": extract(rows, off_by=100)}
    page.get_by_label("File dell'ufficio tributi").set_input_files(file)
    page.get_by_role("button", name="Controlla il file").click()
    _follow_the_job(page)
    expect(page.locator("main")).to_contain_text("Le somme di controllo non tornano")
    everybody.assert_page_is_good("2-dry-run")
    page.get_by_label("Ho verificato le somme").check()
    page.get_by_role("button", name="Carica le posizioni").click()
    _follow_the_job(page)
    expect(page.get_by_text("Caricato: 2 posizioni.")).to_be_visible()
    everybody.assert_page_is_good("3-loaded")
    everybody.open(SLUG, f"/ufficio/bambini/{home.child.public_id}/")
    for verdict in ("posizione regolare fino al 13/05/2027", "posizione non regolare fino al 13/05/2027"):
        expect(page.locator("main")).to_contain_text(verdict)
    expect(page.locator("main")).not_to_contain_text("importi non pagati")
    everybody.assert_page_is_good("4-child")
