""" "Quanto pagherei?" for the whole household, without scripts too: two children, a new ISEE, the reasons."""

from playwright.sync_api import expect

from tests.journeys.browser import Visitor
from tests.journeys.test_parent import new_family


def test_anybody_asks_for_the_household_and_with_a_new_isee(everybody: Visitor) -> None:
    page = everybody.open("bari")
    page.get_by_role("link", name="Quanto pagherei per tutti i servizi insieme?").click()
    everybody.assert_page_is_good("1-empty")
    page.get_by_role("button", name="Aggiungi un figlio").click()
    page.get_by_role("radio", name="Sì").first.check()
    page.get_by_label("Valore dell'ISEE").fill("20.000")
    for place in range(2):
        part = page.locator(".child-part").nth(place)
        part.get_by_role("radio", name="Scuola primaria").check()
        part.get_by_role("checkbox", name="Mensa scolastica").check()
    page.get_by_label("Valore del nuovo ISEE").fill("8.500")
    for part, value in (("Giorno", "10"), ("Mese", "12"), ("Anno", "2026")):
        page.get_by_role("textbox", name=part, exact=True).fill(value)
    page.get_by_role("button", name="Calcola").click()
    expect(page.get_by_role("heading", name="Come ci si arriva")).to_be_visible()
    expect(page.get_by_role("heading", name="Se presenti un ISEE")).to_be_visible()
    assert "isee" not in page.url
    for place in range(page.locator("details.why").count()):  # closed, for there are several lines
        page.locator("details.why > summary").nth(place).click()
    everybody.assert_page_is_good("2-answer")


def test_a_parent_finds_her_children_there(everybody: Visitor) -> None:
    made = new_family(everybody.site, "bari", children=2)
    everybody.enter_as(made.account, "bari")
    page = everybody.open("bari", "/quanto-pagherei/")
    expect(page.get_by_label("Valore dell'ISEE")).to_have_value("8.500,00")
    expect(page.locator(".child-part")).to_have_count(2)
    everybody.assert_page_is_good("known")
