"""Bitonto and Terlizzi follow rules of their own: a share of the cost by level, blocks of 21 meals (point 10)."""

import re
from datetime import date

import pytest
from playwright.sync_api import Locator, Page, expect

from services_catalog.models import Edition
from sportello.accounts.models import Role
from sportello.billing.models import EntryKind
from sportello.billing.posting import EntryLine, post_entries
from sportello.families.models import Child
from sportello.kernel import clock
from sportello.kernel.money import Money
from sportello.schools.models import Level, School
from tests.factories import family, isee, pupil, section
from tests.factories.meals import meals, place, price
from tests.factories.people import Family
from tests.journeys.browser import Visitor
from tests.journeys.site import Site

BITONTO, TERLIZZI = "bitonto", "terlizzi"


def ask(page: Page, *, income: str | None, level: str, children: int = 1) -> Locator:
    """Fills in "Quanto pagherei?" for children of one school; where the price of the last of them is answered.

    Each press loads the page again, and until then the page before stays in sight: what is read is waited for.
    """
    parts = page.locator(".child-part")
    for number in range(parts.count(), children):
        page.get_by_role("button", name="Aggiungi un figlio").click()
        expect(parts).to_have_count(number + 1)
    page.get_by_role("radio", name="Non ho ISEE" if income is None else "Sì").first.check()
    if income is not None:
        page.get_by_label("Valore dell'ISEE").fill(income)
    for number in range(children):
        part = parts.nth(number)
        part.get_by_role("radio", name=level).check()
        if children > 1:
            part.get_by_role("checkbox", name="Mensa scolastica").check()
    page.get_by_role("button", name="Calcola").click()
    return page.locator(".quote-lines tbody td").nth(3 * (children - 1))


def test_bitonto_asks_a_share_of_the_cost_by_level(everybody: Visitor) -> None:
    page = everybody.open(BITONTO, "/servizi/mensa/quanto-pagherei/")
    expect(ask(page, income="500", level="Scuola dell'infanzia")).to_have_text("0,47 € a pasto")
    expect(page.get_by_role("listitem").filter(has_text="10")).not_to_have_count(0)
    everybody.assert_page_is_good("infanzia")
    expect(ask(page, income="400", level="Scuola primaria")).to_have_text("0,50 € a pasto")
    expect(ask(page, income="40.000", level="Scuola primaria", children=2)).to_have_text("4,23 € a pasto")
    page.get_by_text("Perché questo importo?").last.click()
    expect(page.get_by_role("listitem").filter(has_text="15 % in meno")).to_be_visible()
    everybody.assert_page_is_good("fratelli")
    page.get_by_role("button", name="Togli l'ultimo figlio").click()
    expect(page.locator(".child-part")).to_have_count(1)
    expect(ask(page, income=None, level="Scuola dell'infanzia")).to_have_text("4,67 € a pasto")


def test_terlizzi_sells_blocks_of_21_meals(everybody: Visitor) -> None:
    page = everybody.open(TERLIZZI, "/servizi/mensa/quanto-pagherei/")
    expect(ask(page, income="9.000", level="Scuola primaria")).to_have_text("54,00 € a blocchetto di 21 pasti")
    everybody.assert_page_is_good("blocchetto")
    expect(ask(page, income="18.000", level="Scuola primaria", children=2)).to_have_text(
        "15,00 € a blocchetto di 21 pasti"
    )


@pytest.mark.parametrize(("slug", "words"), [(BITONTO, "4,98"), (TERLIZZI, "21")])
def test_the_sheet_shows_the_rules_of_the_comune(anybody: Visitor, slug: str, words: str) -> None:
    page = anybody.open(slug, "/servizi/mensa/")
    expect(page.locator("main")).to_contain_text(words)
    anybody.assert_page_is_good()


def _eating(site: Site, slug: str, *, unit_cents: int) -> Family:
    """A child who has eaten three times in October."""
    with site.inside(slug):
        held = Edition.objects.filter(service__code="mensa", status="in_force")
        edition = held.get(valid_during__contains=date(2026, 10, 6))
        room = section(School.objects.filter(level=Level.PRIMARY).order_by("school_code").first())
        made = family(given_name="Nina")
        minor = made.children[0]
        pupil(minor, room)
        isee(minor)
        place(minor, edition)
        price(minor, edition, unit_cents)
        meals(room, {minor: [date(2026, 10, day) for day in (6, 7, 8)]})
        return made


def test_a_parent_of_bitonto_reads_meals_and_what_she_paid(anybody: Visitor) -> None:
    made = _eating(anybody.site, BITONTO, unit_cents=249)
    with anybody.site.inside(BITONTO):
        _pay(made.children[0], 1000)
    anybody.enter_as(made.account, BITONTO)
    page = anybody.open(BITONTO, f"/area/figli/{made.children[0].public_id}/mensa/?mese=2026-10")
    expect(page.locator(".meal-calendar .ate")).to_have_count(3)
    expect(page.locator(".fact-large")).to_contain_text("10,00 €")
    expect(page.locator(".facts")).not_to_contain_text("Pasti disponibili")
    pending = page.locator(".fact", has_text="Ancora da addebitare")
    expect(pending).to_contain_text("7,47\xa0€")
    anybody.assert_page_is_good()


def test_a_parent_of_terlizzi_orders_a_block_and_sees_the_meals_left(everybody: Visitor) -> None:
    made = _eating(everybody.site, TERLIZZI, unit_cents=5400)
    everybody.enter_as(made.account, TERLIZZI)
    page = everybody.open(TERLIZZI, f"/area/figli/{made.children[0].public_id}/mensa/?mese=2026-10")
    expect(page.locator(".fact", has_text="Pasti disponibili")).to_contain_text("0")
    page.get_by_role("link", name="Ordina un blocchetto").click()
    expect(page.locator(".fact-large")).to_contain_text("54,00 €")
    everybody.assert_page_is_good("order")
    page.get_by_role("button", name="Ordina").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Mensa di"))
    expect(page.locator(".fact", has_text="Pasti disponibili")).to_contain_text("18")
    expect(page.locator(".fact-large")).to_contain_text("54,00 €")
    everybody.assert_page_is_good("statement")


def _pay(minor: Child, cents: int) -> None:
    line = EntryLine(
        child_id=minor.pk,
        service_code="mensa",
        kind=EntryKind.PAYMENT,
        amount=Money(cents),
        competence_on=clock.today(),
        description="Pagamento pagoPA",
        key=f"journey:{minor.pk}",
    )
    post_entries(lines=[line], now=clock.now(), actor=None)


def test_a_clerk_of_terlizzi_orders_a_block_at_the_counter(anybody: Visitor) -> None:
    made = _eating(anybody.site, TERLIZZI, unit_cents=5400)
    anybody.enter_as(anybody.site.account(TERLIZZI, Role.CLERK), TERLIZZI)
    page = anybody.open(TERLIZZI, f"/ufficio/bambini/{made.children[0].public_id}/blocchetti/")
    expect(page.locator("main")).to_contain_text("54,00")
    anybody.assert_page_is_good("order")
    page.get_by_role("button", name="Ordina").click()
    expect(page.locator(".messages")).to_be_visible()
    anybody.assert_page_is_good("ordered")
    anybody.open(TERLIZZI, f"/ufficio/bambini/{made.children[0].public_id}/conto/mensa/")
    expect(page.locator("table")).to_contain_text("−54,00")
    anybody.assert_page_is_good("ledger")
