"""The school calls the roll on a phone; the office closes the month; the family reads the statement, to the cent.

The days are those of the school year 2024/25, with an edition of their own: always past, whatever the day of the run.
"""

import re
from dataclasses import dataclass
from datetime import date

from playwright.sync_api import Page, expect

from services_catalog.fee_table import PerBlock
from services_catalog.models import Closure, ClosureKind, Edition, EditionStatus
from services_catalog.schema import LevelSpan
from sportello.accounts.models import Account, Role
from sportello.billing.models import Entry
from sportello.billing.statements import statement_of
from sportello.canteen.models import DietKind, MealBlock, PresenceChange, SpecialDiet
from sportello.canteen.month import Month
from sportello.canteen.month_close import close_month
from sportello.families.models import Child
from sportello.kernel import clock
from sportello.kernel.money import Money
from sportello.kernel.school_year import SchoolYear
from sportello.schools.models import Section
from tests.factories import child, citizen, family, grant, pupil, scope, section
from tests.factories.meals import canteen_content, canteen_edition, meals, place, price
from tests.factories.numbering import school_year_period
from tests.factories.progress import Silent
from tests.journeys.browser import Visitor
from tests.journeys.site import Site

YEAR = SchoolYear(2024)
PERIOD = school_year_period(YEAR)
SPAN = LevelSpan(level="primaria", first_day=date(2024, 9, 16), last_day=date(2025, 6, 6))
TUESDAY = date(2025, 3, 11)
LIBERATION_DAY = date(2025, 4, 25)


@dataclass(frozen=True)
class World:
    """A section with three children at the canteen, their teacher, and the parent of the first."""

    section: Section
    children: list[Child]
    teacher: Account
    parent: Account


def edition_of_2024(*, blocks: bool = False) -> Edition:
    """The canteen of 2024/25, put in force by the first journey that needs it."""
    found = Edition.objects.filter(
        service__code="mensa", school_year=YEAR.start_year, status=EditionStatus.IN_FORCE
    ).first()
    unit = PerBlock(meals=21) if blocks else None
    return found or canteen_edition(canteen_content(unit, spans=(SPAN,)), year=YEAR)


def staff(role: Role, name: str) -> Account:
    person = citizen(given_name=name, family_name="Prova")
    grant(person, role)
    return person


def laid(*, cents: int = 190, blocks: bool = False) -> World:
    """Lays a world of its own in the current Comune."""
    edition, room = edition_of_2024(blocks=blocks), section(school_year=YEAR.start_year)
    home = family(given_name="Sofia", family_name="Abbatantuono")
    children = [home.children[0], child(family_name="Bellomo"), child(family_name="Cassano")]
    for minor in children:
        pupil(minor, room, valid_during=PERIOD)
        place(minor, edition, valid_during=PERIOD)
        price(minor, edition, cents, valid_during=PERIOD)
    SpecialDiet.objects.create(
        child=children[1], kind=DietKind.MEDICAL, code="D7", valid_during=(date(2024, 9, 1), None)
    )
    teacher = staff(Role.SCHOOL, "Lucia")
    scope(teacher, room)
    return World(room, children, teacher, home.account)


def close(month: Month) -> None:
    close_month(service=edition_of_2024().service, month=month, actor=None, now=clock.now(), progress=Silent())


def row_of(page: Page, name: str) -> object:
    return page.get_by_role("checkbox", name=re.compile(name))


def test_a_teacher_calls_the_roll_and_corrects_it(phone: Visitor, site: Site) -> None:
    with site.inside("bari"):
        world = laid()
    phone.enter_as(world.teacher, "bari")
    page = phone.open("bari", f"/scuola/?giorno={TUESDAY}")
    phone.assert_page_is_good("classi")
    page.get_by_role("link", name=re.compile("Classe")).click()
    expect(page.get_by_text("dieta D7")).to_be_visible()
    assert "€" not in page.locator("main").inner_text()
    page.get_by_text("Bellomo").click()
    expect(row_of(page, "Bellomo")).not_to_be_checked()
    phone.assert_page_is_good("appello")
    page.get_by_role("button", name="Registra l'appello").click()
    expect(page.get_by_text("Appello registrato: 2 a mensa.")).to_be_visible()
    phone.assert_page_is_good("fatto")
    page.get_by_role("link", name="Correggi l'appello").click()
    page.get_by_text("Bellomo").first.click()
    page.get_by_role("button", name="Registra la correzione").click()
    expect(page.get_by_text("Scrivi perché correggi l'appello.")).to_be_visible()
    page.get_by_label("Perché correggi").fill("È arrivato alle dieci")
    phone.assert_page_is_good("correzione")
    page.get_by_role("button", name="Registra la correzione").click()
    expect(page.get_by_text("1 presenza corretta.")).to_be_visible()
    expect(page.get_by_text("È arrivato alle dieci")).to_be_visible()
    expect(page.get_by_text("Lucia Prova").last).to_be_visible()
    phone.assert_page_is_good("storia")
    page.get_by_role("link", name="Il mese della classe").click()
    phone.assert_page_is_good("mese")
    with site.inside("bari"):
        change = PresenceChange.objects.get(presence__child=world.children[1])
        assert (change.ate_after, change.changed_by) == (True, world.teacher.pk)


