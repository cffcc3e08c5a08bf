"""A clerk issues notices in bulk: terms, preview, who is left out, notices; and settles money kept aside."""

import re
import time

from playwright.sync_api import expect

from integrations.pagopa.models import CreditorInstitution
from sportello.accounts.models import Role
from sportello.billing.issuing.models import NoticeIssue
from sportello.billing.receipts.models import KeptAside
from sportello.billing.receipts.settling import settle
from sportello.jobs.running import run_job
from sportello.kernel import clock
from tenants.current import current_municipality
from tests.factories import adult, child
from tests.factories.paying import charge, institution, receipt
from tests.journeys.browser import Visitor
from tests.journeys.site import Site


def test_a_clerk_issues_notices(anybody: Visitor) -> None:
    with anybody.site.inside("bari"):
        if not CreditorInstitution.objects.filter(municipality=current_municipality()).exists():
            institution(current_municipality(), cbill_code="AB12C")
        charge(child(adult()), 4550)
        charge(child(adult(fiscal_code=None)), 1200)
    anybody.enter_as(anybody.site.account("bari", Role.CLERK), "bari")
    page = anybody.open("bari", "/ufficio/emissioni/nuova/")
    anybody.assert_page_is_good("1-terms")
    page.get_by_role("button", name="Calcola l'anteprima").click()
    expect(page.get_by_role("alert")).to_contain_text("Servizi")
    anybody.assert_page_is_good("2-missing")
    page.get_by_role("checkbox", name="Mensa").first.check()
    page.get_by_label("Causale").fill("Mensa, autunno 2026")
    for name, day in (("due_on", "15"), ("last_day", "31")):
        for part, word in (("day", day), ("month", "1"), ("year", "2027")):
            page.locator(f"[name={name}_{part}]").fill(word)
    page.get_by_role("button", name="Calcola l'anteprima").click()
    made = _worked(anybody.site)
    page = anybody.open("bari", f"/ufficio/emissioni/{made}/")
    expect(page.get_by_role("heading", name="Chi resta fuori")).to_be_visible()
    anybody.assert_page_is_good("3-preview")
    page.get_by_role("link", name="Manca il codice fiscale").click()
    anybody.assert_page_is_good("4-left-out")
    page = anybody.open("bari", f"/ufficio/emissioni/{made}/")
    page.get_by_role("button", name="Emetti").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Avanzamento del lavoro")
    _worked(anybody.site)
    page = anybody.open("bari", f"/ufficio/emissioni/{made}/")
    anybody.assert_page_is_good("5-issued")
    page.get_by_role("link", name="Vedi gli avvisi").click()
    anybody.assert_page_is_good("6-notices")
    page.locator("table.data a[href^='/ufficio/avvisi/']").first.click()
    anybody.assert_page_is_good("7-notice")
    for action in ("Registra il pagamento", "Correggi l'importo", "Annulla l'avviso"):
        page.get_by_role("link", name=action).click()
        anybody.assert_page_is_good(f"8-{action.split()[0].lower()}")
        page.go_back()
    anybody.open("bari", "/ufficio/emissioni/")
    anybody.assert_page_is_good("9-list")


def test_a_clerk_settles_money_kept_aside(anybody: Visitor) -> None:
    with anybody.site.inside("bari"):
        if not CreditorInstitution.objects.filter(municipality=current_municipality()).exists():
            institution(current_municipality(), cbill_code="AB12C")
        minor = child(adult())
        charge(minor, 2000)
        settle(receipt_id=receipt("302000000000099997", 1234).pk, now=clock.now())
        aside = KeptAside.objects.latest("pk")
    anybody.enter_as(anybody.site.account("bari", Role.CLERK), "bari")
    page = anybody.open("bari", "/ufficio/somme-da-sistemare/")
    anybody.assert_page_is_good("asides")
    page = anybody.open("bari", f"/ufficio/somme-da-sistemare/{aside.public_id}/?cerca={minor.family_name}")
    anybody.assert_page_is_good("aside")
    page.get_by_role("link", name=minor.listed_name).first.click()
    page.get_by_label("Nota").fill("Lo dice la ricevuta")
    anybody.assert_page_is_good("credit")
    page.get_by_role("button", name="Accredita").click()
    expect(page).to_have_url(re.compile("/conto/mensa/$"))


def _worked(site: Site) -> str:
    """The newest issue, once its job is done, by a worker of the site or here."""
    with site.inside("bari"):
        made = NoticeIssue.objects.select_related("job").latest("pk")
        assert made.job
        for _ in range(100):  # a worker of the site may be at it
            run_job(public_id=made.job.public_id, now=clock.now)
            made.job.refresh_from_db()
            if made.job.finished_at:
                break
            time.sleep(0.2)
        assert made.job.state == "done"
        return str(made.public_id)
