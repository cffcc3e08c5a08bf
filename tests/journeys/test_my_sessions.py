"""Where she has entered: the list, and the way out of another device, with scripts or without."""

import re

from playwright.sync_api import expect

from tests.factories.people import citizen
from tests.journeys.browser import Visitor


def test_she_looks_where_she_is_in_and_puts_the_others_out(everybody: Visitor) -> None:
    site = everybody.site
    with site.inside("bari"):
        person = citizen()
    for _ in range(2):
        site.session_of("bari", person)
    lost = site.session_of("bari", person)
    everybody.enter_as(person, "bari")
    page = everybody.open("bari", "/")
    page.locator("summary.header-link").click()
    page.get_by_role("link", name="I tuoi accessi").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("I tuoi accessi")
    expect(page.get_by_text("Questo dispositivo", exact=True)).to_have_count(1)
    everybody.assert_page_is_good("1-list")

    page.get_by_role("button", name=re.compile("Esci da questo dispositivo")).first.click()
    expect(page.get_by_text("Sei uscito da quel dispositivo.")).to_be_visible()
    page.get_by_role("button", name="Esci da tutti gli altri").click()
    expect(page.get_by_text("Sei uscito da 2 altri dispositivi.")).to_be_visible()
    expect(page.get_by_role("button", name="Esci da tutti gli altri")).to_have_count(0)
    everybody.assert_page_is_good("2-alone")

    page.get_by_role("button", name="Esci da qui").click()
    expect(page.get_by_text("Sei uscito.")).to_be_visible()
    page.context.add_cookies([{"name": "sessione", "value": lost, "url": site.url("bari")}])
    everybody.open("bari", "/area/accessi/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Accedi")
