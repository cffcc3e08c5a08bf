"""The school marks a trip for a class: the roll shows it, the parent's month shows it, nothing is charged.

The days are those of the school year 2024/25, as in test_school_and_close.
"""

import re
from datetime import date

from playwright.sync_api import expect

from services_catalog.models import Closure, ClosureKind
from sportello.accounts.models import Role
from sportello.billing.models import Entry
from sportello.billing.statements import statement_of
from sportello.canteen.announcing import tell_closure
from sportello.canteen.month import Month
from sportello.kernel import clock
from sportello.kernel.money import Money
from tests.factories.meals import meals
from tests.journeys.browser import Visitor
from tests.journeys.site import Site
from tests.journeys.test_school_and_close import World, close, laid, staff

TRIP = date(2025, 2, 14)
BEFORE = date(2025, 2, 13)


def mark_a_trip(person: Visitor, world: World) -> None:
    """From the roll of the class, two pages: what would be cancelled, and done."""
    page = person.open("bari", f"/scuola/classi/{world.section.pk}/{TRIP}/")
    page.get_by_role("link", name=re.compile("Gita")).click()
    expect(page.get_by_role("button", name="Conferma: annulla 3 pasti")).to_be_visible()
    expect(page.get_by_label("Gita", exact=True)).to_be_checked()
    page.get_by_label(re.compile("^Motivo")).fill("Gita a Matera")
    person.assert_page_is_good("conferma")
    page.get_by_role("button", name="Conferma: annulla 3 pasti").click()
    expect(page.get_by_text("Segnato: 3 pasti annullati.")).to_be_visible()
    expect(page.get_by_text("la classe è in gita: Gita a Matera")).to_be_visible()


def test_the_school_marks_a_trip_and_nobody_pays(everybody: Visitor, site: Site) -> None:
    with site.inside("bari"):
        world = laid()
        meals(world.section, {minor: [BEFORE] for minor in world.children})
    everybody.enter_as(world.teacher, "bari")
    mark_a_trip(everybody, world)
    page = everybody.page
    expect(page.get_by_role("button", name="Registra l'appello")).to_have_count(0)
    page.get_by_text("Perché è chiuso?").click()
    expect(page.get_by_text("È questo che decide.")).to_be_visible()
    everybody.assert_page_is_good("in gita")
    everybody.open("bari", f"/scuola/?giorno={TRIP}")
    expect(page.get_by_text("in gita", exact=True)).to_be_visible()
    everybody.assert_page_is_good("classi")
    with site.inside("bari"):
        tell_closure(closure=Closure.objects.get(section=world.section).pk, now=clock.now())
        close(Month(2025, 2))
        for minor in world.children:
            assert statement_of(minor, "mensa").due == Money(190), "the meal of the day before, and no other"
        minor, entries = world.children[0], Entry.objects.count()
        close(Month(2025, 2))
        assert Entry.objects.count() == entries
    everybody.enter_as(world.parent, "bari")
    everybody.open("bari", f"/area/figli/{minor.public_id}/mensa/?mese=2025-02")
    expect(page.locator("td.ate")).to_have_count(1)
    expect(page.locator("td.closed")).to_have_count(1)
    page.get_by_text("Perché?").last.click()
    everybody.assert_page_is_good("mese della famiglia")
    everybody.open("bari", "/area/avvisi/")
    expect(page.get_by_text("Mensa: Gita a Matera")).to_be_visible()


def test_a_trip_marked_by_mistake_is_taken_back_without_scripts(phone_no_js: Visitor, site: Site) -> None:
    with site.inside("bari"):
        world = laid()
    phone_no_js.enter_as(world.teacher, "bari")
    mark_a_trip(phone_no_js, world)
    page = phone_no_js.page
    page.get_by_role("button", name=re.compile("Annulla: la mensa c'è")).click()
    expect(page.get_by_role("button", name="Registra l'appello")).to_be_visible()
    phone_no_js.assert_page_is_good("di nuovo mensa")
    with site.inside("bari"):
        assert not Closure.objects.filter(section=world.section).exists()


def test_the_office_closes_the_comune_and_reads_why(everybody: Visitor, site: Site) -> None:
    with site.inside("bari"):
        world, clerk = laid(), staff(Role.CLERK, "Franco")
    everybody.enter_as(clerk, "bari")
    page = everybody.open("bari", "/ufficio/calendario/")
    everybody.assert_page_is_good("calendario")
    page.get_by_role("link", name="Ordinanza").click()
    for name, value in (("giorno", "17"), ("mese", "2"), ("anno", "2025")):
        page.get_by_role("group", name="Primo giorno").get_by_label(re.compile(name, re.IGNORECASE)).fill(value)
    page.get_by_label(re.compile("^Motivo")).fill("Allerta meteo")
    page.get_by_role("button", name=re.compile("Conferma")).click()
    expect(page.get_by_text("ricontrolla e conferma")).to_be_visible()
    everybody.assert_page_is_good("ricontrolla")
    page.get_by_role("button", name=re.compile("Conferma")).click()
    expect(page.get_by_text("Segnato")).to_be_visible()
    code = world.section.school.school_code
    everybody.open("bari", f"/ufficio/calendario/perche/?giorno=2025-02-17&servizio=mensa&plesso={code}")
    expect(page.get_by_text("Allerta meteo").first).to_be_visible()
    everybody.assert_page_is_good("perché")
    everybody.open("bari", "/ufficio/calendario/adattamenti/")
    expect(page.get_by_text("2026/27").first).to_be_visible()
    everybody.assert_page_is_good("adattamenti")
    with site.inside("bari"):
        Closure.objects.filter(kind=ClosureKind.ORDINANCE, reason="Allerta meteo").delete()