def test_the_roll_is_called_without_scripts(phone_no_js: Visitor, site: Site) -> None:
    with site.inside("bari"):
        world = laid()
    phone_no_js.enter_as(world.teacher, "bari")
    page = phone_no_js.open("bari", f"/scuola/classi/{world.section.pk}/{TUESDAY}/")
    row_of(page, "Cassano").uncheck()
    page.get_by_role("button", name="Registra l'appello").click()
    expect(page.get_by_text("Appello registrato: 2 a mensa.")).to_be_visible()
    phone_no_js.assert_page_is_good()


def test_a_closed_day_is_refused_with_its_reason(phone: Visitor, site: Site) -> None:
    with site.inside("bari"):
        world = laid()
        days = (date(2025, 3, 14), date(2025, 3, 15))
        Closure.objects.create(days=days, kind=ClosureKind.TRIP, reason="Gita a Matera", section=world.section)
    phone.enter_as(world.teacher, "bari")
    for day, reason in ((LIBERATION_DAY, "festa nazionale"), (date(2025, 3, 14), "Gita a Matera")):
        page = phone.open("bari", f"/scuola/classi/{world.section.pk}/{day}/")
        expect(page.get_by_text(reason).first).to_be_visible()
        expect(page.get_by_role("button", name="Registra l'appello")).to_have_count(0)
        phone.assert_page_is_good(f"chiuso {day}")


def test_a_clerk_closes_a_month_and_reads_what_it_posted(desktop: Visitor, site: Site) -> None:
    with site.inside("bari"):
        world = laid(cents=360)
        meals(world.section, {minor: [date(2025, 5, day) for day in (5, 6, 7)] for minor in world.children})
        clerk = staff(Role.CLERK, "Franco")
    desktop.enter_as(clerk, "bari")
    page = desktop.open("bari", "/ufficio/mensa/chiusura/")
    desktop.assert_page_is_good("mesi")
    page.get_by_role("link", name="Maggio 2025").click()
    expect(page.get_by_role("cell", name="32,40 €").first).to_be_visible()
    desktop.assert_page_is_good("anteprima")
    page.get_by_role("button", name="Chiudi maggio 2025").click()
    expect(page.get_by_text(re.compile("Avanzamento del lavoro"))).to_be_visible()
    expect(page.get_by_role("link", name="Vedi il risultato")).to_be_visible(timeout=30_000)
    desktop.assert_page_is_good("concluso")
    page.get_by_role("link", name="Vedi il risultato").click()
    expect(page.get_by_text("chiuso", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Chiudi"))).to_have_count(0)
    desktop.assert_page_is_good("risultato")
    with site.inside("bari"):
        for minor in world.children:
            assert statement_of(minor, "mensa").due == Money(1080)
        before = Entry.objects.count()
        close(Month(2025, 5))
        assert Entry.objects.count() == before


def test_a_parent_reads_her_statement(everybody: Visitor, site: Site) -> None:
    with site.inside("bari"):
        world = laid()
        minor = world.children[0]
        meals(world.section, {minor: [date(2025, 4, day) for day in (1, 2, 3, 7)]}, absent=[date(2025, 4, 8)])
        close(Month(2025, 4))
    everybody.enter_as(world.parent, "bari")
    page = everybody.open("bari", "/area/dovuto/")
    expect(page.locator(".fact-large .fact-value")).to_have_text("7,60\N{NO-BREAK SPACE}€")
    everybody.assert_page_is_good("dovuto")
    page.get_by_role("link", name="Sofia Abbatantuono").first.click()
    expect(page.locator("td.ate")).to_have_count(4)
    page.get_by_text("Perché questo importo?").click()
    expect(page.get_by_text("Prezzo unico: 1,90 €")).to_be_visible()
    everybody.assert_page_is_good("mensa")
    for kind, start in (("PDF", b"%PDF"), ("CSV", b"\xef\xbb\xbf")):
        with page.expect_download() as download:
            page.get_by_role("link", name=kind).click()
        assert download.value.path().read_bytes().startswith(start)


def test_a_parent_of_terlizzi_orders_a_block(phone: Visitor, site: Site) -> None:
    """The blocks of today's edition: the child has a price from the pack's rules or from the office."""
    with site.inside("terlizzi"):
        world = laid(cents=3200, blocks=True)
        minor = world.children[0]
        meals(world.section, {minor: [date(2025, 4, day) for day in (1, 2, 3)]})
        MealBlock.objects.create(child=minor, meals=2, opened_on=date(2025, 3, 1))
        today = Edition.objects.filter(
            service__code="mensa", status=EditionStatus.IN_FORCE, valid_during__contains=clock.today()
        ).first()
        if today is not None:
            price(minor, today, 3200, valid_during=(today.period.start, today.period.end))
    phone.enter_as(world.parent, "terlizzi")
    page = phone.open("terlizzi", f"/area/figli/{minor.public_id}/mensa/")
    expect(page.get_by_text("1 pasto oltre i blocchetti")).to_be_visible()
    phone.assert_page_is_good("finiti")
    if today is None:
        return
    page.get_by_role("link", name="Ordina un blocchetto").click()
    phone.assert_page_is_good("ordine")
    page.get_by_role("button", name="Ordina").click()
    expect(page.get_by_text("1 blocchetto ordinato.")).to_be_visible()
    expect(page.get_by_text("20", exact=True).first).to_be_visible()
    phone.assert_page_is_good("ordinato")
    with site.inside("terlizzi"):
        assert MealBlock.objects.filter(child=minor).count() == 2
