"""The office charges a service: the preview, the button, the history; what it writes down; what the family reads."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.urls import reverse

from services_catalog.models import Edition
from sportello.accounts.models import Role
from sportello.audit.models import Action, Event
from sportello.billing.models import Entry
from sportello.enrolment.models import ChargeRun, MonthCount
from sportello.enrolment.pricing import reprice_service
from sportello.enrolment.tasks import CHARGE_MONTH
from sportello.families.models import Child
from sportello.fees.models import PriceDecision
from sportello.jobs.models import Job, JobState
from sportello.jobs.running import run_job
from sportello.kernel import clock
from tests.comuni import HostClient
from tests.factories import adult, citizen, delegation, guardianship, school, section
from tests.factories.charging import charged_edition, decide, rider, service_of
from tests.factories.numbering import YEAR
from tests.factories.people import grant

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
PAGE = "/ufficio/addebiti/"
NOVEMBER = f"{PAGE}?servizio=trasporto&mese=2026-11"
FLAT = {"base": {"kind": "single_price", "amount": "17.00"}}
SICK = {"kind": "each_time", "counted": "days_sick", "amount": "1.00"}


@pytest.fixture(autouse=True)
def december(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW.astimezone(clock.ROME))


@pytest.fixture
def bus(bari: object) -> Edition:
    return charged_edition(FLAT)


@pytest.fixture
def minor(bus: Edition) -> Child:
    made = rider(bus)
    decide(bus)
    return made


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


def send(client: HostClient, month: str = "2026-11") -> Any:
    return client.post(PAGE, {"servizio": "trasporto", "mese": month})


def test_a_month_is_previewed_charged_and_read(clerk: HostClient, minor: Child) -> None:
    preview = clerk.get(NOVEMBER).content.decode()
    assert "Addebita novembre 2026" in preview
    assert "17,00" in preview
    assert Entry.objects.count() == 0
    response = send(clerk)
    job = Job.objects.get(kind=CHARGE_MONTH)
    assert response["Location"] == reverse("jobs:job", args=[job.public_id])
    assert send(clerk)["Location"] == response["Location"]
    assert "in corso" in clerk.get(NOVEMBER).content.decode()
    assert run(job).state == JobState.DONE
    page = clerk.get(NOVEMBER).content.decode()
    assert "non c'è nulla da addebitare" in page
    assert "Addebita novembre" not in page
    assert "servizio=trasporto&amp;mese=2026-11" in clerk.get(response["Location"]).content.decode()


def test_decisions_still_to_send_are_told_and_sent_by_the_charge(clerk: HostClient, bus: Edition, minor: Child) -> None:
    send(clerk)
    run(Job.objects.get())
    rider(bus)
    reprice_service(service=bus.service, within=YEAR.period, now=NOW)
    page = clerk.get(NOVEMBER).content.decode()
    assert ("1 decisione sulle tariffe" in page, "Registra le differenze" in page) == (True, True)
    send(clerk)
    run(Job.objects.latest("pk"))
    assert (PriceDecision.objects.to_send().count(), Entry.objects.count()) == (0, 2)


def test_what_changed_is_offered_as_differences(clerk: HostClient, bus: Edition, minor: Child) -> None:
    send(clerk)
    run(Job.objects.get())
    minor.subscriptions.update(valid_during=(date(2026, 9, 1), date(2026, 11, 1)))
    page = clerk.get(NOVEMBER).content.decode()
    assert "Registra le differenze" in page
    assert "Da restituire" in page
    send(clerk)
    run(Job.objects.latest("pk"))
    assert Entry.objects.order_by("pk").values_list("amount_cents", flat=True)[1] == 1700
    assert ChargeRun.objects.count() == 2


def test_a_month_that_has_not_come_is_not_charged(clerk: HostClient, minor: Child) -> None:
    early = clerk.get(f"{PAGE}?servizio=trasporto&mese=2027-01").content.decode()
    assert "si può addebitare da venerdì 1 gennaio" in early
    assert (
        "non si può ancora addebitare"
        in clerk.post(PAGE, {"servizio": "trasporto", "mese": "2027-01"}, follow=True).content.decode()
    )
    assert Job.objects.count() == 0
    assert clerk.get(f"{PAGE}?servizio=trasporto&mese=2026-99").status_code == 404
    assert clerk.get(f"{PAGE}?servizio=niente").status_code == 404


def test_without_a_service_to_charge_the_page_says_so(clerk: HostClient) -> None:
    assert "Nessun servizio da addebitare" in clerk.get(PAGE).content.decode()
    assert clerk.get(f"{PAGE}registro/").status_code == 404


@pytest.mark.parametrize("role", [Role.SCHOOL, Role.SUPPORT, None])
def test_only_the_office_charges(bari: object, bus: Edition, bari_client: HostClient, role: Role | None) -> None:
    person = citizen()
    if role:
        grant(person, role)
    bari_client.force_login(person)
    assert bari_client.get(PAGE).status_code == send(bari_client).status_code == 403
    assert bari_client.get(f"{PAGE}registro/?servizio=trasporto").status_code == 403
    assert Job.objects.count() == 0


@pytest.mark.parametrize("children", [1, 3])
def test_the_page_asks_as_many_questions_for_one_child_as_for_many(
    clerk: HostClient, bus: Edition, children: int, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for _ in range(children):
        rider(bus)
    decide(bus)
    clerk.get(NOVEMBER)
    with django_assert_max_num_queries(24):
        assert clerk.get(NOVEMBER).status_code == 200


def test_counts_are_written_down_for_a_class_and_change_the_charge(clerk: HostClient, bari: object) -> None:
    made = charged_edition({**FLAT, "proration": [SICK]})
    room = section(school(level="primaria"))
    first, second = rider(made, room), rider(made, room)
    decide(made)
    preview = clerk.get(NOVEMBER).content.decode()
    assert "Nel registro manca: giorni di malattia." in preview
    url = f"{PAGE}registro/?servizio=trasporto&mese=2026-11"
    page = clerk.get(url).content.decode()
    assert "Giorni di malattia" in page
    assert page.count('type="number"') == 2
    boxes = {f"days_sick-{first.public_id}": "3", f"days_sick-{second.public_id}": "40"}
    assert clerk.post(url, boxes).status_code == 422
    assert MonthCount.objects.count() == 0
    boxes[f"days_sick-{second.public_id}"] = ""
    assert "1 bambino cambiato" in clerk.post(url, boxes, follow=True).content.decode()
    assert "Nessun numero è cambiato" in clerk.post(url, boxes, follow=True).content.decode()
    events = Event.objects.filter(action=Action.PRESENCE_CORRECTED, subject_kind="child")
    assert [event.subject for event in events] == [str(first.public_id)]
    assert "14,00" in clerk.get(NOVEMBER).content.decode()
    boxes[f"days_sick-{first.public_id}"] = ""
    clerk.post(url, boxes)
    assert MonthCount.objects.count() == 0


def test_what_the_rolls_count_is_not_asked_again(clerk: HostClient, bari: object) -> None:
    fees = {"parts": [{"code": "meals", "unit": {"kind": "meal"}, "base": {"kind": "single_price", "amount": "2.00"}}]}
    made = charged_edition({**FLAT, **fees, "proration": [SICK]}, service=service_of("mensa", "meals"))
    rider(made)
    decide(made)
    page = clerk.get(f"{PAGE}registro/?servizio=mensa&mese=2026-11").content.decode()
    assert "Giorni di malattia" in page
    assert page.count('type="number"') == 1


def test_the_family_reads_what_is_due_and_why(clerk: HostClient, minor: Child) -> None:
    send(clerk)
    run(Job.objects.get())
    mother = adult()
    guardianship(mother, minor)
    clerk.force_login(citizen(mother))
    url = reverse("enrolment:account", args=[minor.public_id, "trasporto"])
    page = clerk.get(url).content.decode()
    assert "Quota di novembre 2026" in page
    assert "Perché questo importo?" in page
    assert "Prezzo unico: 17,00" in page
    assert url in clerk.get(reverse("desk:child", args=[minor.public_id])).content.decode()
    clerk.force_login(citizen())
    assert clerk.get(url).status_code == 404


def test_who_is_delegated_to_pay_reads_the_sums_and_not_the_reasons(clerk: HostClient, minor: Child) -> None:
    send(clerk)
    run(Job.objects.get())
    mother, uncle = adult(), adult()
    guardianship(mother, minor)
    delegation(minor, mother, uncle)
    clerk.force_login(citizen(uncle))
    page = clerk.get(reverse("enrolment:account", args=[minor.public_id, "trasporto"])).content.decode()
    assert "17,00" in page
    assert "Perché questo importo?" not in page


def test_the_account_of_who_has_left_stays_readable(clerk: HostClient, minor: Child) -> None:
    send(clerk)
    run(Job.objects.get())
    minor.subscriptions.update(valid_during=(date(2026, 9, 1), date(2026, 12, 1)))
    mother = adult()
    guardianship(mother, minor)
    clerk.force_login(citizen(mother))
    url = reverse("enrolment:account", args=[minor.public_id, "trasporto"])
    assert url in clerk.get(reverse("desk:child", args=[minor.public_id])).content.decode()
