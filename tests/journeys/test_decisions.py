"""A clerk reads what changes and why, sends some decisions and then the others; the family finds the reason."""

from datetime import date, timedelta

from playwright.sync_api import expect

from services_catalog.models import Edition
from services_catalog.queries import edition_on
from sportello.accounts.models import Role
from sportello.enrolment.pricing import reprice_household
from sportello.families.models import Child
from sportello.fees.models import PriceDecision
from sportello.kernel import clock
from sportello.kernel.dates import DateRange
from sportello.kernel.school_year import SchoolYear
from sportello.schools.models import Level, School
from tests.factories import family, isee, pupil, section
from tests.factories.deciding import send
from tests.factories.meals import place
from tests.journeys.browser import Visitor
from tests.journeys.site import Site

SLUG = "bitonto"
PAGE = "/ufficio/decisioni/"
OCTOBER, AUGUST = date(2026, 10, 1), date(2027, 9, 1)


def repriced(site: Site, count: int) -> list[Child]:
    """Children who were told the highest fee, and filed an ISEE afterwards; nothing else is to send."""
    with site.inside(SLUG):
        PriceDecision.objects.to_send().delete()
        edition = edition_on("mensa", clock.today())
        room = section(School.objects.filter(level=Level.PRIMARY).order_by("school_code").first())
        made = []
        for _number in range(count):
            (minor,) = family().children
            pupil(minor, room)
            place(minor, edition)
            _reprice(minor, edition)
            send(minor)
            isee(minor, "4.000,00", valid_during=(OCTOBER, AUGUST))
            _reprice(minor, edition)
            made.append(minor)
        return made


def _reprice(minor: Child, edition: Edition) -> None:
    """Until today: another journey may have put a fee table in force from tomorrow, and that is a decision more."""
    so_far = DateRange(SchoolYear(2026).period.start, clock.today() + timedelta(days=1))
    reprice_household(child=minor, service=edition.service, within=so_far, now=clock.now())


def left(site: Site) -> int:
    with site.inside(SLUG):
        return PriceDecision.objects.to_send().count()


def test_the_clerk_sends_one_and_then_all(everybody: Visitor) -> None:
    site = everybody.site
    first, _second, _third = repriced(site, 3)
    everybody.enter_as(site.account(SLUG, Role.CLERK), SLUG)
    page = everybody.open(SLUG, PAGE)
    row = page.locator("table tbody tr", has_text=first.family_name).first
    expect(row).to_contain_text("C'è un nuovo ISEE.")
    expect(row).to_contain_text("diminuisce")
    everybody.assert_page_is_good("1-to-send")
    row.get_by_role("checkbox").check()
    page.get_by_role("button", name="Invia le spuntate").click()
    expect(page.get_by_text("1 decisione inviata")).to_be_visible()
    assert left(site) == 2
    page.get_by_role("button", name="Invia tutte le 2 dell'elenco").click()
    expect(page.get_by_text("2 decisioni inviate")).to_be_visible()
    assert left(site) == 0
    everybody.assert_page_is_good("2-none")
    everybody.open(SLUG, f"{PAGE}?vista=inviate")
    everybody.assert_page_is_good("3-sent")
