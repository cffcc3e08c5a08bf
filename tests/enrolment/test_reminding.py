"""Who pays by an ISEE that lapses is told once, thirty days before, and nobody else is."""

from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from services_catalog.models import Edition
from sportello.config.schedule import BEAT_SCHEDULE
from sportello.enrolment.models import Subscription
from sportello.enrolment.pricing import reprice_household
from sportello.enrolment.reminding import remind_of_lapsing_isee
from sportello.families.models import Child
from sportello.kernel.clock import ROME
from sportello.notifications.models import Notice, OutboxMail
from tenants.models import Municipality
from tests import factories
from tests.factories.deciding import send
from tests.factories.editions import edition, edition_content
from tests.factories.numbering import YEAR
from tests.factories.people import Family

FIRST_DAY = datetime(2026, 12, 1, 7, 30, tzinfo=ROME)
THE_DAY_BEFORE = datetime(2026, 11, 30, 23, 59, tzinfo=ROME)
LAST_DAY = datetime(2026, 12, 31, 7, 30, tzinfo=ROME)
NEW_YEAR = datetime(2027, 1, 1, 7, 30, tzinfo=ROME)


@pytest.fixture
def canteen(bari: Municipality) -> Edition:
    return edition()


@pytest.fixture
def parent(canteen: Edition) -> Family:
    """Her child is enrolled for the year, with an ISEE to 31 December."""
    made = factories.family()
    enrol(canteen, made.children[0])
    factories.isee(made.children[0])
    return made


def enrol(canteen: Edition, child: Child, until: date | None = None) -> None:
    period = (YEAR.period.start, until or YEAR.period.end)
    Subscription.objects.create(
        child=child, service=canteen.service, edition=canteen, origin="roster", valid_during=period
    )


def told() -> list[tuple[int, str]]:
    return list(Notice.objects.order_by("account").values_list("account", "subject"))


def test_she_is_told_once_thirty_days_before(parent: Family) -> None:
    assert (remind_of_lapsing_isee(now=THE_DAY_BEFORE), told()) == (0, [])
    assert [remind_of_lapsing_isee(now=day) for day in (FIRST_DAY, FIRST_DAY, LAST_DAY)] == [1, 0, 0]
    assert told() == [(parent.account.pk, "L'ISEE scade il 31/12/2026")]
    assert [mail.recipient for mail in OutboxMail.objects.all()] == [parent.account.email]


def test_the_last_day_is_in_time_and_the_new_year_too_late(parent: Family) -> None:
    assert remind_of_lapsing_isee(now=NEW_YEAR) == 0
    assert remind_of_lapsing_isee(now=LAST_DAY) == 1


def test_both_guardians_are_told_and_whom_a_court_bars_is_not(parent: Family) -> None:
    father, barred = factories.adult(), factories.adult()
    factories.guardianship(father, parent.children[0])
    factories.guardianship(barred, parent.children[0], barred=True)
    accounts = [factories.citizen(person) for person in (father, barred)]
    remind_of_lapsing_isee(now=FIRST_DAY)
    assert [account for account, _subject in told()] == sorted([parent.account.pk, accounts[0].pk])


def test_nobody_is_told_of_a_child_who_leaves_before(canteen: Edition) -> None:
    leaving, staying = factories.family().children[0], factories.family().children[0]
    for child, until in ((leaving, date(2027, 1, 1)), (staying, date(2027, 1, 2))):
        enrol(canteen, child, until)
        factories.isee(child)
    assert remind_of_lapsing_isee(now=FIRST_DAY) == 1
    assert Notice.objects.get().key == f"isee_lapses:{staying.public_id}:2026-12-31"


def test_nobody_is_told_who_has_one_for_the_day_after(parent: Family) -> None:
    new = {"filed_on": date(2026, 12, 1), "kind": "current", "valid_during": (date(2026, 12, 1), date(2027, 6, 1))}
    factories.isee(parent.children[0], "3.000,00", **new)
    assert remind_of_lapsing_isee(now=FIRST_DAY) == 0


