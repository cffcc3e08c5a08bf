"""The office: months, the close as a job, the ledger of a child."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from services_catalog.models import Edition
from sportello.accounts.models import Role
from sportello.audit.models import Action, Event
from sportello.billing.models import Entry, EntryKind
from sportello.canteen.models import MonthClose, Presence
from sportello.canteen.tasks import MONTH_CLOSE
from sportello.families.models import Child
from sportello.jobs.models import Job, JobState
from sportello.jobs.running import run_job
from sportello.kernel import clock
from tests.comuni import HostClient
from tests.factories import child, citizen, pupil, section
from tests.factories.meals import canteen_edition, meals, place, price
from tests.factories.people import grant

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
NOVEMBER = "/ufficio/mensa/chiusura/2026-11/"


@pytest.fixture(autouse=True)
def december(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW.astimezone(clock.ROME))


@pytest.fixture
def mensa(bari: object) -> Edition:
    return canteen_edition()


@pytest.fixture
def eater(mensa: Edition) -> Child:
    minor, room = child(), section()
    price(minor, mensa, 190)
    pupil(minor, room)
    place(minor, mensa)
    meals(room, {minor: [date(2026, 11, day) for day in (2, 3, 4)]})
    return minor


@pytest.fixture
def clerk(bari: object, bari_client: HostClient) -> HostClient:
    person = citizen()
    grant(person, Role.CLERK)
    bari_client.force_login(person)
    return bari_client


def run(job: Job) -> Job:
    run_job(public_id=job.public_id, now=clock.now)
    job.refresh_from_db()
    return job


def test_a_month_is_previewed_closed_and_read(
    clerk: HostClient, eater: Child, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    assert "da chiudere" in clerk.get("/ufficio/mensa/chiusura/").content.decode()
    preview = clerk.get(NOVEMBER).content.decode()
    assert "Chiudi novembre 2026" in preview
    assert "5,70" in preview
    assert Entry.objects.count() == 0
    response = clerk.post(NOVEMBER)
    job = Job.objects.get(kind=MONTH_CLOSE)
    assert response["Location"] == reverse("jobs:job", args=[job.public_id])
    assert clerk.post(NOVEMBER)["Location"] == response["Location"]
    assert "chiusura in corso" in clerk.get("/ufficio/mensa/chiusura/").content.decode()
    assert run(job).state == JobState.DONE
    assert job.result["posted_cents"] == 570
    page = clerk.get(NOVEMBER).content.decode()
    assert "chiuso" in page
    assert "Chiudi novembre" not in page
    assert NOVEMBER in clerk.get(response["Location"]).content.decode()


def test_what_changes_after_the_close_is_offered_as_differences(clerk: HostClient, eater: Child) -> None:
    clerk.post(NOVEMBER)
    run(Job.objects.get())
    Presence.objects.filter(day=date(2026, 11, 3)).update(ate=False)
    page = clerk.get(NOVEMBER).content.decode()
    assert "Registra le differenze" in page
    assert "Da restituire alle famiglie: 1,90" in page
    clerk.post(NOVEMBER)
    run(Job.objects.latest("pk"))
    assert Entry.objects.get(kind=EntryKind.CORRECTION).amount_cents == 190
    assert MonthClose.objects.count() == 2
    assert "Registra le differenze" not in clerk.get(NOVEMBER).content.decode()


def test_a_month_that_is_not_over_is_not_closed(clerk: HostClient, eater: Child) -> None:
    url = "/ufficio/mensa/chiusura/2026-12/"
    assert "Il mese non è finito" in clerk.get(url).content.decode()
    assert "Il mese non è finito" in clerk.post(url, follow=True).content.decode()
    assert Job.objects.count() == 0
    assert clerk.get("/ufficio/mensa/chiusura/2026-99/").status_code == 404


def test_a_close_that_cannot_price_a_meal_fails_with_its_sentence(clerk: HostClient, mensa: Edition) -> None:
    """The child sits in no class: no price can be decided, and nothing is posted."""
    bare = child()
    place(bare, mensa)
    meals(section(), {bare: [date(2026, 11, 2)]})
    assert "non ha ancora una tariffa" in clerk.get(NOVEMBER).content.decode()
    clerk.post(NOVEMBER)
    job = run(Job.objects.get())
    assert job.state == JobState.FAILED
    assert "1 pasti di 1 bambini" in job.message
    assert "nessuna classe" in job.message
    assert Entry.objects.count() == 0


def test_a_child_who_ate_before_its_price_was_decided_is_priced_by_the_close(clerk: HostClient, mensa: Edition) -> None:
    minor, room = child(), section()
    pupil(minor, room)
    place(minor, mensa)
    meals(room, {minor: [date(2026, 11, 2)]})
    clerk.post(NOVEMBER)
    assert run(Job.objects.get()).state == JobState.DONE
    assert Entry.objects.get().unit_price_cents == 300


def test_the_canteen_of_the_day(clerk: HostClient, eater: Child) -> None:
    page = clerk.get("/ufficio/mensa/?giorno=2026-11-02").content.decode()
    assert "1 su 1" in page
    assert clerk.get("/ufficio/mensa/?giorno=boh").status_code == 404
    assert clerk.get("/ufficio/mensa/").status_code == 200


def test_the_ledger_of_a_child_is_read_on_record(clerk: HostClient, eater: Child) -> None:
    clerk.post(NOVEMBER)
    run(Job.objects.get())
    page = clerk.get(reverse("billing:ledger", args=[eater.public_id, "mensa"])).content.decode()
    assert "3 pasti di novembre 2026" in page
    assert Event.objects.filter(action=Action.STATEMENT_READ, subject=str(eater.public_id)).count() == 1


def test_a_payment_is_recorded_from_its_form(clerk: HostClient, eater: Child) -> None:
    url = reverse("billing:record_payment", args=[eater.public_id, "mensa"])
    form = {
        "amount": "12,50",
        "paid_on_day": "27",
        "paid_on_month": "11",
        "paid_on_year": "2026",
        "means": "transfer",
        "reference": "Ricevuta 7",
        "token": str(uuid4()),
    }
    assert clerk.get(url).status_code == 200
    for wrong in ({"amount": "0"}, {"amount": "boh", "reference": ""}, {"means": ""}):
        assert clerk.post(url, form | wrong).status_code == 422
    page = clerk.post(url, form, follow=True).content.decode()
    assert "Pagamento registrato." in page
    assert "bonifico, Ricevuta 7" in page
    clerk.post(url, form)
    assert Entry.objects.get().amount_cents == 1250


def test_an_entry_is_corrected_from_its_form(clerk: HostClient, eater: Child) -> None:
    clerk.post(NOVEMBER)
    run(Job.objects.get())
    charge = Entry.objects.get()
    url = reverse("billing:correct_entry", args=[charge.public_id])
    form = {"direction": "favour", "amount": "1,90", "reason": "Mensa non servita", "token": str(uuid4())}
    assert clerk.get(url).status_code == 200
    assert clerk.post(url, form | {"amount": "0"}).status_code == 422
    assert "Rettifica registrata." in clerk.post(url, form, follow=True).content.decode()
    assert Entry.objects.get(corrects=charge).amount_cents == 190
