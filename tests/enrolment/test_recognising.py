"""A condition the office recognises changes what the child pays from its day, with the reason in the explanation."""

from datetime import date
from typing import Any

import pytest

from services_catalog.models import Edition
from sportello.accounts.models import Role
from sportello.enrolment.models import Subscription
from sportello.enrolment.pricing import reprice_household
from sportello.families.models import Child
from sportello.fees.models import PriceDecision, RecognisedCondition
from sportello.kernel import clock
from sportello.kernel.dates import DateRange
from tenants.models import Municipality
from tests import factories
from tests.factories.deciding import send
from tests.factories.editions import edition_from_pack

YEAR = DateRange(date(2026, 9, 1), date(2027, 9, 1))


@pytest.fixture
def edition(terlizzi: Municipality) -> Edition:
    return edition_from_pack("terlizzi")


@pytest.fixture
def enrolled(edition: Edition) -> Child:
    child = factories.child(factories.adult(), residence_code="L109")
    factories.pupil(child)
    Subscription.objects.create(
        child=child, service=edition.service, edition=edition, origin="roster", valid_during=YEAR.bounds
    )
    factories.isee(child, "8.500,00")
    reprice_household(child=child, service=edition.service, within=YEAR, now=clock.now())
    send(child)
    return child


@pytest.fixture
def office(terlizzi: Municipality, terlizzi_client: Any) -> Any:
    terlizzi_client.force_login(factories.account(Role.CLERK))
    return terlizzi_client


def form(**changes: str) -> dict[str, str]:
    values = {
        "condition": "disability",
        "starts_on_day": "24",
        "starts_on_month": "11",
        "starts_on_year": "2026",
        "reason": "verbale, prot. 12",
    }
    return {**values, **changes}


def price_on(child: Child, day: date) -> int:
    return PriceDecision.objects.in_force().get(child=child, valid_during__contains=day).unit_price_cents


def test_a_recognised_disability_makes_the_block_free_from_its_day(office: Any, enrolled: Child) -> None:
    assert price_on(enrolled, date(2026, 11, 23)) == 5400
    response = office.post(f"/ufficio/bambini/{enrolled.public_id}/condizioni/", form())
    assert response.status_code == 302
    assert send(enrolled).sent == 2, "until New Year by the ISEE, then without one"
    assert (price_on(enrolled, date(2026, 11, 23)), price_on(enrolled, date(2026, 11, 24))) == (5400, 0)
    page = office.get(f"/ufficio/bambini/{enrolled.public_id}/").content.decode()
    assert "verbale, prot. 12" in page


def test_twice_is_refused_with_a_sentence_and_the_input_is_kept(office: Any, enrolled: Child) -> None:
    office.post(f"/ufficio/bambini/{enrolled.public_id}/condizioni/", form())
    response = office.post(f"/ufficio/bambini/{enrolled.public_id}/condizioni/", form(reason="di nuovo"))
    assert response.status_code == 422
    assert "già riconosciuta" in response.content.decode()
    assert 'value="di nuovo"' in response.content.decode()
    assert RecognisedCondition.objects.count() == 1


def test_a_ground_is_needed(office: Any, enrolled: Child) -> None:
    response = office.post(f"/ufficio/bambini/{enrolled.public_id}/condizioni/", form(reason=""))
    assert response.status_code == 422
    assert not RecognisedCondition.objects.exists()
