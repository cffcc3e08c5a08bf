"""The administrator takes all the data of the Comune home; two of the central team let a Comune go."""

import hashlib
import zipfile
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from playwright.sync_api import Page, expect

from onboarding.leaving.models import Departure
from sportello.accounts.models import Account, Role
from sportello.kernel import clock
from tenants.current import in_schema
from tests.factories import account
from tests.journeys.browser import Visitor
from tests.journeys.site import CENTRAL


def test_all_the_data_of_the_comune_are_taken_home(anybody: Visitor, tmp_path: Path) -> None:
    with anybody.site.inside("bitonto"):
        who = account(Role.ADMINISTRATOR)
    anybody.enter_as(who, "bitonto")
    page = anybody.open("bitonto", "/ufficio/esportazione/")
    page.get_by_role("button", name="Prepara un'esportazione").click()
    page.get_by_role("link", name="Vedi il risultato").click(timeout=60_000)
    anybody.assert_page_is_good("1-ready")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="ZIP").first.click()
    copy = tmp_path / "copia.zip"
    waiting.value.save_as(copy)
    with zipfile.ZipFile(copy) as package:
        assert {"README.it.md", "SHA256SUMS", "datapackage.json", "data/families_child.csv"} <= set(package.namelist())
    page.get_by_label("Impronta SHA-256").fill("0123")
    page.get_by_role("button", name="Conferma").click()
    expect(page.get_by_text("non corrisponde").first).to_be_visible()
    anybody.assert_page_is_good("2-another-file")
    page.get_by_label("Impronta SHA-256").fill(hashlib.sha256(copy.read_bytes()).hexdigest())
    page.get_by_role("button", name="Conferma").click()
    expect(page.get_by_text("Confermata: la tua copia è intera.")).to_be_visible()
    anybody.assert_page_is_good("3-confirmed")


def test_a_departure_is_asked_judged_and_called_off(anybody: Visitor) -> None:
    with anybody.site.inside(CENTRAL):
        first, second = account(Role.CENTRAL), account(Role.CENTRAL)
    page = _at(anybody, first)
    page.get_by_text("Chiedi l'uscita del Comune").click()
    page.get_by_role("button", name="Chiedi l'uscita").click()
    expect(page.get_by_text("è il titolo per cancellare").first).to_be_visible()
    anybody.assert_page_is_good("1-no-act")
    page.get_by_label("Atto che chiude il servizio").fill("Deliberazione di Consiglio n. 12 del 30/09/2026")
    page.get_by_role("button", name="Chiedi l'uscita").click()
    expect(page.get_by_text("Chi ha chiesto l'uscita non la approva.")).to_be_visible()
    expect(page.get_by_role("button", name="Approva")).to_have_count(0)
    page = _at(anybody, second)
    page.get_by_role("button", name="Approva l'uscita").click()
    expect(page.get_by_text("Manca un'esportazione completa")).to_be_visible()
    anybody.assert_page_is_good("2-nothing-confirmed")
    with in_schema(settings.CENTRAL_SCHEMA):  # as if the Comune had confirmed and the wait were over
        Departure.objects.filter(belfiore_code="L109", state="requested").update(
            state="approved",
            approved_by=second,
            approved_at=clock.now(),
            not_before=clock.now() - timedelta(days=1),
            export_sha256="a" * 64,
            export_confirmed_by="Anna Prova",
        )
    page = _at(anybody, second)
    page.get_by_role("button", name="Cancella tutti i dati").click()
    expect(page.get_by_text("non si cancella per sbaglio").first).to_be_visible()
    anybody.assert_page_is_good("3-no-name")
    page.locator("summary", has_text="Annulla l'uscita").click()
    page.get_by_label("Motivo").fill("Il contratto è rinnovato")
    page.get_by_role("button", name="Annulla l'uscita").click()
    expect(page.get_by_text("Annullata: Il contratto è rinnovato")).to_be_visible()
    anybody.assert_page_is_good("4-called-off")


def _at(person: Visitor, who: Account) -> Page:
    person.enter_as(who, CENTRAL)
    return person.open(CENTRAL, "/comuni/L109/uscita/")
