"""The office reminds who has not paid: the rules, who would move, the steps, a person of the list."""

import time
from datetime import timedelta

from playwright.sync_api import expect

from integrations.pagopa.models import CreditorInstitution
from sportello.accounts.models import Role
from sportello.billing.debts.opening import Collected
from sportello.billing.ladder.models import LadderRun
from sportello.jobs.running import run_job
from sportello.kernel import clock
from tenants.current import current_municipality
from tests.factories import adult, child
from tests.factories.paying import charge, institution, position
from tests.journeys.browser import Visitor
from tests.journeys.site import Site


def test_the_office_reminds_who_has_not_paid(anybody: Visitor) -> None:
    with anybody.site.inside("bari"):
        if not CreditorInstitution.objects.filter(municipality=current_municipality()).exists():
            institution(current_municipality(), cbill_code="AB12C")
        payer = adult()
        minor = child(payer)
        charge(minor, 4550)
        day = clock.today() - timedelta(days=40)
        position(payer, Collected(minor.pk, "mensa", 4550), due_on=day, last_day=day)
    anybody.enter_as(anybody.site.account("bari", Role.ADMINISTRATOR), "bari")
    anybody.open("bari", "/ufficio/solleciti/")
    anybody.assert_page_is_good("1-without-rules")
    page = anybody.open("bari", "/ufficio/solleciti/regole/")
    anybody.assert_page_is_good("2-rules")
    for part, word in (("day", "1"), ("month", "9"), ("year", "2026")):
        page.locator(f"[name=in_force_from_{part}]").fill(word)
    page.get_by_label("Atto che lo decide").fill("Delibera 7")
    page.get_by_label("Responsabile che firma").fill("dott.ssa Anna Bianchi")
    page.locator("[name=reminder_text]").fill("Gentile {cognome}")
    page.get_by_role("button", name="Salva le regole").click()
    expect(page.get_by_role("alert")).to_contain_text("{cognome}")
    anybody.assert_page_is_good("3-unknown-field")
    page.locator("[name=reminder_text]").fill("Gentile {nome}, paga {totale}.")
    page.get_by_role("button", name="Salva le regole").click()
    anybody.assert_page_is_good("4-rules-saved")
    page.get_by_role("button", name="Guarda chi si muoverebbe").click()
    run = _worked(anybody.site)
    page = anybody.open("bari", f"/ufficio/solleciti/{run}/")
    anybody.assert_page_is_good("5-preview")
    page.get_by_role("button", name="Fai fare il passo").click()
    _worked(anybody.site)
    page = anybody.open("bari", f"/ufficio/solleciti/{run}/")
    anybody.assert_page_is_good("6-moved")
    page.get_by_role("link", name=payer.listed_name).first.click()
    anybody.assert_page_is_good("7-person")


def _worked(site: Site) -> str:
    """The newest run, once its job is done, by a worker of the site or here."""
    with site.inside("bari"):
        made = LadderRun.objects.select_related("job").latest("pk")
        assert made.job
        for _ in range(100):  # a worker of the site may be at it
            run_job(public_id=made.job.public_id, now=clock.now)
            made.job.refresh_from_db()
            if made.job.finished_at:
                break
            time.sleep(0.2)
        assert made.job.state == "done"
        return str(made.public_id)
