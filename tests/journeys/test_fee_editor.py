"""An administrator copies a table from a spreadsheet, sees what is odd beside it, and saves."""

from playwright.sync_api import expect

from services_catalog.models import Edition
from services_catalog.publication import copy_as_draft
from sportello.kernel import clock
from tests.journeys.browser import Visitor
from tests.journeys.world import world_of

COPIED = (
    "0\t4.000\t€ 1,00\n4.000,01\t8.000\t€ 2,00\n8.001\t12.000\t€ 2,50\n12.000,01\t20.000\t€ 3,00\n20.000,01\t\t€ 4,00"
)
PASTE = """(cell, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    cell.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""


def draft_of(visitor: Visitor) -> Edition:
    world = world_of(visitor.site)
    with visitor.site.inside("bari"):
        return copy_as_draft(edition=world.edition, valid_from=clock.today(), actor=None, now=clock.now())


def test_a_table_is_copied_from_a_spreadsheet(everybody: Visitor) -> None:
    held = draft_of(everybody)
    everybody.enter_as(world_of(everybody.site).administrator, "bari")
    page = everybody.open("bari", f"/ufficio/tariffe/{held.pk}/modifica/")
    if everybody.has_javascript:
        page.locator("[name='bands-0-isee_from']").evaluate(PASTE, COPIED)
        expect(page.locator("[name='bands-4-amount']")).to_have_value("€ 4,00")
        expect(page.locator("#accanto").get_by_text("Manca la fascia da 8.000,01 € a 8.000,99 €")).to_be_visible()
        expect(page.locator("#bands-2-note")).to_contain_text("Manca la fascia")
        expect(page.locator("#accanto")).to_contain_text("La fascia")
    else:
        box = page.locator("#bands-pasted")
        page.locator("#tabella-bands ~ details.paste > summary").click()
        box.fill(COPIED)
        page.get_by_role("button", name="Metti al posto delle righe").first.click()
        expect(page.locator("[name='bands-4-amount']")).to_have_value("4,00")
        expect(page.get_by_text("non sono ancora salvate")).to_be_visible()
    everybody.assert_page_is_good("copied")
    page.get_by_role("button", name="Salva e controlla").last.click()
    expect(page.get_by_text("Bozza salvata")).to_be_visible()
    expect(page.locator("#bands-2-note")).to_contain_text("Manca la fascia da 8.000,01 € a 8.000,99 €")
    everybody.assert_page_is_good("saved")
