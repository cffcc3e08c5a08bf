"""The central team writes the codes of a Comune for pagoPA, and reads what differs from PagoPA's record."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from integrations.pagopa.models import CreditorInstitution, Drift, DriftCheck
from sportello.kernel import clock
from tenants.models import Municipality
from tenants.municipal_packs import pack_of
from tests.journeys.browser import Visitor
from tests.journeys.registering import registered
from tests.journeys.site import Site
from tests.journeys.test_central_identity import at_work

BROKER = "12345678903"
CODES = {
    "Codice fiscale dell'ente": "80015010723",
    "Codice dell'intermediario": BROKER,
    "Codice della stazione": f"{BROKER}_01",
    "Codice CBILL": "ab1cd",
    "IBAN della tesoreria": "IT60 X054 2811 1010 0000 0123 456",
}


@pytest.fixture
def unregistered(site: Site) -> Iterator[Municipality]:
    """A Comune without codes, and a broker with which something does not agree."""
    made = registered(pack_of("E047").facts)
    _forget()
    now = clock.now()
    DriftCheck.objects.create(broker_code=BROKER, checked_at=now, institutions=1, differences=2)
    for what, ours, theirs in (("segregation", "03", "04"), ("iban", "IT60X0542811101000000123456", "")):
        Drift.objects.create(
            broker_code=BROKER, fiscal_code="80015010723", name="Comune di Giovinazzo", what=what, ours=ours,
            theirs=theirs, first_seen_at=now, last_seen_at=now,
        )  # fmt: skip
    yield made
    _forget()


def _forget() -> None:
    for kind in (Drift, DriftCheck):
        kind.objects.all().delete()
    CreditorInstitution.objects.filter(municipality__belfiore_code="E047").delete()


def test_codes_are_written_and_differences_read(unregistered: Municipality, anybody: Visitor) -> None:
    page = at_work(anybody, "/pagopa/")
    expect(page.get_by_role("row").filter(has_text="Giovinazzo").last).to_contain_text("non registrato")
    page.get_by_role("link", name="Giovinazzo", exact=True).click()
    _write(page, segregation="99")
    expect(page.locator("main")).to_contain_text("amministrazione centrale")
    anybody.assert_page_is_good("refused")
    _write(page, segregation="03")
    expect(page.get_by_text("Codici salvati.")).to_be_visible()
    expect(page.get_by_role("table")).to_contain_text("Codice di segregazione")
    anybody.assert_page_is_good("codes")
    anybody.open("centrale", "/pagopa/")
    differences = page.get_by_role("table").first
    expect(differences).to_contain_text("IBAN della tesoreria")
    expect(differences.get_by_role("link", name="Comune di Giovinazzo").first).to_be_visible()
    anybody.assert_page_is_good("list")


def test_it_works_without_scripts(unregistered: Municipality, phone_no_js: Visitor) -> None:
    page = at_work(phone_no_js, "/pagopa/E047/")
    _write(page, segregation="03")
    expect(page.get_by_text("Codici salvati.")).to_be_visible()


def _write(page: Page, *, segregation: str) -> None:
    for label, value in CODES.items():
        page.get_by_label(label).fill(value)
    page.get_by_label("Codice di segregazione").fill(segregation)
    page.get_by_label("Stato").select_option("collaudo")
    page.get_by_role("button", name="Salva i codici").click()
