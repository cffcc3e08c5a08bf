"""The central team federates a Comune: facts, key, change of key, steps, papers; then providers and the SAML log."""

import pytest
from playwright.sync_api import Page, expect

from integrations.spid_cie.models import IdentityProvider, SamlEntity, SamlExchange
from integrations.spid_cie.saml_log import note
from sportello.accounts.models import Role
from sportello.kernel import clock
from tenants.models import Municipality
from tenants.municipal_packs import pack_of
from tests.journeys.browser import Visitor
from tests.journeys.registering import registered
from tests.journeys.site import CENTRAL, Site

COMUNE = "Giovinazzo"


@pytest.fixture
def unregistered(site: Site) -> Municipality:
    """A Comune that is not yet in SPID, as the first visit finds it."""
    made = registered(pack_of("E047").facts)
    SamlEntity.objects.filter(municipality=made).delete()
    return made


@pytest.fixture
def number(site: Site) -> str:
    """The number of a login that somebody gave up."""
    from datetime import timedelta

    from integrations.sealing import seal
    from integrations.spid_cie.models import LoginTransaction

    entity = SamlEntity.objects.get(municipality__slug="bari", scheme="spid")
    now = clock.now()
    SamlExchange.objects.filter(number="K7QM-2XHP").delete()
    LoginTransaction.objects.filter(number="K7QM-2XHP").delete()
    provider = IdentityProvider.objects.filter(scheme="spid").order_by("pk")[0]
    login = LoginTransaction.objects.create(
        number="K7QM-2XHP", request_id="_journey", entity=entity, provider=provider,
        schema_name="c_a662", origin="http://bari.localhost", nonce_digest="x", level=2, begun_at=now,
        expires_at=now + timedelta(minutes=15),
        sealed_request=seal(b'<p:AuthnRequest xmlns:p="urn:x" ID="_journey"><p:Issuer>https://accesso</p:Issuer></p:AuthnRequest>'),
    )  # fmt: skip
    note(login, outcome="nr25", response=b'<p:Response xmlns:p="urn:x"><p:Status Value="nr25"/></p:Response>', now=now)
    return login.number


def at_work(person: Visitor, path: str = "/") -> Page:
    person.enter_as(person.site.account(CENTRAL, Role.CENTRAL), CENTRAL)
    return person.open(CENTRAL, path)


def test_a_comune_is_federated(unregistered: Municipality, anybody: Visitor) -> None:
    page = at_work(anybody, "/comuni/E047/")
    page.get_by_role("link", name="Identità digitale").last.click()
    _register(anybody, page)
    _roll_over(anybody, page)
    _tick_and_move(anybody, page)
    with page.expect_download() as sheet:
        page.get_by_role("link", name="Scheda tecnica (PDF)").last.click()
    assert sheet.value.suggested_filename == "scheda-spid-c_e047.pdf"
    with page.expect_download() as metadata:
        page.get_by_role("link", name="Scarica i metadati (XML)").click()
    assert metadata.value.suggested_filename == "metadata-spid-c_e047.xml"


def test_it_works_without_scripts(unregistered: Municipality, phone_no_js: Visitor) -> None:
    page = at_work(phone_no_js, "/comuni/E047/identita/spid/")
    _register(phone_no_js, page)


def test_providers_and_comuni_at_a_glance(unregistered: Municipality, anybody: Visitor) -> None:
    page = at_work(anybody, "/identita/")
    expect(page.get_by_role("row").filter(has_text=COMUNE)).to_contain_text("non registrato")
    row = page.get_by_role("row").filter(has_text="CIE dimostrativa")
    row.get_by_role("button", name="Spegni").click()
    expect(page.get_by_text("Con CIE dimostrativa non si entra più.")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="CIE dimostrativa")).to_contain_text("spento")
    anybody.assert_page_is_good()
    page.get_by_role("button", name="Accendi").click()
    expect(page.get_by_role("row").filter(has_text="CIE dimostrativa")).to_contain_text("acceso")


