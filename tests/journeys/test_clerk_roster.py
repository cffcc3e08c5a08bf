"""A clerk brings the roster of the previous back office in: checked first, every error said, then loaded (point 4)."""

import re
from dataclasses import dataclass
from datetime import date

from playwright.sync_api import Page, expect

from sportello.accounts.models import Role
from sportello.families.models import Child
from tests.factories import fiscal_code
from tests.factories.numbering import next_number
from tests.factories.people import invented_name
from tests.journeys.browser import Visitor
from tests.onboarding.rosters import COLUMNS, FIELDS, roster, row

SLUG = "bari"
ROSTERS = "/ufficio/caricamenti/"
BORN = date(2018, 8, 3)
PATIENCE = 60_000  # milliseconds for a job of the worker


@dataclass(frozen=True, slots=True)
class Roster:
    """Two good rows of one family, one to review, one with two faults, one torn, one repeated."""

    family_name: str
    content: bytes


def a_roster() -> Roster:
    """A file that nobody has handed in before."""
    number = next_number()
    name = invented_name(number).upper()
    payer = fiscal_code(family_name=name, given_name="NICOLO", sex="M", birth_date=date(1988, 3, 29))

    def line(given_name: str, place: int, *, born: date = BORN, **changes: str) -> str:
        code = fiscal_code(family_name=name, given_name=given_name, birth_date=born)
        cells = {
            "MATRICOLA": f"{number * 10 + place:06d}",
            "COGNOME": name,
            "NOME": given_name,
            "DATA_NASCITA": f"{born:%d/%m/%Y}",
            "COD_FISCALE": code,
            "COMUNE_NASCITA": "BARI",
            "PROV": "BA",
            "COGNOME_PAG": name,
            "NOME_PAG": "NICOLO",
            "CF_PAG": payer,
            "EMAIL": f"nicolo{number}@example.org",
        }
        return row(**{**cells, **changes})

    emma, lia = line("EMMA", 1, SALDO="40,01"), line("LIA", 2, born=date(2017, 4, 5), SALDO="-12,50")
    unknown = line("ADA", 3, born=date(2016, 9, 9), COD_FISCALE="")
    wrong = line("EVA", 4, born=date(2016, 1, 2), COD_PLESSO="BAEE00000X", SALDO="dodici")
    return Roster(name, roster(emma, lia, unknown, wrong, f"{number * 10:06d};{name};TORN", emma))


def hand_in(page: Page, content: bytes, name: str = "elenco-mensa.csv") -> None:
    page.get_by_label("File dell'elenco").set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name="Controlla l'elenco").click()


