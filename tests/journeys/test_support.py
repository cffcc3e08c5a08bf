"""Support acts as a parent who asks for help: in sight on every page, never in the office, and the parent is told."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from sportello.accounts.models import Account, Role, SupportVisit
from tests.factories import grant
from tests.factories.people import citizen
from tests.journeys.browser import Visitor
from tests.journeys.layout import layout_faults
from tests.journeys.site import Site
from tests.journeys.test_every_page import PARENT
from tests.journeys.test_parent import new_family
from tests.journeys.world import world_of

REASON = "Al telefono chiede aiuto per iscrivere la figlia alla mensa"
REFUSED = {
    *("accounts:sessions", "applications:withdraw", "applications:delete_draft"),
    *("enrolment:declare_isee", "families:delegations", "families:new_delegation", "families:revoke_delegation"),
}


def new_supporter(site: Site) -> Account:
    """A person of support of Bari for this journey alone: one visit at a time."""
    with site.inside("bari"):
        made = citizen(given_name="Sara", family_name="Aiuti")
        grant(made, Role.SUPPORT)
        return made


def strip(page: Page) -> str:
    return " ".join(page.locator(".support-strip p").inner_text().split())


def begin(person: Visitor, parent: Account) -> Page:
    """At the form of the visit, filled in and sent."""
    page = person.open("bari", f"/ufficio/assistenza/{parent.public_id}/")
    page.get_by_label("Motivo").fill(REASON)
    page.get_by_role("radio", name="20 minuti").check()
    page.get_by_role("button", name=re.compile("Agisci come")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Area personale")
    return page


def test_support_helps_and_leaves_a_trace(everybody: Visitor) -> None:
    site = everybody.site
    parent, supporter = new_family(site, "bari").account, new_supporter(site)
    everybody.enter_as(supporter, "bari")
    page = everybody.open("bari", "/ufficio/assistenza/")
    everybody.assert_page_is_good("1-nobody")
    if everybody.size.startswith("phone"):
        page.locator(".filter-bar summary").click()
    page.get_by_label("Cognome o nome").fill(parent.family_name)
    page.get_by_role("button", name="Filtra").click()
    expect(page.get_by_role("link", name=f"Agisci come {parent.full_name}")).to_be_visible()
    everybody.assert_page_is_good("2-found")
    page.get_by_role("link", name=f"Agisci come {parent.full_name}").click()
    page.get_by_role("button", name=re.compile("Agisci come")).click()
    expect(page.get_by_role("link", name=re.compile("obbligatorio|campo"))).to_be_visible()
    everybody.assert_page_is_good("3-no-reason")

    begin(everybody, parent)
    assert re.fullmatch(
        rf"Agisci come {parent.full_name} fino alle \d?\d:\d\d\. Tutto resta registrato a tuo nome\.", strip(page)
    )
    everybody.assert_page_is_good("4-area")
    page.goto(site.url("bari", "/ufficio/assistenza/"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Non puoi vedere questa pagina")
    everybody.assert_page_is_good("5-office-refused")
    page.get_by_role("button", name="Termina").click()
    expect(page.get_by_text(f"Non agisci più come {parent.full_name}")).to_be_visible()
    expect(page.locator(".support-strip")).to_have_count(0)
    everybody.assert_page_is_good("6-herself")

    everybody.enter_as(parent, "bari")
    everybody.open("bari", "/area/avvisi/")
    page.get_by_role("link", name="L'assistenza del Comune ha aperto la tua area personale").click()
    expect(page.get_by_text(re.compile(f"Motivo: {REASON}"))).to_be_visible()
    everybody.assert_page_is_good("7-notice")


def test_the_strip_is_on_every_page_of_the_parent(anybody: Visitor) -> None:
    world, supporter = world_of(anybody.site), new_supporter(anybody.site)
    anybody.enter_as(supporter, "bari")
    page = begin(anybody, world.parent)
    faults: list[str] = []
    for number, page_of in enumerate(PARENT):
        path = page_of.path(world)
        answer = page.goto(anybody.site.url("bari", path))
        wanted = 403 if page_of.name in REFUSED else 200
        anybody.keep_picture(f"{number:02d}-{page_of.name}")
        found = [*anybody.faults(), *layout_faults(page, language="it")]
        found += [] if answer is not None and answer.status == wanted else [f"status {answer and answer.status}"]
        found += [] if world.parent.full_name in strip(page) else ["no strip"]
        faults += [f"{path}: {fault}" for fault in found]
    assert faults == [], "\n" + "\n".join(faults)


@pytest.mark.parametrize("action", ["click", "reload"])
def test_when_the_time_is_over_she_is_herself_again(phone: Visitor, action: str) -> None:
    site = phone.site
    parent, supporter = new_family(site, "bari").account, new_supporter(site)
    phone.enter_as(supporter, "bari")
    page = begin(phone, parent)
    with site.inside("bari"):
        held = SupportVisit.objects.get(supporter=supporter)
        SupportVisit.objects.filter(pk=held.pk).update(
            started_at=held.started_at - timedelta(minutes=20), ends_at=held.ends_at - timedelta(minutes=20)
        )
    if action == "click":
        page.get_by_role("link", name="Avvisi").last.click()
    else:
        page.reload()
    expect(page.get_by_text("L'assistenza è finita: ora lavori di nuovo a tuo nome.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Assistenza")
    phone.assert_page_is_good()
