"""A parent, phone or desktop, with scripts or without: from the sheet to the protocol number."""

import re
from contextlib import closing
from datetime import timedelta
from http.client import HTTPConnection

import pytest
from playwright.sync_api import Page, expect

from services_catalog.queries import edition_on
from sportello.accounts.models import Role
from sportello.applications.models import Application, ApplicationState
from sportello.applications.reviewing import ask_completion
from sportello.families.models import Child
from sportello.kernel import clock
from sportello.notifications.models import Notice, OutboxMail
from sportello.schools.models import Level, School
from tests.factories import family, isee, pupil, section
from tests.factories.applications import sent_application
from tests.factories.people import Family, account
from tests.journeys.browser import Visitor
from tests.journeys.site import Site

NAMES = ("Sofia", "Luca", "Giulia")


def new_family(site: Site, slug: str, *, children: int = 2) -> Family:
    """A mother whose children sit in a primary class; the first has an ISEE of 8.500 euro."""
    with site.inside(slug):
        school = School.objects.filter(level=Level.PRIMARY).order_by("school_code").first()
        made = family(children=children)
        for child, name in zip(made.children, NAMES, strict=False):
            child.given_name = name
            child.save()
            pupil(child, section(school, class_year=2))
        isee(made.children[0])
        return made


def forward(page: Page) -> None:
    page.get_by_role("button", name="Avanti").click()


def looked_through(person: Visitor, page: Page, heading: str, name: str) -> None:
    """The step has come, and is good at its end, where the row of buttons that sticks to the window covers nothing."""
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    page.wait_for_load_state()
    page.evaluate("() => window.scrollTo(0, document.body.scrollHeight)")
    person.assert_page_is_good(name)


def choose(page: Page, name: str) -> None:
    page.get_by_role("radio", name=name).check()


def test_from_the_sheet_to_the_protocol_number(everybody: Visitor) -> None:
    made = new_family(everybody.site, "bari")
    child = made.children[0]
    page = everybody.open("bari")
    everybody.assert_page_is_good("1-home")
    _asks_what_she_would_pay(everybody, page)
    everybody.enter_as(made.account, "bari")
    page.get_by_role("link", name="Fai la domanda").click()
    _fills_the_steps(everybody, page, child)
    page.get_by_role("button", name="Invia la domanda").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Domanda inviata")
    everybody.assert_page_is_good("9-sent")
    with everybody.site.inside("bari"):
        application = Application.objects.get(child=child)
        assert application.state == ApplicationState.SUBMITTED
        assert str(application.protocol) in page.content()
        assert Notice.objects.filter(account=made.account).count() == 1
        assert OutboxMail.objects.filter(idempotency_key__contains=str(application.public_id)).count() == 1
        assert application.explanation["amount_cents"] == 190
    assert _receipt(everybody, page).startswith(b"%PDF-")
    _follows_it(everybody, page, child)