def test_the_log_is_opened_with_a_reason(number: str, anybody: Visitor) -> None:
    page = at_work(anybody, "/identita/")
    page.get_by_role("link", name="Registro SAML").click()
    page.get_by_label("Numero dell'accesso").fill(number)
    page.get_by_label("Perché lo apri").fill("per sapere")
    page.get_by_label("Perché lo apri").fill("breve")
    page.get_by_role("button", name="Apri").click()
    expect(page.locator("main")).to_contain_text("Scrivi almeno 10 caratteri")
    anybody.assert_page_is_good("refused")
    page.get_by_label("Perché lo apri").fill("Reclamo di una cittadina, protocollo 12/2026")
    page.get_by_role("button", name="Apri").click()
    expect(page.locator("main")).to_contain_text("<p:AuthnRequest")
    anybody.assert_page_is_good("opened")


def _register(person: Visitor, page: Page) -> None:
    page.get_by_label("Codice IPA").fill("c_e047")
    page.get_by_label("Sito dell'ente").fill("https://www.comune.giovinazzo.ba.it")
    page.get_by_label("Email di contatto").fill("protocollo@comune.giovinazzo.example")
    page.get_by_label("Telefono di contatto").fill("080 390 2311")
    person.assert_page_is_good("blank")
    page.get_by_role("button", name="Registra l'ente").click()
    expect(page.locator("main")).to_contain_text("Scrivi il numero con +39 davanti")
    expect(page.get_by_label("Codice IPA")).to_have_value("c_e047")
    person.assert_page_is_good("refused")
    page.get_by_label("Telefono di contatto").fill("+39 080 390 2311")
    page.get_by_role("button", name="Registra l'ente").click()
    expect(page.get_by_text("Ente registrato: ora crea la sua chiave.")).to_be_visible()
    person.assert_page_is_good("registered")
    _deed(page, "La chiave nuova comparirà subito", "Crea la chiave", "Chiave creata: firma da subito.")


def _roll_over(person: Visitor, page: Page) -> None:
    page.get_by_text("Comincia un cambio di chiave").first.click()
    _deed(page, "So che i metadati con due", "Comincia un cambio di chiave", "Chiave nuova pubblicata")
    expect(page.get_by_text("pubblicata", exact=True)).to_be_visible()
    person.assert_page_is_good("two-keys")
    page.get_by_text("Firma con la chiave nuova").first.click()
    _deed(page, "I gestori hanno già letto", "Firma con la chiave nuova", "Ora firma la chiave nuova.")
    page.get_by_text("Concludi il cambio").first.click()
    _deed(page, "So che la chiave privata vecchia", "Concludi il cambio", "Cambio concluso")
    expect(page.get_by_text("ritirata", exact=True)).to_be_visible()


def _tick_and_move(person: Visitor, page: Page) -> None:
    page.get_by_label("Nuovo stato").select_option("collaudo")
    page.get_by_role("button", name="Cambia stato").click()
    expect(page.get_by_text("Stato aggiornato.")).to_be_visible()
    page.get_by_label("Nuovo stato").select_option("production")
    page.get_by_role("button", name="Cambia stato").click()
    expect(page.locator("main")).to_contain_text("Mancano 9 passi dell'elenco")
    step = page.get_by_role("listitem").filter(has_text="Adesione del Comune all'aggregatore")
    step.get_by_text("Segna come fatto").first.click()
    step.get_by_label("Nota").fill("Delibera 44/2026")
    person.assert_page_is_good("step")
    step.get_by_role("button", name="Segna come fatto").click()
    expect(page.get_by_text("Passo segnato come fatto.")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Delibera 44/2026")
    person.assert_page_is_good("ticked")


def _deed(page: Page, confirmation: str, button: str, sentence: str) -> None:
    page.get_by_label(confirmation).check()
    page.get_by_role("button", name=button).click()
    expect(page.get_by_text(sentence)).to_be_visible()