@pytest.mark.parametrize("enrolled", [True, False])
def test_nobody_is_told_without_an_isee_or_without_a_place(canteen: Edition, enrolled: bool) -> None:
    child = factories.family().children[0]
    if enrolled:
        enrol(canteen, child)
    else:
        factories.isee(child)
    assert remind_of_lapsing_isee(now=FIRST_DAY) == 0


def priced(isee_policy: dict[str, Any], **fees: Any) -> Family:
    """A child enrolled and priced for the year under a policy, with an ISEE of 8.500 to 31 December."""
    rules = edition(content=edition_content(fees={"isee": isee_policy, **fees}))
    made = factories.family()
    child = made.children[0]
    factories.pupil(child)
    enrol(rules, child)
    factories.isee(child)
    reprice_household(child=child, service=rules.service, within=YEAR.period, now=FIRST_DAY)
    send()
    return made


def test_she_is_told_what_happens_to_the_price_and_where_to_tell_of_the_new_one(bari: Municipality) -> None:
    made = priced({})
    assert remind_of_lapsing_isee(now=FIRST_DAY) == 1
    kept = Notice.objects.get()
    assert kept.body.splitlines() == [
        "Senza un ISEE nuovo la tariffa cambia dal 01/01/2027.",
        "Mensa scolastica: da 1,90 € a 3,00 € a pasto.",
        "Presenta una DSU nuova all'INPS o a un CAF e comunicala al Comune.",
    ]
    assert kept.link == reverse("enrolment:declare_isee", args=[made.children[0].public_id])


def test_where_the_comune_gives_no_price_without_one_that_is_said(bari: Municipality) -> None:
    priced({"missing": "refused"})
    assert remind_of_lapsing_isee(now=FIRST_DAY) == 1
    assert "senza un ISEE nuovo il Comune non può stabilire la tariffa" in Notice.objects.get().body


@pytest.mark.parametrize("policy", [{"missing": "last_known"}, {"kept_until": "end_of_school_year"}])
def test_nobody_is_frightened_where_the_comune_keeps_the_isee(bari: Municipality, policy: dict[str, Any]) -> None:
    priced(policy)
    assert remind_of_lapsing_isee(now=FIRST_DAY) == 0


def test_nobody_is_told_where_the_fee_stays_the_same(bari: Municipality) -> None:
    priced({}, base={"kind": "single_price", "amount": "2.00"})
    assert remind_of_lapsing_isee(now=FIRST_DAY) == 0


def test_the_queries_do_not_grow_with_the_children_to_look_at(bari: Municipality) -> None:
    counts = []
    for number in (1, 3):
        for _time in range(number):
            priced({"missing": "last_known"}) if not Edition.objects.exists() else another()
        with CaptureQueriesContext(connection) as queries:
            assert remind_of_lapsing_isee(now=FIRST_DAY) == 0
        counts.append(len(queries))
    assert counts[0] == counts[1]


def another() -> None:
    """One more child of the canteen in force."""
    child = factories.family().children[0]
    enrol(Edition.objects.get(), child)
    factories.isee(child)


def test_every_comune_is_asked_every_morning() -> None:
    beat = BEAT_SCHEDULE["enrolment-remind-isee"]
    assert (beat["task"], beat["kwargs"]) == ("tenants.fan_out", {"task_name": "enrolment.remind_isee"})


def test_the_notice_holds_neither_name_nor_value(parent: Family) -> None:
    remind_of_lapsing_isee(now=FIRST_DAY)
    kept: Any = Notice.objects.get()
    secrets = ("8.500", parent.children[0].given_name, parent.children[0].family_name, parent.children[0].fiscal_code)
    assert [secret for secret in secrets if str(secret) in f"{kept.subject} {kept.body} {kept.link}"] == []
