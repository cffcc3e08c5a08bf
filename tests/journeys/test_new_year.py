"""The office prepares the new school year: drafts of every service, a rehearsal of 1 September, a row ticked."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from services_catalog.models import Edition
from sportello.jobs.models import Job
from sportello.kernel import clock
from sportello.kernel.school_year import SchoolYear
from sportello.rollover.models import WorkItem
from tests.journeys.browser import Visitor
from tests.journeys.world import world_of

PATIENCE = 40


@pytest.fixture
def administrator(everybody: Visitor) -> Iterator[Visitor]:
    """She is in; what she made is thrown away at the end, for the other journeys share the site."""
    everybody.enter_as(world_of(everybody.site).administrator, "bari")
    yield everybody
    with everybody.site.inside("bari"):
        next_year = SchoolYear.of(clock.today()).next.start_year
        Edition.objects.filter(school_year=next_year, status="draft").delete()
        WorkItem.objects.all().delete()
        Job.objects.filter(kind="rollover.rehearsal").delete()


def test_the_new_year_is_drafted_and_rehearsed(administrator: Visitor) -> None:
    year = SchoolYear.of(clock.today()).next
    page = administrator.open("bari", "/ufficio/tariffe/")
    page.get_by_role("link", name="Prepara il nuovo anno").click()
    expect(page.get_by_role("heading", name=f"Bozze da preparare per il {year}")).to_be_visible()
    administrator.assert_page_is_good()
    administrator.keep_picture("roll-over")
    page.get_by_role("button", name=re.compile(r"^Prepara \d+ bozz")).click()
    expect(page.get_by_text(re.compile(rf"\d+ bozz[ae] preparat[ae] per il {year}\."))).to_be_visible()
    administrator.assert_page_is_good()

    page = administrator.open("bari", "/ufficio/nuovo-anno/")
    page.get_by_role("button", name="Fai la prova").click()
    result = page.get_by_role("link", name="Vedi il risultato")
    for _attempt in range(PATIENCE):
        if result.is_visible():
            break
        page.wait_for_timeout(500)
        page.reload()
    result.click()
    expect(page.get_by_role("heading", name="Le scuole il 1º settembre")).to_be_visible()
    administrator.assert_page_is_good()
    administrator.keep_picture("work-list")
    page.locator("input[name=lavoro]").first.check()
    page.get_by_role("button", name="Segna come fatte").click()
    expect(page.get_by_text("1 riga aggiornata.")).to_be_visible()
    administrator.assert_page_is_good()
