"""The administrator passes the whole catalogue to the next school year: drafts, once, and nothing in force changes."""

from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from services_catalog.models import Edition, EditionStatus, Service
from services_catalog.publication import discard_draft, register_service
from services_catalog.rolling_over import Skipped, plan_roll_over, roll_over
from sportello.accounts.models import Account, Role
from sportello.audit.models import Action, Event
from sportello.kernel.school_year import SchoolYear
from tenants.current import in_schema
from tenants.models import Municipality
from tests.comuni import HostClient
from tests.factories import account
from tests.factories.editions import NOW, draft, edition, edition_content
from tests.factories.numbering import YEAR

PAGE = "/ufficio/tariffe/nuovo-anno/"
NEXT = YEAR.next


def of_next_year() -> Any:
    return Edition.objects.filter(school_year=NEXT.start_year).order_by("pk")


def bus() -> Service:
    return register_service(code="scuolabus", name="Scuolabus", archetype="transport")


def test_every_service_gets_a_draft_without_an_act(bari: Municipality) -> None:
    held, ride = edition(), edition(bus())
    clerk = account()
    done = roll_over(year=YEAR, actor=clerk, now=NOW)
    drafts = list(of_next_year())
    assert [one.service_id for one in drafts] == [held.service_id, ride.service_id]
    assert {one.status for one in drafts} == {EditionStatus.DRAFT}
    assert {(one.act_number, one.act_date, one.approved_by) for one in drafts} == {("", None, "")}
    assert {one.period for one in drafts} == {NEXT.period}
    assert [one.standing for one in done] == drafts
    assert drafts[0].rules.fees == held.rules.fees
    held.refresh_from_db()
    assert (held.status, held.period) == (EditionStatus.IN_FORCE, YEAR.period)
    events = Event.objects.filter(action=Action.EDITION_CHANGED, subject=str(drafts[0].pk)).order_by("pk")
    assert [(event.details["event"], event.actor) for event in events] == [
        ("drafted", clerk.pk),
        ("rolled_over", clerk.pk),
    ]


def test_it_starts_from_the_last_that_was_in_force_else_from_the_latest(bari: Municipality) -> None:
    held = edition()
    draft(held.service, content=edition_content(fees={"base": {"kind": "single_price", "amount": "9.00"}}))
    proposed = draft(bus())
    sources = {one.service.code: one.source for one in plan_roll_over(year=YEAR)}
    assert sources == {"mensa": held, "scuolabus": proposed}


def test_what_is_there_already_and_what_has_no_beginning_are_left_alone(bari: Municipality) -> None:
    held = edition()
    standing = draft(held.service, school_year=NEXT)
    bus()
    plan = {one.service.code: (one.skipped, one.standing) for one in plan_roll_over(year=YEAR)}
    assert plan == {"mensa": (Skipped.HAS_ONE, standing), "scuolabus": (Skipped.NOTHING_THIS_YEAR, None)}
    roll_over(year=YEAR, actor=None, now=NOW)
    assert list(of_next_year()) == [standing]


def test_twice_makes_nothing_new_and_a_discarded_draft_may_be_made_again(bari: Municipality) -> None:
    edition()
    roll_over(year=YEAR, actor=None, now=NOW)
    again = roll_over(year=YEAR, actor=None, now=NOW)
    assert [one.skipped for one in again] == [Skipped.HAS_ONE]
    discard_draft(edition=of_next_year().get(), actor=None, now=NOW)
    roll_over(year=YEAR, actor=None, now=NOW)
    assert of_next_year().count() == 1


def test_two_clicks_at_once_make_one_draft(transactional_db: None, bari: Municipality) -> None:
    schema = bari.schema_name
    edition()

    def click(_number: int) -> None:
        try:
            with in_schema(schema):
                roll_over(year=YEAR, actor=None, now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=2) as both:
        list(both.map(click, range(2)))
    assert of_next_year().count() == 1


@pytest.mark.parametrize("size", [1, 3])
def test_the_plan_costs_two_queries(bari: Municipality, size: int, django_assert_num_queries: Any) -> None:
    for number in range(size):
        edition(register_service(code=f"servizio-{number}", name=f"Servizio {number}", archetype="meals"))
    with django_assert_num_queries(2):
        assert len(plan_roll_over(year=YEAR)) == size