def wait_for(person: Visitor, page: Page) -> None:
    """Until the job is over and its result is shown; a quick one is over before its page could be seen."""
    result = page.get_by_role("link", name=re.compile("Vedi il risultato|Torna indietro"))
    for _attempt in range(PATIENCE // 500):
        if ROSTERS in page.url or result.count():
            break
        page.wait_for_timeout(500)  # with scripts the page follows by itself
        if not person.has_javascript:
            page.reload()
    if ROSTERS not in page.url:
        person.assert_page_is_good("job")
        result.click()


def at_the_desk(person: Visitor) -> Page:
    person.enter_as(person.site.account(SLUG, Role.CLERK), SLUG)
    return person.open(SLUG, ROSTERS)


def amount(page: Page, label: str) -> str:
    return page.locator(".fact", has_text=label).locator(".fact-value").inner_text().replace("\xa0", " ")


def test_from_the_file_to_the_children(everybody: Visitor) -> None:
    made = a_roster()
    page = at_the_desk(everybody)
    everybody.assert_page_is_good("1-rosters")
    hand_in(page, made.content)
    wait_for(everybody, page)
    _confirm_the_columns(everybody, page)
    _read_the_dry_run(everybody, page)
    with everybody.site.inside(SLUG):
        assert not Child.objects.filter(family_name__iexact=made.family_name).exists()

    page.get_by_role("button", name="Carica 2 righe").click()
    wait_for(everybody, page)
    expect(page.get_by_text("File caricato il")).to_be_visible()
    assert amount(page, "Bambini nuovi") == "2"
    assert amount(page, "Adulti nuovi") == "1"
    everybody.assert_page_is_good("3-loaded")
    loaded = page.url
    page.get_by_role("link", name="Annulla il caricamento").click()
    expect(page.get_by_role("button", name="Annulla il caricamento")).to_be_visible()
    everybody.assert_page_is_good("undo")
    page.get_by_role("link", name="Lascia com'è").click()
    assert page.url == loaded
    _find_the_children(everybody, page, made.family_name.capitalize())


def _confirm_the_columns(person: Visitor, page: Page) -> None:
    """The first file of its kind asks how it is to be read; once confirmed, the next ones do not."""
    if not page.get_by_role("heading", name="Colonne del file", level=1).count():
        return
    person.assert_page_is_good("columns")
    for place, (name, field) in enumerate(zip(COLUMNS, FIELDS, strict=True)):
        page.get_by_label(f"Che cosa diventa la colonna {name}", exact=True).select_option(field)
        assert page.locator(f"[name=c{place}-field]").input_value() == field
    page.get_by_role("button", name="Aggiorna l'anteprima").click()
    expect(page.locator("#anteprima tbody tr").first).to_contain_text("A posto")
    page.get_by_role("button", name="Conferma e controlla il file").click()
    wait_for(person, page)


def _read_the_dry_run(person: Visitor, page: Page) -> None:
    assert amount(page, "Righe pronte") == "2"
    assert amount(page, "Righe da rivedere") == "2"
    assert amount(page, "Saldi da riportare") == "27,51 €"
    rows = page.locator("#elenco tbody tr")
    expect(rows).to_have_count(7)
    expect(rows.nth(1)).to_contain_text("A posto")
    expect(rows.nth(3)).to_contain_text("Manca il codice fiscale")
    expect(rows.nth(4)).to_contain_text("plesso")
    expect(rows.nth(4)).to_contain_text("saldo")
    person.assert_page_is_good("2-dry-run")
    page.get_by_role("link", name=re.compile("^Da rivedere", re.IGNORECASE)).click()
    assert "vista=rivedere" in page.url
    expect(rows.filter(has_text="A posto")).to_have_count(0)


def _find_the_children(person: Visitor, page: Page, family_name: str) -> None:
    page.get_by_role("link", name="Vedi i bambini").click()
    if page.get_by_text("Filtri").first.is_visible():
        page.get_by_text("Filtri").first.click()
    page.get_by_label("Cognome o nome").fill(family_name)
    page.get_by_role("button", name="Filtra").click()
    expect(page.locator("#elenco tbody tr")).to_have_count(2)
    assert page.locator("#elenco").count() == 1
    expect(page.locator("#elenco")).to_contain_text("40,01")
    expect(page.locator("#elenco")).to_contain_text("12,50")
    person.assert_page_is_good("4-children")
    page.get_by_role("link", name=re.compile(f"{family_name} Emma")).click()
    for fact in ("genitore, pagante", "2D", "archivio precedente", "24.000,01"):
        expect(page.locator("main")).to_contain_text(fact)
    person.assert_page_is_good("5-child")


def test_what_cannot_be_a_roster_is_said_and_kept(everybody: Visitor) -> None:
    page = at_the_desk(everybody)
    page.get_by_role("button", name="Controlla l'elenco").click()
    expect(page.get_by_text("Scegli il file da caricare.").first).to_be_visible()
    everybody.assert_page_is_good("nothing-chosen")
    hand_in(page, b"%PDF-1.7 not a roster", name="elenco.csv")
    wait_for(everybody, page)
    expect(page.locator("main")).to_contain_text("un PDF")
    expect(page.get_by_role("link", name="Scarica il file originale")).to_be_visible()
    everybody.assert_page_is_good("refused")
