"""A parent tells of a new ISEE: it counts from the day the edition says, and what her children pay follows."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from services_catalog.models import Edition
from sportello.enrolment.pricing import reprice_household
from sportello.families.models import Act, Child
from sportello.fees.models import PriceDecision
from sportello.kernel import clock
from sportello.means.models import IseeAttestation
from tenants.models import Municipality
from tests import factories
from tests.comuni import HostClient
from tests.factories.editions import edition, edition_content
from tests.factories.meals import place
from tests.factories.numbering import YEAR
from tests.factories.people import Family
from tests.factories.schooling import pupil

STATED = {
    "amount": "4.000,00", "dsu_protocol": "INPS-ISEE-2026-01234567A-00", "for_all": "on",
    "filed_on_day": "20", "filed_on_month": "11", "filed_on_year": "2026",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _on_a_monday_of_november() -> Iterator[None]:
    with time_machine.travel("2026-11-23 09:05:00+01:00", tick=False):
        yield


def enrolled(rules: Edition) -> Family:
    """Two children at the canteen, at 1,90 by an ISEE of 8.500."""
    made = factories.family(children=2)
    for child in made.children:
        pupil(child)
        place(child, rules)
        factories.isee(child)
    reprice_household(child=made.children[0], service=rules.service, within=YEAR.period, now=clock.now())
    return made


def canteen(**isee: Any) -> Edition:
    return edition(content=edition_content(fees={"isee": isee}))


def prices(child: Child) -> list[tuple[date, int]]:
    held = PriceDecision.objects.filter(child=child).order_by("valid_during")
    return [(one.valid_during.lower, one.unit_price_cents) for one in held]


def declare(client: HostClient, made: Family, **answers: str) -> Any:  # Any: the test client's response
    client.force_login(made.account)
    url = reverse("enrolment:declare_isee", args=[made.children[0].public_id])
    return client.post(url, {**STATED, **answers}, follow=True)


def test_it_counts_from_the_day_of_the_edition_and_the_prices_follow(
    bari: Municipality, bari_client: HostClient
) -> None:
    made = enrolled(canteen(effective="next_month"))
    page = re.sub(r"\s+", " ", declare(bari_client, made).content.decode())
    assert "Il nuovo ISEE è registrato. Mensa scolastica: conta dal 01/12/2026." in page
    for child in made.children:
        assert prices(child) == [(date(2026, 9, 1), 190), (date(2026, 12, 1), 0), (date(2027, 1, 1), 300)]


def test_months_charged_already_change_only_where_the_comune_counts_backwards(
    bari: Municipality, bari_client: HostClient
) -> None:
    october = {"filed_on_day": "5", "filed_on_month": "10"}
    made = enrolled(canteen(effective="same_day"))
    declare(bari_client, made, **october)
    assert prices(made.children[0])[:2] == [(date(2026, 9, 1), 190), (date(2026, 11, 1), 0)]
    backwards = enrolled(canteen(effective="same_day", retroactive=True))
    declare(bari_client, backwards, **october)
    assert prices(backwards.children[0])[:2] == [(date(2026, 9, 1), 190), (date(2026, 10, 5), 0)]


def test_it_may_be_of_one_child_alone(bari: Municipality, bari_client: HostClient) -> None:
    made = enrolled(canteen())
    declare(bari_client, made, for_all="")
    assert [IseeAttestation.objects.filter(child=child).count() for child in made.children] == [2, 1]


def test_to_send_it_twice_keeps_it_once(bari: Municipality, bari_client: HostClient) -> None:
    made = enrolled(canteen())
    for _time in range(2):
        assert declare(bari_client, made).status_code == 200
    assert IseeAttestation.objects.filter(child=made.children[0]).count() == 2


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"amount": "-5"}, "negativo"),
        ({"dsu_protocol": ""}, "Scrivi il protocollo della DSU."),
        ({"filed_on_year": "2025"}, "scaduto il 31 dicembre"),
        ({"filed_on_month": "12"}, "data futura"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(
    bari: Municipality, bari_client: HostClient, answers: dict[str, str], words: str
) -> None:
    made = enrolled(canteen())
    response = declare(bari_client, made, **answers)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert IseeAttestation.objects.count() == 2


def test_nobody_else_may(bari: Municipality, bari_client: HostClient) -> None:
    made = enrolled(canteen())
    url = reverse("enrolment:declare_isee", args=[made.children[0].public_id])
    aunt = factories.account()
    factories.delegation(made.children[0], made.parent, aunt, *Act)
    for other in (aunt, factories.family().account):
        bari_client.force_login(other)
        assert bari_client.post(url, STATED).status_code == 404
    assert IseeAttestation.objects.count() == 2


def test_the_page_of_the_child_leads_there(bari: Municipality, bari_client: HostClient) -> None:
    made = enrolled(canteen())
    bari_client.force_login(made.account)
    page = bari_client.get(reverse("desk:child", args=[made.children[0].public_id])).content.decode()
    url = reverse("enrolment:declare_isee", args=[made.children[0].public_id])
    assert url in page
    assert "31/12/2026" in bari_client.get(url).content.decode()