def test_another_comune_keeps_its_own(bari: Municipality, bitonto: Municipality) -> None:
    with in_schema(bari.schema_name):
        edition()
    with in_schema(bitonto.schema_name):
        edition()
    with in_schema(bari.schema_name):
        roll_over(year=YEAR, actor=None, now=NOW)
    with in_schema(bitonto.schema_name):
        assert of_next_year().count() == 0


@pytest.fixture
def administrator(bari: Municipality) -> Account:
    return account(Role.ADMINISTRATOR)


def test_she_looks_then_prepares_then_finds_them_there(bari_client: HostClient, administrator: Account) -> None:
    held = edition()
    bus()
    bari_client.force_login(administrator)
    assert PAGE in bari_client.get("/ufficio/tariffe/").content.decode()
    page = bari_client.get(PAGE).content.decode()
    for words in ("Bozze da preparare per il 2027/28", "27/09/2027", "28/09/2026", "Prepara 1 bozza"):
        assert words in page
    assert "in attesa dell&#x27;atto" in page
    assert "Scuolabus: non ha edizioni del 2026/27 da cui partire" in page
    assert of_next_year().count() == 0

    answer = bari_client.post(PAGE, {"anno": YEAR.start_year}, follow=True).content.decode()
    drafted = of_next_year().get()
    assert "1 bozza preparata per il 2027/28." in answer
    assert f"/ufficio/tariffe/{drafted.pk}/" in answer
    shown = bari_client.get(f"/ufficio/tariffe/{drafted.pk}/").content.decode()
    assert "tariffe, riduzioni e regole sono quelle dell&#x27;anno prima" in shown
    assert "ricavata dall&#x27;edizione dell&#x27;anno prima" in shown

    answer = bari_client.post(PAGE, {"anno": YEAR.start_year}, follow=True).content.decode()
    assert "Non c&#x27;era nulla da preparare" in answer
    assert of_next_year().get() == drafted
    assert held.period == YEAR.period


def test_a_year_that_is_not_offered_makes_nothing(bari_client: HostClient, administrator: Account) -> None:
    edition()
    bari_client.force_login(administrator)
    assert bari_client.post(PAGE, {"anno": "2019"}).status_code == 422
    assert bari_client.post(PAGE, {}).status_code == 422
    assert of_next_year().count() == 0
    assert "2025/26" in bari_client.get(f"{PAGE}?anno=2025").content.decode()


@pytest.mark.parametrize("role", [Role.CLERK, Role.SCHOOL, Role.SUPPORT, None])
def test_only_an_administrator(bari: Municipality, bari_client: HostClient, role: Role | None) -> None:
    bari_client.force_login(account(*([role] if role else [])))
    assert bari_client.get(PAGE).status_code == 403
    assert bari_client.post(PAGE, {"anno": YEAR.start_year}).status_code == 403


def test_from_the_command_line(bari: Municipality) -> None:
    with in_schema(bari.schema_name):
        edition()
    out = StringIO()
    call_command("roll_over", "a662", "--year", "2026/27", "--dry-run", stdout=out)
    assert "mensa: would be drafted" in out.getvalue()
    with in_schema(bari.schema_name):
        assert of_next_year().count() == 0
    call_command("roll_over", "A662", stdout=out)
    call_command("roll_over", "A662", stdout=out)
    assert "mensa: left alone, the next school year is there" in out.getvalue()
    with in_schema(bari.schema_name):
        assert of_next_year().count() == 1
    with pytest.raises(CommandError, match="ZZZZ"):
        call_command("roll_over", "ZZZZ")
    with pytest.raises(CommandError, match="anno scolastico"):
        call_command("roll_over", "A662", "--year", "2026/29")


def test_a_year_later_it_goes_on(bari: Municipality) -> None:
    edition()
    roll_over(year=YEAR, actor=None, now=NOW)
    roll_over(year=NEXT, actor=None, now=NOW)
    third = Edition.objects.get(school_year=SchoolYear(2028).start_year)
    assert third.rules.calendar.spans[0].first_day.isoformat() == "2028-09-25"
