"""A clerk empties the queue: the most urgent first, one by one or together, always with a reason (point 6)."""

import re
from datetime import timedelta

from playwright.sync_api import Page, expect

from services_catalog.queries import edition_on
from sportello.accounts.models import Account, Role
from sportello.applications.models import Application, ApplicationState
from sportello.enrolment.models import Subscription
from sportello.kernel import clock
from sportello.notifications.models import Notice
from sportello.schools.models import Level, School
from tests.factories import family, isee, pupil, section
from tests.factories.applications import sent_application
from tests.journeys.browser import Visitor
from tests.journeys.site import Site

SLUG = "bitonto"
QUEUE = "/ufficio/domande/"
LONG_AGO = 400  # days: before whatever another journey has left on the desk


def sent(site: Site, count: int) -> list[Application]:
    """Applications for children who sit in a class, each to be answered a day after the one before."""
    with site.inside(SLUG):
        edition = edition_on("mensa", clock.today())
        room = section(School.objects.filter(level=Level.PRIMARY).order_by("school_code").first())
        made = []
        for number in range(count):
            home = family()
            pupil(home.children[0], room)
            isee(home.children[0])
            late = number - LONG_AGO
            made.append(sent_application(edition, home.children[0], applicant=home.account, days_left=late))
        return made


def state_of(site: Site, application: Application) -> str:
    with site.inside(SLUG):
        return str(Application.objects.get(pk=application.pk).state)


def at_the_desk(person: Visitor) -> Page:
    clerk = person.site.account(SLUG, Role.CLERK)
    person.enter_as(clerk, SLUG)
    return person.open(SLUG, QUEUE)


def leave_the_desk_empty(site: Site) -> None:
    """What another journey was still to decide is withdrawn."""
    with site.inside(SLUG):
        Application.objects.filter(state=ApplicationState.SUBMITTED).update(state=ApplicationState.WITHDRAWN)


def heading(page: Page) -> str:
    return page.get_by_role("heading", level=1).inner_text()


def test_the_clerk_empties_the_queue(everybody: Visitor) -> None:
    site = everybody.site
    leave_the_desk_empty(site)
    first, second, third = sent(site, 3)
    page = at_the_desk(everybody)
    rows = page.locator("table tbody tr")
    for place, application in enumerate((first, second, third)):
        expect(rows.nth(place)).to_contain_text(str(application.protocol))
        expect(rows.nth(place)).to_contain_text("scaduta")
    everybody.assert_page_is_good("1-queue")

    assert first.child is not None
    page.get_by_role("link", name=re.compile(first.child.family_name)).click()
    assert str(first.protocol) in heading(page)
    everybody.assert_page_is_good("2-workbench")
    page.get_by_role("button", name="Accogli").click()
    expect(page.get_by_text(f"Domanda {first.protocol} accolta")).to_be_visible()
    assert str(second.protocol) in heading(page)  # the next opened by itself

    page.get_by_text("Chiedi un'integrazione").click()
    page.get_by_role("button", name="Chiedi alla famiglia").click()
    expect(page.get_by_text("Scegli un motivo oppure scrivilo").first).to_be_visible()
    everybody.assert_page_is_good("3-reason-missing")
    page.get_by_label("Che cosa manca").select_option(label="Certificato medico")
    page.get_by_role("button", name="Chiedi alla famiglia").click()
    expect(page.get_by_text("è stata chiesta un'integrazione")).to_be_visible()
    assert str(third.protocol) in heading(page)

    page.get_by_text("Respingi con un motivo").click()
    page.get_by_label("Motivo").select_option(label="Scuola non servita")
    page.get_by_label("Spiegazione per la famiglia").last.fill("La scuola chiude il servizio quest'anno.")
    page.get_by_role("button", name="Respingi", exact=True).click()
    expect(page.get_by_text(f"Domanda {third.protocol} respinta")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Domande")
    everybody.assert_page_is_good("4-empty")

    assert [state_of(site, one) for one in (first, second, third)] == ["accepted", "to_complete", "rejected"]
    with site.inside(SLUG):
        assert Subscription.objects.filter(child=first.child).count() == 1
        reason = Application.objects.get(pk=third.pk).reason
        assert reason == "Il bambino non frequenta una scuola servita. La scuola chiude il servizio quest'anno."
        for application in (first, second, third):
            assert Notice.objects.filter(account=application.applicant).exists()
    _the_family_reads_why(everybody, third.applicant, third)


def _the_family_reads_why(person: Visitor, parent: Account, application: Application) -> None:
    person.page.context.clear_cookies()
    person.enter_as(parent, SLUG)
    page = person.open(SLUG, f"/area/domande/{application.public_id}/")
    expect(page.locator("main")).to_contain_text("La scuola chiude il servizio quest'anno.")
    person.assert_page_is_good("5-family")


def test_several_are_accepted_together(everybody: Visitor) -> None:
    site = everybody.site
    leave_the_desk_empty(site)
    first, second, third = sent(site, 3)
    page = at_the_desk(everybody)
    for application in (first, second):
        page.get_by_role("checkbox", name=f"Spunta la domanda {application.protocol}", exact=True).check()
    everybody.assert_page_is_good("ticked")
    page.get_by_role("button", name="Accogli le spuntate").click()
    expect(page.get_by_text("2 domande accolte.")).to_be_visible()
    everybody.assert_page_is_good("accepted")
    assert [state_of(site, one) for one in (first, second, third)] == ["accepted", "accepted", "submitted"]
    page.get_by_role("button", name="Accogli le spuntate").click()
    expect(page.get_by_text("Spunta almeno una domanda")).to_be_visible()


def test_the_queue_is_narrowed_in_the_address(desktop: Visitor) -> None:
    leave_the_desk_empty(desktop.site)
    first, second = sent(desktop.site, 2)
    with desktop.site.inside(SLUG):
        second.answer_by = clock.today() + timedelta(days=90)
        second.save(update_fields=["answer_by"])
    page = at_the_desk(desktop)
    page.get_by_label("Scadenza").select_option(label="Scadute")
    page.get_by_role("button", name="Filtra").click()
    expect(page.locator("table tbody tr")).to_have_count(1)
    assert "scadenza=scadute" in page.url
    page.reload()
    expect(page.locator("table tbody tr")).to_contain_text(str(first.protocol))
    page.get_by_role("link", name=re.compile("^Accolte")).click()
    assert "vista=accolte" in page.url
