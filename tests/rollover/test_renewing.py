"""Places that go on by themselves: exactly those of the rehearsal, once, told to families, on the record."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from services_catalog.models import Edition
from services_catalog.publication import draft_edition, put_in_force
from sportello.accounts.models import Account, Role
from sportello.audit.models import Action, Event
from sportello.enrolment.models import Subscription, SubscriptionOrigin
from sportello.enrolment.renewing_places import NewYearNotInForce, renew_places
from sportello.enrolment.repricing_job import REPRICE
from sportello.families.models import Child
from sportello.fees.models import PriceDecision
from sportello.fees.recognising import recognise_condition
from sportello.jobs.models import Job, JobState
from sportello.jobs.running import run_job
from sportello.kernel import clock
from sportello.kernel.clock import ROME
from sportello.notifications.models import Notice, OutboxMail
from sportello.rollover.models import WorkItem, WorkKind
from sportello.rollover.rehearsing import Rehearsal, rehearse
from sportello.rollover.renewal_job import RENEWAL, ask_renewal
from sportello.rollover.renewals import services_to_renew
from sportello.rollover.words import what_happens, what_to_do
from sportello.schools.models import Level
from tests import factories
from tests.comuni import HostClient
from tests.factories.editions import NOW, act, edition_content
from tests.factories.meals import place
from tests.rollover.conftest import NEXT, TODAY, enrolled, followed, room

PAGE = "/ufficio/nuovo-anno/rinnovi/"
AUTOMATIC = {"renewal": {"kind": "automatic"}}
PLACES = {WorkKind.NEW_SCHOOL, WorkKind.ENDING, WorkKind.NO_CLASS}
LATER = datetime(2027, 6, 20, 9, tzinfo=ROME)


def drafted(canteen: Edition, **fees: Any) -> Edition:
    conditions = [{"code": "arrears", "label": {"it": "arretrati"}}] if fees else []
    content = edition_content(admission=AUTOMATIC, conditions=conditions, fees=fees)
    return draft_edition(service=canteen.service, school_year=NEXT, content=content, actor=None, now=NOW)


def next_year(canteen: Edition, **fees: Any) -> Edition:
    """The edition of the new year, in force: places go on by themselves."""
    return put_in_force(edition=drafted(canteen, **fees), act=act(), actor=None, now=NOW)


def rehearsed() -> Rehearsal:
    return rehearse(year=NEXT, today=TODAY)


def renewed() -> dict[int, Subscription]:
    return {one.child_id: one for one in Subscription.objects.filter(origin=SubscriptionOrigin.RENEWAL).order_by("pk")}


def run() -> dict[str, Any]:
    job = ask_renewal(year=NEXT, today=TODAY, actor=factories.account(Role.ADMINISTRATOR).pk, now=clock.now())
    run_job(public_id=job.public_id, now=clock.now)
    job.refresh_from_db()
    assert job.state == JobState.DONE, job.message
    return job.result


@pytest.fixture
def town(canteen: Edition) -> dict[str, Child]:
    """One child for each thing that a rehearsal may say of a place, and the class of the new year."""
    second = room(Level.PRIMARY, 2)
    followed(second)
    made = {
        "goes_on": enrolled(canteen, second),
        "too": enrolled(canteen, second),
        "new_school": enrolled(canteen, room(Level.PRESCHOOL, 3)),
        "ends": enrolled(canteen, room(Level.PRIMARY, 5)),
        "no_class": enrolled(canteen, None),
        "left": factories.child(),
        "has_it": enrolled(canteen, second),
    }
    place(made["has_it"], canteen, valid_during=(NEXT.period.start, NEXT.period.end))
    return made


def test_the_real_roll_over_gives_the_rehearsed_result(canteen: Edition, town: dict[str, Child]) -> None:
    coming = next_year(canteen)
    before = rehearsed()
    listed = {
        one.child_id for one in before.findings if one.kind in {WorkKind.NEW_SCHOOL, WorkKind.ENDING, WorkKind.NO_CLASS}
    }
    (service,) = services_to_renew(year=NEXT, today=TODAY)
    assert run()["renewed"] == {"mensa": before.renewed_alone}
    assert set(renewed()) == set(service.children) == {town["goes_on"].pk, town["too"].pk}
    assert listed == {town["new_school"].pk, town["ends"].pk, town["no_class"].pk}
    one = renewed()[town["goes_on"].pk]
    assert one.renewed_from is not None
    assert (one.edition, one.application, one.renewed_from.child_id) == (coming, None, one.child_id)
    assert (one.valid_during.lower, one.valid_during.upper) == NEXT.period.bounds
    after = rehearsed()
    assert (after.findings, after.schools, after.renewed_alone) == (before.findings, before.schools, 0)


def test_running_again_does_nothing_and_prices_are_decided_once(canteen: Edition, town: dict[str, Child]) -> None:
    coming = next_year(canteen)
    third = followed(room(Level.PRIMARY, 2))
    for child in (town["goes_on"], town["too"]):
        factories.pupil(child, third, valid_during=(NEXT.period.start, NEXT.period.end))
    run()
    known = list(Subscription.objects.order_by("pk").values())
    assert run()["renewed"] == {}
    assert list(Subscription.objects.order_by("pk").values()) == known
    for job in Job.objects.filter(kind=REPRICE, finished_at=None).order_by("pk"):
        run_job(public_id=job.public_id, now=clock.now)
    drafts = PriceDecision.objects.filter(edition=coming, valid_during__startswith=NEXT.period.start).order_by("pk")
    assert {one.child_id for one in drafts.to_send()} >= {town["goes_on"].pk, town["too"].pk}
    assert len({one.child_id for one in drafts}) == len(drafts)


def test_families_are_told_once_and_it_is_on_the_record(canteen: Edition) -> None:
    second = room(Level.PRIMARY, 2)
    followed(second)
    made = factories.family(children=2)
    for child in made.children:
        factories.pupil(child, second)
        place(child, canteen)
    coming = next_year(canteen)
    run()
    run()
    notice = Notice.objects.get(account=made.account)
    assert notice.subject == "Mensa scolastica: il posto continua nel 2027/28"
    assert coming.act_number in notice.body
    assert all(child.given_name in notice.body for child in made.children)
    assert "i posti si rinnovano da soli dal 01/09/2027" in notice.body
    assert OutboxMail.objects.count() == 1
    event = Event.objects.get(subject_kind="renewal")
    assert (event.action, event.subject) == (Action.CHILD_CHANGED, "mensa:2027")
    assert sorted(event.details["places"]) == sorted(one.pk for one in renewed().values())


def test_nothing_goes_on_before_the_act_is_in_force(canteen: Edition, town: dict[str, Child]) -> None:
    waiting = drafted(canteen)
    assert run() == {"renewed": {}, "refused": {}, "waiting": ["mensa"]}
    assert renewed() == {}
    with pytest.raises(NewYearNotInForce, match="non è ancora in vigore"):
        renew_places(edition=waiting, children=[town["goes_on"].pk], year=NEXT, actor=None, now=LATER)


def test_an_edition_that_says_nothing_renews_nobody(canteen: Edition, town: dict[str, Child]) -> None:
    content = edition_content()
    put_in_force(
        edition=draft_edition(service=canteen.service, school_year=NEXT, content=content, actor=None, now=NOW),
        act=act(), actor=None, now=NOW,
    )  # fmt: skip
    assert services_to_renew(year=NEXT, today=TODAY) == []
    assert run()["renewed"] == {}


def test_who_is_in_arrears_waits_where_the_edition_refuses(canteen: Edition, town: dict[str, Child]) -> None:
    next_year(canteen, arrears={"blocks_enrolment": True})
    recognise_condition(
        child=town["goes_on"],
        condition="arrears",
        during=NEXT.previous.period,
        reason="ragioneria",
        actor=None,
        now=NOW,
    )
    came = rehearsed()
    (row,) = [one for one in came.findings if one.kind == WorkKind.ARREARS]
    assert (row.child_id, came.renewed_alone) == (town["goes_on"].pk, 1)
    item = WorkItem(school_year=NEXT.start_year, kind=row.kind, due_on=row.due_on, facts=dict(row.facts))
    assert "ci sono pagamenti scaduti" in what_happens(item)
    assert "saldati i pagamenti" in what_to_do(item)
    outcome = run()
    assert (outcome["renewed"], outcome["refused"]) == ({"mensa": 1}, {"mensa": 1})
    assert set(renewed()) == {town["too"].pk}


def test_a_renewed_place_names_the_one_it_goes_on_from(canteen: Edition, town: dict[str, Child]) -> None:
    with pytest.raises(IntegrityError, match="subscription_renewed_from_a_place"), transaction.atomic():
        Subscription.objects.create(
            child=town["goes_on"], service=canteen.service, edition=canteen, origin=SubscriptionOrigin.RENEWAL,
            valid_during=NEXT.period.bounds,
        )  # fmt: skip


@pytest.fixture
def administrator(canteen: Edition) -> Account:
    return factories.account(Role.ADMINISTRATOR)


def test_the_administrator_reads_who_goes_on_and_has_it_done(
    canteen: Edition, town: dict[str, Child], administrator: Account, bari_client: HostClient
) -> None:
    next_year(canteen)
    bari_client.force_login(administrator)
    assert PAGE in bari_client.get("/ufficio/nuovo-anno/").content.decode()
    assert "Rinnova 2 posti" in bari_client.get(PAGE).content.decode()
    answer = bari_client.post(PAGE)
    job = Job.objects.get(kind=RENEWAL)
    assert answer["Location"].endswith(f"{job.public_id}/")
    bari_client.post(PAGE)
    assert Job.objects.filter(kind=RENEWAL).count() == 1
    run_job(public_id=job.public_id, now=clock.now)
    page = bari_client.get(PAGE).content.decode()
    assert "2 posti." in page
    assert "Ora non si può rinnovare nessun posto." in page.replace("&#x27;", "'")


def test_a_clerk_reads_the_rehearsal_and_does_not_renew(canteen: Edition, client_of: Callable[..., HostClient]) -> None:
    clerk = client_of("bari", raise_request_exception=False)
    clerk.force_login(factories.account(Role.CLERK))
    assert PAGE not in clerk.get("/ufficio/nuovo-anno/").content.decode()
    assert clerk.get(PAGE).status_code == 403
    assert clerk.post(PAGE).status_code == 403
