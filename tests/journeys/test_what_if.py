"""The office reads what a draft table would have brought."""

from dataclasses import asdict

from playwright.sync_api import expect

from sportello.canteen.what_if_figures import Piece, outcome_of
from sportello.canteen.what_if_job import WHAT_IF
from sportello.jobs.models import Job, JobState
from sportello.kernel import clock
from sportello.schools.models import School
from tests.journeys.browser import Visitor
from tests.journeys.world import world_of


def test_the_figures_of_a_year(anybody: Visitor) -> None:
    world = world_of(anybody.site)
    with anybody.site.inside("bari"):
        schools = list(School.objects.order_by("pk").values_list("pk", flat=True)[:3])
        pieces = [
            Piece(n, n, schools[n % 3], n * 90_000 if n % 4 else None, 150, 150 * 190, 150 * (150 + n * 5))
            for n in range(60)
        ]
        Job.objects.create(
            kind=WHAT_IF,
            state=JobState.DONE,
            arguments={
                "edition": world.draft_edition.pk,
                "fingerprint": world.draft_edition.fingerprint,
                "year": 2025,
            },
            result=asdict(outcome_of(pieces)),
            created_at=clock.now(),
            finished_at=clock.now(),
        )
    anybody.enter_as(world.administrator, "bari")
    page = anybody.open("bari", f"/ufficio/tariffe/{world.draft_edition.pk}/")
    page.get_by_role("link", name="Prova sui pasti serviti").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Prova della tariffa")
    expect(page.get_by_text("60 famiglie:")).to_be_visible()
    anybody.assert_page_is_good()
