"""Central team and Comune assess together; two who write at once lose nothing; the board says what is left."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from onboarding.assessment.answering import save_area
from onboarding.assessment.models import AssessmentRound
from onboarding.assessment.queries import held_round
from onboarding.assessment.questionnaire_files import latest
from sportello.accounts.models import Role
from sportello.kernel import clock
from tenants.models import Municipality, Stage
from tests.journeys.browser import Visitor
from tests.journeys.site import CENTRAL, Site
from tests.journeys.stages import at_stage
from tests.onboarding.assessment.answers import ready
from tests.onboarding.assessment.rounds import CHIEF


@pytest.fixture
def slug(anybody: Visitor) -> Iterator[str]:
    """A Comune for each size of window: a round is opened once."""
    of_size = {"phone": "bitonto", "desktop": "terlizzi"}[anybody.size]
    with at_stage(of_size, Stage.ASSESSMENT):
        yield of_size


def answer_the_rest(site: Site, slug: str) -> None:
    """The Comune answers all that was not answered yet, the best."""
    with site.inside(slug):
        row = AssessmentRound.objects.get(municipality__slug=slug, closed_at__isnull=True)
        held = held_round(row)
        best = {key: value for key, value in ready(latest()).items() if key not in held.answers}
        for area in latest().areas:
            answers = {one.key: best[one.key] for one in area.questions if one.key in best}
            version = held.sheets[area.key].version
            save_area(round_=row, area=area, answers=answers, version=version, hand=CHIEF, now=clock.now())


def choose(page: Page, question: str, answer: str) -> None:
    page.get_by_role("group", name=question).get_by_label(answer, exact=True).check()


LEAD = "C'è una persona del Comune che segue l'avvio?"
ACT = "Il Comune ha deliberato l'adesione"


def test_they_assess_together(anybody: Visitor, slug: str) -> None:
    site = anybody.site
    code = Municipality.objects.get(slug=slug).belfiore_code
    anybody.enter_as(site.account(CENTRAL, Role.CENTRAL), CENTRAL)
    anybody.enter_as(site.account(slug, Role.ADMINISTRATOR), slug)
    page = anybody.open(CENTRAL, f"/comuni/{code}/valutazione/")
    anybody.assert_page_is_good("none")
    page.get_by_role("button", name="Apri la valutazione").click()
    expect(page.get_by_text("0 di 5").or_(page.get_by_text("0 di 4")).first).to_be_visible()
    page.get_by_role("link", name="Organizzazione").click()
    choose(page, LEAD, "Sì, nominata con un atto")
    _comune_saves_meanwhile(anybody, slug)
    page.get_by_role("button", name="Salva", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Non hai perso niente")
    expect(page.get_by_role("group", name=LEAD).get_by_label("Sì, nominata con un atto")).to_be_checked()
    expect(page.get_by_role("group", name=ACT).get_by_label("No", exact=True)).to_be_checked()
    expect(page.locator(".question-clash")).to_contain_text("Sì, ma senza atto")
    anybody.assert_page_is_good("clash")
    choose(page, LEAD, "No")
    page.get_by_role("button", name="Salva", exact=True).click()
    expect(page.get_by_text("Organizzazione: salvata.")).to_be_visible()
    answer_the_rest(site, slug)
    page.reload()
    anybody.assert_page_is_good("complete")
    page.get_by_role("button", name="Chiudi la valutazione").click()
    expect(page.get_by_role("heading", name="Lacune")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Nessuno segue l'avvio nel Comune")
    anybody.assert_page_is_good("outcome")
    _comune_does_a_task(anybody, slug)
    page = anybody.open(CENTRAL, "/quadro/?cerca=" + code)
    expect(page.locator("main")).to_contain_text("2 attività da fare prima della fase: configurazione")
    anybody.assert_page_is_good("board")


def _comune_saves_meanwhile(person: Visitor, slug: str) -> None:
    window = person.page.context.new_page()
    window.goto(person.site.url(slug, "/ufficio/valutazione/1/organisation/"))
    choose(window, LEAD, "Sì, ma senza atto")
    choose(window, ACT, "No")
    window.get_by_role("button", name="Salva", exact=True).click()
    expect(window.get_by_text("Organizzazione: salvata.")).to_be_visible()
    window.close()


def _comune_does_a_task(person: Visitor, slug: str) -> None:
    page = person.open(slug, "/ufficio/valutazione/piano/")
    person.assert_page_is_good("plan")
    page.get_by_role("link", name="Nomina il referente con un atto").click()
    page.get_by_label("Chi la fa").fill("Segretario generale")
    page.get_by_label("Nota o motivo").fill("decreto 12 del 23 novembre")
    page.get_by_role("group", name="Stato").get_by_label("fatta").check()
    page.get_by_role("button", name="Salva").click()
    expect(page.get_by_text("Attività aggiornata.")).to_be_visible()
    page.get_by_role("navigation", name="Attività per stato").get_by_role("link", name="Fatte").click()
    page.get_by_role("link", name="Nomina il referente con un atto").click()
    expect(page.locator("main")).to_contain_text("decreto 12 del 23 novembre")
    person.assert_page_is_good("task")
