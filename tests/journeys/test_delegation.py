"""A mother delegates a grandmother, who enters and sees; the mother revokes, and the grandmother sees no more."""

import re
from datetime import date

from playwright.sync_api import Page, expect

from services_catalog.queries import edition_on
from sportello.accounts.models import Role
from sportello.families.models import Adult, Child, Delegation
from sportello.kernel import clock
from sportello.notifications.models import Notice
from tests.factories import adult, citizen, guardianship
from tests.factories.meals import place, price
from tests.factories.people import Family
from tests.journeys.browser import Visitor
from tests.journeys.site import Site
from tests.journeys.test_parent import new_family


def grandmother_of(site: Site, made: Family) -> Adult:
    """Somebody whom nobody in the Comune knows yet; the first child eats at the canteen."""
    with site.inside("bari"):
        edition = edition_on("mensa", clock.today())
        place(made.children[0], edition)
        price(made.children[0], edition, 190)
        known = adult(given_name="Rosa", birth_date=date(1955, 3, 8))
        Adult.objects.filter(pk=known.pk).delete()
        return known


def delegates(person: Visitor, page: Page, made: Family, grandmother: Adult) -> None:
    """From the child's page, first with a mistake."""
    page.get_by_role("link", name="Dai una delega").click()
    expect(page.get_by_role("radio", name=made.children[0].full_name)).to_be_checked()
    page.get_by_label("Nome", exact=True).fill("Rosa")
    page.get_by_label("Cognome").fill(grandmother.family_name)
    page.get_by_label("Codice fiscale").fill("RSSMRA80A01F205X")
    page.get_by_role("checkbox", name="Vedere classe, servizi e pasti").check()
    page.get_by_role("button", name="Dai la delega").click()
    expect(page.get_by_role("alert")).to_contain_text("Il codice fiscale non corrisponde")
    person.assert_page_is_good("2-mistake")
    page.get_by_label("Codice fiscale").fill(str(grandmother.fiscal_code))
    page.get_by_role("button", name="Dai la delega").click()
    expect(page.get_by_text("Delega data. Puoi revocarla quando vuoi.")).to_be_visible()
    expect(page.get_by_text(f"{grandmother.full_name}, per {made.children[0].full_name}")).to_be_visible()
    person.assert_page_is_good("3-given")


def sees(person: Visitor, page: Page, child: Child, sister: Child) -> None:
    """The child and its meals; no money, no sister, no page of the statement."""
    expect(page.get_by_role("heading", name="Bambini per cui hai una delega")).to_be_visible()
    expect(page.get_by_text(sister.full_name)).to_have_count(0)
    person.assert_page_is_good("4-area-of-the-grandmother")
    page.get_by_role("link", name=child.full_name).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(child.full_name)
    expect(page.get_by_text("Pasti di questo mese")).to_be_visible()
    expect(page.get_by_text("Tariffa")).to_have_count(0)
    person.assert_page_is_good("5-child-of-the-grandmother")
    answer = page.goto(person.site.url("bari", f"/area/figli/{child.public_id}/mensa/"))
    assert answer is not None
    assert answer.status == 404


def test_a_mother_delegates_a_grandmother_and_revokes(everybody: Visitor) -> None:
    site = everybody.site
    made = new_family(site, "bari")
    grandmother, (child, sister) = grandmother_of(site, made), made.children
    everybody.enter_as(made.account, "bari")
    page = everybody.open("bari", f"/area/figli/{child.public_id}/")
    everybody.assert_page_is_good("1-child-of-the-mother")
    delegates(everybody, page, made, grandmother)
    with site.inside("bari"):
        hers = citizen(grandmother)
    everybody.enter_as(hers, "bari")
    sees(everybody, everybody.open("bari", "/area/"), child, sister)

    everybody.enter_as(made.account, "bari")
    page = everybody.open("bari", "/area/")
    page.get_by_role("link", name=re.compile("^Deleghe")).click()
    page.get_by_role("link", name=f"Revoca la delega a {grandmother.full_name}").click()
    everybody.assert_page_is_good("6-asked")
    page.get_by_role("button", name="Revoca la delega").click()
    expect(page.get_by_role("heading", name="Deleghe finite")).to_be_visible()
    everybody.assert_page_is_good("7-revoked")

    everybody.enter_as(hers, "bari")
    page = everybody.open("bari", "/area/")
    expect(page.get_by_text("Non troviamo figli collegati a te")).to_be_visible()
    assert child.given_name not in page.content()
    expect(page.get_by_text("Una delega che avevi è stata revocata")).to_be_visible()
    answer = page.goto(site.url("bari", f"/area/figli/{child.public_id}/"))
    assert answer is not None
    assert answer.status == 404
    with site.inside("bari"):
        assert Delegation.objects.get(child=child).end_reason == "revoked"
        assert Notice.objects.get(account=hers).link == "/area/deleghe/"


def test_a_clerk_bars_a_father_who_sees_the_child_no_more(anybody: Visitor) -> None:
    site = anybody.site
    made = new_family(site, "bari", children=1)
    child = made.children[0]
    with site.inside("bari"):
        father = adult(given_name="Ezio")
        guardianship(father, child)
        his = citizen(father)
    anybody.enter_as(his, "bari")
    expect(anybody.open("bari", "/area/").get_by_role("link", name=child.full_name)).to_be_visible()
    anybody.enter_as(site.account("bari", Role.CLERK), "bari")
    page = anybody.open("bari", f"/ufficio/bambini/{child.public_id}/")
    page.get_by_text("Registra un provvedimento del giudice").click()
    page.get_by_label("Chi", exact=True).select_option(father.full_name)
    page.get_by_role("button", name="Escludi").click()
    expect(page.get_by_role("alert")).to_contain_text("Estremi del provvedimento")
    anybody.assert_page_is_good("1-mistake")
    page.get_by_label("Estremi del provvedimento").fill("Tribunale di Bari, decreto 123/2026")
    page.get_by_role("button", name="Escludi").click()
    expect(page.get_by_text("escluso dal giudice")).to_be_visible()
    anybody.assert_page_is_good("2-barred")
    anybody.enter_as(his, "bari")
    page = anybody.open("bari", "/area/")
    assert child.given_name not in page.content()
    expect(page.get_by_text("Nessun avviso.")).to_be_visible()
