"""The office reads which ISEE holds and why, asks INPS, and decides where INPS and the family differ."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from services_catalog.models import Edition
from sportello.accounts.models import Role
from sportello.enrolment.models import Subscription
from sportello.enrolment.pricing import reprice_household
from sportello.families.models import Child
from sportello.fees.models import PriceDecision
from sportello.kernel import clock
from sportello.means.answering import ask_due
from sportello.means.models import IseeEnquiry, IseeKind, Provenance
from tenants.models import Municipality
from tests import factories
from tests.factories.deciding import send
from tests.factories.editions import edition_from_pack
from tests.factories.inps import inps_answers
from tests.factories.numbering import YEAR

PROTOCOL = "INPS-ISEE-2026-00000123A-00"


@pytest.fixture
def office(bari: Municipality, bari_client: Any) -> Any:
    bari_client.force_login(factories.account(Role.CLERK))
    return bari_client


@pytest.fixture
def inps(bari: Municipality) -> Callable[..., None]:
    """Says how INPS answers from now on."""
    inps_answers("minors:13000.00")
    return inps_answers


@pytest.fixture
def enrolled(bari: Municipality) -> Child:
    """She pays by the 8.500,00 her parent declared."""
    edition: Edition = edition_from_pack("bari")
    child = factories.child(factories.adult())
    factories.pupil(child)
    place = {"service": edition.service, "edition": edition, "origin": "roster"}
    Subscription.objects.create(child=child, valid_during=YEAR.period.bounds, **place)
    filed = date(2026, 2, 3)
    stated = {"provenance": Provenance.DECLARED, "dsu_protocol": PROTOCOL, "filed_on": filed}
    factories.isee(child, "8.500,00", valid_during=(filed, date(2027, 1, 1)), **stated)
    reprice_household(child=child, service=edition.service, within=YEAR.period, now=clock.now())
    send(child)
    return child


def page_of(office: Any, child: Child) -> str:
    text = office.get(f"/ufficio/bambini/{child.public_id}/").content.decode()
    return str(text).replace("&#x27;", "'")


def price_today(child: Child) -> int:
    return PriceDecision.objects.in_force().get(child=child, valid_during__contains=clock.today()).unit_price_cents


def ask_and_answer(office: Any, child: Child) -> IseeEnquiry:
    assert office.post(f"/ufficio/bambini/{child.public_id}/isee/").status_code == 302
    ask_due(now=lambda: clock.now() + timedelta(seconds=1))
    return IseeEnquiry.objects.get(child=child)


def test_the_file_says_which_one_holds_and_why(office: Any, bari: Municipality) -> None:
    child = factories.child(factories.adult())
    factories.isee(child, "8.500,00", dsu_protocol=PROTOCOL)
    factories.isee(child, "3.000,00", kind=IseeKind.CURRENT)
    page = page_of(office, child)
    for words in (
        "È un ISEE corrente: prevale finché vale (DPCM 159/2013 art. 9).",
        "Prevale quella presentata il 01/02/2026.",
        "dal 01/02/2026 al 31/12/2026",
        PROTOCOL,
        "Chiedi a INPS",
    ):
        assert words in page


def test_the_clerk_asks_and_the_same_value_changes_nothing(office: Any, enrolled: Child, inps: Any) -> None:
    inps("minors:8500.00")
    before = price_today(enrolled)
    assert office.post(f"/ufficio/bambini/{enrolled.public_id}/isee/").status_code == 302
    page = page_of(office, enrolled)
    assert ("La domanda a INPS parte tra poco." in page, "Chiedi a INPS" in page) == (True, False)
    ask_due(now=lambda: clock.now() + timedelta(seconds=1))
    assert "Vale il valore di INPS" not in page_of(office, enrolled)
    assert price_today(enrolled) == before


def test_a_difference_is_seen_and_reprices_only_when_confirmed(office: Any, enrolled: Child, inps: Any) -> None:
    finding = ask_and_answer(office, enrolled)
    assert "dichiarato 8.500,00, INPS 13.000,00" in page_of(office, enrolled)
    edition = enrolled.subscriptions.get().edition
    reprice_household(child=enrolled, service=edition.service, within=YEAR.period, now=clock.now())
    assert price_today(enrolled) == 190, "whoever decides the prices again finds them as they were"
    assert office.post(f"/ufficio/isee/{finding.public_id}/conferma/").status_code == 302
    assert price_today(enrolled) == 190, "what was sent holds until the new decision is sent"
    send(enrolled)
    assert price_today(enrolled) == 300
    page = page_of(office, enrolled)
    assert ("Superata: resta nel fascicolo e non conta." in page, "Chiedi a INPS" in page) == (True, True)


def test_a_difference_may_be_left_as_it_was(office: Any, enrolled: Child, inps: Any) -> None:
    finding = ask_and_answer(office, enrolled)
    assert office.post(f"/ufficio/isee/{finding.public_id}/lascia/").status_code == 302
    assert (price_today(enrolled), "dichiarato 8.500,00, INPS" in page_of(office, enrolled)) == (190, False)


def test_a_second_clerk_is_told_that_it_was_settled(office: Any, enrolled: Child, inps: Any) -> None:
    finding = ask_and_answer(office, enrolled)
    for path in ("conferma", "conferma", "lascia"):
        office.post(f"/ufficio/isee/{finding.public_id}/{path}/")
    assert "Non c'è più niente da decidere" in page_of(office, enrolled)
    send(enrolled)
    assert price_today(enrolled) == 300


def test_when_inps_is_down_the_clerk_reads_when_it_is_asked_again(office: Any, enrolled: Child, inps: Any) -> None:
    inps("DATABASE_OFFLINE")
    finding = ask_and_answer(office, enrolled)
    again = f"{finding.next_attempt_at.astimezone(clock.ROME):%H:%M}"
    assert f"INPS non risponde: riproviamo alle {again}." in page_of(office, enrolled)
    assert price_today(enrolled) == 190


def test_where_the_connector_is_off_there_is_no_button(office: Any, enrolled: Child, settings: Any) -> None:
    settings.DEPLOY_ENV = "production"
    assert "Chiedi a INPS" not in page_of(office, enrolled)
    office.post(f"/ufficio/bambini/{enrolled.public_id}/isee/")
    assert "Il collegamento con INPS non è attivo in questo Comune." in page_of(office, enrolled)


@pytest.mark.parametrize("role", [None, Role.SCHOOL])
def test_only_the_office_asks_and_decides(bari_client: Any, enrolled: Child, inps: Any, role: Role | None) -> None:
    bari_client.force_login(factories.account(role) if role else factories.citizen())
    for path in (f"bambini/{enrolled.public_id}/isee", f"isee/{enrolled.public_id}/conferma"):
        assert bari_client.post(f"/ufficio/{path}/").status_code == 403
    assert IseeEnquiry.objects.count() == 0


def test_the_file_costs_the_same_with_one_attestation_and_three(office: Any, bari: Municipality, inps: Any) -> None:
    child = factories.child(factories.adult())

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            page_of(office, child)
        return len(queries)

    factories.isee(child, "8.500,00")
    ask_and_answer(office, child)
    page_of(office, child)
    one = cost()
    factories.isee(child, "3.000,00", kind=IseeKind.CURRENT)
    factories.isee(child, "4.000,00", kind=IseeKind.ORDINARY)
    assert cost() == one
