"""The office asks what a draft would bring, reads figures without people, takes the annex."""

import pytest

from services_catalog.models import Edition
from sportello.accounts.models import Role
from sportello.canteen.what_if_job import ask_what_if, last_outcome
from sportello.jobs.models import Job
from sportello.jobs.running import run_job
from sportello.kernel import clock
from tests.canteen.test_what_if import draft, eaten, flat
from tests.comuni import HostClient
from tests.factories import account
from tests.factories.meals import YEAR

__all__ = ["eaten"]


@pytest.fixture
def desk(bari_client: HostClient) -> HostClient:
    bari_client.force_login(account(Role.ADMINISTRATOR))
    return bari_client


def rehearsed(proposal: Edition) -> Job:
    job = ask_what_if(draft=proposal, on_year=YEAR, actor=1, now=clock.now())
    run_job(public_id=job.public_id, now=clock.now)
    job.refresh_from_db()
    return job


def test_she_asks_and_reads(eaten: Edition, desk: HostClient) -> None:
    proposal = draft(eaten, flat(250))
    page = f"/ufficio/tariffe/{proposal.pk}/prova/"
    assert desk.get(page).status_code == 200
    assert desk.get(f"/ufficio/tariffe/{proposal.pk}/prova.pdf").status_code == 404
    asked = desk.post(page, {"year": YEAR.start_year})
    job = Job.objects.get(kind="canteen.what_if")
    assert (asked.status_code, asked["Location"]) == (302, f"/ufficio/lavori/{job.public_id}/")

    run_job(public_id=job.public_id, now=clock.now)

    text = desk.get(page).content.decode().replace("\xa0", " ")
    assert "12 famiglie: 6 pagano di più, 6 di meno." in text
    assert "147,00 €" in text  # 6 x 5 x 1,90 + 6 x 5 x 3,00
    assert "150,00 €" in text
    assert "Senza ISEE" in text
    annex = desk.get(f"/ufficio/tariffe/{proposal.pk}/prova.pdf")
    assert annex.content.startswith(b"%PDF-")


def test_nobody_is_named_in_what_is_kept(eaten: Edition) -> None:
    job = rehearsed(draft(eaten, flat(250)))
    assert set(job.result) == {"whole", "median_change_cents", "brackets", "schools", "distribution"}
    assert "child" not in str(job.result["brackets"][0].keys() - {"children"})


def test_figures_of_another_table_are_not_shown(eaten: Edition) -> None:
    proposal = draft(eaten, flat(250))
    rehearsed(proposal)
    assert last_outcome(proposal) is not None
    proposal.fingerprint = "changed since"
    assert last_outcome(proposal) is None


def test_another_year_without_meals_says_so(eaten: Edition) -> None:
    proposal = draft(eaten, flat(250))
    job = ask_what_if(draft=proposal, on_year=YEAR.previous, actor=1, now=clock.now())
    run_job(public_id=job.public_id, now=clock.now)
    job.refresh_from_db()
    assert (job.state, "non ci sono pasti" in job.message) == ("failed", True)


@pytest.mark.parametrize("role", [Role.SCHOOL, Role.SUPPORT, None])
def test_it_is_the_office_that_asks(eaten: Edition, bari_client: HostClient, role: Role | None) -> None:
    bari_client.force_login(account(*([role] if role else [])))
    assert bari_client.get(f"/ufficio/tariffe/{eaten.pk}/prova/").status_code == 403