def _asks_what_she_would_pay(person: Visitor, page: Page) -> None:
    page.get_by_role("link", name="Mensa scolastica", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mensa scolastica")
    person.assert_page_is_good("2-sheet")
    page.get_by_role("link", name="Quanto pagherei?").first.click()
    choose(page, "Sì")
    page.get_by_label("Valore dell'ISEE").fill("8.500,00")
    choose(page, "Scuola primaria")
    page.get_by_role("button", name="Calcola").click()
    expect(page.get_by_text("Come ci si arriva")).to_be_visible()
    assert "1,90" in page.locator(".fact-large").inner_text()
    person.assert_page_is_good("3-quote")


def _fills_the_steps(person: Visitor, page: Page, child: Child) -> None:
    looked_through(person, page, "Privacy", "4-privacy")
    page.get_by_role("checkbox", name=re.compile("Ho letto")).check()
    forward(page)
    choose(page, child.full_name)
    page.get_by_label("La tua email").fill("mamma@example.org")
    looked_through(person, page, "Per chi è la domanda", "5-child")
    forward(page)
    choose(page, "Dieta etico-religiosa")
    looked_through(person, page, "Scuola e dieta", "6-school")
    forward(page)
    choose(page, "Usa l'ISEE che conosciamo")
    looked_through(person, page, "ISEE e tariffa", "7-isee")
    forward(page)
    looked_through(person, page, "Riepilogo", "8-summary")


def _follows_it(person: Visitor, page: Page, child: Child) -> None:
    page.get_by_role("link", name="Segui la domanda").click()
    expect(page.get_by_text("L'ufficio esamina la domanda")).to_be_visible()
    person.assert_page_is_good("10-application")
    person.open("bari", "/area/")
    person.assert_page_is_good("11-area")
    page.locator(f'a[href="/area/figli/{child.public_id}/"]').click()
    person.assert_page_is_good("12-child")


def _receipt(person: Visitor, page: Page) -> bytes:
    path = str(page.get_by_role("link", name=re.compile("Scarica la ricevuta")).get_attribute("href"))
    cookie = next(one for one in page.context.cookies() if one["name"] == "sessione")
    # By 127.0.0.1 and the Host header: the resolver of a test machine may not know *.localhost.
    with closing(HTTPConnection("127.0.0.1", person.site.port, timeout=10)) as server:
        server.request("GET", path, headers={"Host": "bari.localhost", "Cookie": f"sessione={cookie['value']}"})
        with server.getresponse() as answer:
            return answer.read()


def test_a_draft_begun_on_the_phone_is_finished_at_the_desk(phone: Visitor, desktop: Visitor) -> None:
    made = new_family(phone.site, "bitonto", children=1)
    phone.enter_as(made.account, "bitonto")
    page = phone.open("bitonto", "/servizi/mensa/domanda/")
    page.get_by_role("checkbox", name=re.compile("Ho letto")).check()
    forward(page)
    forward(page)
    choose(page, "Dieta sanitaria")
    page.get_by_role("button", name="Salva e continua dopo").click()
    expect(page.get_by_role("heading", name="Da fare")).to_be_visible()
    phone.assert_page_is_good("area")

    desktop.enter_as(made.account, "bitonto")
    page = desktop.open("bitonto", "/area/")
    page.get_by_role("link", name=re.compile("Riprendi")).first.click()
    expect(page.get_by_role("radio", name="Dieta sanitaria")).to_be_checked()
    forward(page)
    expect(page.get_by_role("alert")).to_contain_text("Carica il certificato")
    looked_through(desktop, page, "Scuola e dieta", "error")
    page.get_by_role("checkbox", name="Porterò il certificato in ufficio").check()
    forward(page)
    choose(page, "Dichiaro un ISEE nuovo")
    page.get_by_label("Valore dell'ISEE").fill("12.000")
    page.get_by_label("Protocollo della DSU").fill("INPS-ISEE-2026-00000001A-00")
    for part, value in (("Giorno", "3"), ("Mese", "2"), ("Anno", "2026")):
        page.get_by_label(part, exact=True).fill(value)
    looked_through(desktop, page, "ISEE e tariffa", "isee")
    forward(page)
    page.get_by_role("button", name="Invia la domanda").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Domanda inviata")


def test_two_tabs_send_once(desktop_no_js: Visitor) -> None:
    made = new_family(desktop_no_js.site, "terlizzi", children=1)
    desktop_no_js.enter_as(made.account, "terlizzi")
    page = desktop_no_js.open("terlizzi", "/servizi/mensa/domanda/")
    page.get_by_role("checkbox", name=re.compile("Ho letto")).check()
    for _step in ("privacy", "figlio", "scuola", "isee"):
        forward(page)
    other = page.context.new_page()
    other.goto(page.url)
    page.get_by_role("button", name="Invia la domanda").click()
    other.get_by_role("button", name="Invia la domanda").click()
    assert page.url == other.url
    protocol = page.locator(".fact-large .fact-value").inner_text()
    assert other.locator(".fact-large .fact-value").inner_text() == protocol


@pytest.mark.parametrize("path", ["/appuntamento/", "/area/domande/", "/servizi/mensa/quanto-pagherei/"])
def test_the_other_pages_are_good(anybody: Visitor, path: str) -> None:
    made = new_family(anybody.site, "bari", children=1)
    anybody.enter_as(made.account, "bari")
    anybody.open("bari", path)
    anybody.assert_page_is_good()


def test_an_appointment(everybody: Visitor) -> None:
    made = new_family(everybody.site, "bari", children=1)
    everybody.enter_as(made.account, "bari")
    page = everybody.open("bari", "/appuntamento/?servizio=mensa")
    page.get_by_role("button", name="Chiedi l'appuntamento").click()
    expect(page.get_by_role("alert")).to_be_visible()
    everybody.assert_page_is_good("error")
    choose(page, "mattina, dalle 9 alle 11")
    page.get_by_label("Motivo").fill("Non capisco la tariffa")
    monday = next(day for day in (clock.today() + timedelta(days=n) for n in range(1, 8)) if day.weekday() == 0)
    for part, value in (("Giorno", monday.day), ("Mese", monday.month), ("Anno", monday.year)):
        page.get_by_role("textbox", name=part, exact=True).fill(str(value))
    page.get_by_role("button", name="Chiedi l'appuntamento").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Richiesta inviata")
    everybody.assert_page_is_good("requested")


def test_she_rates_the_service(everybody: Visitor) -> None:
    made = new_family(everybody.site, "bari", children=1)
    everybody.enter_as(made.account, "bari")
    page = everybody.open("bari", "/servizi/mensa/domanda/")
    page.get_by_role("checkbox", name=re.compile("Ho letto")).check()
    for _step in ("privacy", "figlio", "scuola", "isee"):
        forward(page)
    page.get_by_role("button", name="Invia la domanda").click()
    page.locator("#stelle-2").check()
    forward(page)
    expect(page.get_by_text("Dove hai incontrato le maggiori difficoltà?")).to_be_visible()
    everybody.assert_page_is_good("reasons")
    page.get_by_label("Ho avuto problemi tecnici").check()
    page.get_by_role("button", name="Invia la valutazione").click()
    expect(page.get_by_text("Grazie: la tua valutazione")).to_be_visible()


def test_she_completes_what_the_office_asks(anybody: Visitor) -> None:
    made = new_family(anybody.site, "bari", children=1)
    with anybody.site.inside("bari"):
        sent = sent_application(
            edition_on("mensa", clock.today()),
            made.children[0],
            applicant=made.account,
        )
        clerk = account(Role.CLERK)
        ask_completion(application=sent, reason="Carica il certificato medico", actor=clerk, now=clock.now())
    anybody.enter_as(made.account, "bari")
    page = anybody.open("bari", "/area/")
    anybody.assert_page_is_good("area")
    page.get_by_role("link", name=re.compile("Rispondi")).click()
    expect(page.get_by_text("Carica il certificato medico").first).to_be_visible()
    anybody.assert_page_is_good("asked")
    page.get_by_label("La tua risposta").fill("Eccolo")
    document = {"name": "certificato.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
    page.get_by_label("Documento").set_input_files(document)
    page.get_by_role("button", name="Invia la risposta").click()
    expect(page.get_by_text("la domanda è di nuovo all'ufficio")).to_be_visible()
    expect(page.get_by_role("link", name="certificato.pdf")).to_be_visible()
    anybody.assert_page_is_good("answered")
