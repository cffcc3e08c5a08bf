"""The accountant's month: a flow brought as a file, a chapter set, the collections read, the journal loaded."""

from playwright.sync_api import FilePayload, expect

from integrations.pagopa.models import CreditorInstitution
from sportello.accounts.models import Role
from sportello.billing.accounting.journal import COLUMNS
from sportello.billing.accounting.models import Chapter
from sportello.billing.debts.opening import Collected
from sportello.billing.receipts.settling import settle
from sportello.kernel import clock
from tenants.current import current_municipality
from tests.billing.reconciliation.test_feeding import xml
from tests.factories import adult, child
from tests.factories.numbering import next_number
from tests.factories.paying import charge, institution, position, receipt
from tests.journeys.browser import Visitor


def test_an_accountant_closes_her_month(anybody: Visitor) -> None:
    fdr = f"2026-11-23BANCA-{next_number()}"
    with anybody.site.inside("bari"):
        ours = CreditorInstitution.objects.filter(municipality=current_municipality()).first()
        code = (ours or institution(current_municipality(), cbill_code="AB12C")).fiscal_code
        Chapter.objects.all().delete()  # of the visitor before
        minor = child(adult())
        charge(minor, 4550)
        made = position(adult(), Collected(minor.pk, "mensa", 4550))
        came = settle(receipt_id=receipt(made.options.get()).pk, now=clock.now())
        content = xml(code, (came, 4550), fdr=fdr)
    anybody.enter_as(anybody.site.account("bari", Role.CLERK), "bari")
    page = anybody.open("bari", "/ufficio/riconciliazione/flussi/")
    page.get_by_role("button", name="Carica il flusso").click()
    anybody.assert_page_is_good("1-no-file")
    page.set_input_files("[name=file]", FilePayload(name="flusso.xml", mimeType="text/xml", buffer=content))
    page.get_by_role("button", name="Carica il flusso").click()
    expect(page.get_by_role("row", name=fdr)).to_be_visible()
    anybody.assert_page_is_good("2-flows")
    page = anybody.open("bari", "/ufficio/contabilita/?dal=2026-11-01&al=2026-11-30")
    expect(page.get_by_text("Capitolo da configurare").first).to_be_visible()
    anybody.assert_page_is_good("3-collections")
    page.get_by_role("link", name="Capitoli dei servizi").click()
    page.get_by_label("Servizio").select_option("mensa")
    page.get_by_label("Capitolo").fill("30200.01")
    page.get_by_label("Anno dell'accertamento").fill("2026")
    page.get_by_label("Numero dell'accertamento").fill("17")
    for part, word in (("day", "1"), ("month", "9"), ("year", "2026")):
        page.locator(f"[name=since_{part}]").fill(word)
    page.get_by_role("button", name="Imposta il capitolo").click()
    anybody.assert_page_is_good("4-chapters")
    page = anybody.open("bari", "/ufficio/contabilita/?dal=2026-11-01&al=2026-11-30")
    expect(page.get_by_text("30200.01 2026/17").first).to_be_visible()
    anybody.assert_page_is_good("5-by-chapter")
    number, uri = next_number(), f"/PUR/LGPE-RIVERSAMENTO/URI/{fdr}"
    lines = [f"2026;{number};2026-11-25;BANCA;ACCREDITO {uri};45.50;2026-11-25"]
    lines.append(f"2026;{number}B;2026-11-25;ROSSI;AFFITTO SALA;80.00;2026-11-25")
    journal = "\n".join([";".join(COLUMNS), *lines]).encode()
    page = anybody.open("bari", "/ufficio/contabilita/tesoreria/")
    page.set_input_files("[name=file]", FilePayload(name="cassa.csv", mimeType="text/csv", buffer=journal))
    page.get_by_role("button", name="Carica il giornale").click()
    expect(page.get_by_text("AFFITTO SALA").first).to_be_visible()
    anybody.assert_page_is_good("6-treasury")
    page.get_by_role("link", name="Abbinate").click()
    expect(page.get_by_text(fdr).first).to_be_visible()
    anybody.assert_page_is_good("7-matched")
    anybody.open("bari", "/ufficio/riconciliazione/messaggi/")
    anybody.assert_page_is_good("8-messages")
