"""The clerk reads what is to send, before and after with the reason, and sends some or all of it."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from services_catalog.models import Edition
from sportello.accounts.models import Role
from sportello.audit.models import Action, Event
from sportello.families.models import Child, Pupil
from sportello.fees.deciding import ServiceUse, decide_prices
from sportello.fees.models import PriceDecision
from tenants.models import Municipality
from tests import factories
from tests.factories.deciding import send
from tests.factories.editions import NOW
from tests.factories.editions import edition as edition_in_force
from tests.factories.numbering import YEAR

PAGE = "/ufficio/decisioni/"


@pytest.fixture
def mensa(bari: Municipality) -> Edition:
    return edition_in_force()


@pytest.fixture
def office(mensa: Edition, bari_client: Any) -> Any:
    bari_client.force_login(factories.account(Role.CLERK))
    return bari_client


def repriced(mensa: Edition, isee: str = "8.500,00") -> Child:
    """She was told of 3,00 a meal; from October an ISEE says otherwise."""
    minor = factories.child(factories.adult())
    factories.pupil(minor, factories.section(factories.school(level="primaria")))
    decide(mensa, minor)
    send(minor)
    factories.isee(minor, isee, valid_during=(date(2026, 10, 1), date(2027, 9, 1)))
    decide(mensa, minor)
    return minor


def decide(mensa: Edition, minor: Child) -> None:
    uses = [ServiceUse(child=minor, period=YEAR.period)]
    decide_prices(service=mensa.service, uses=uses, within=YEAR.period, now=NOW)


def draft_of(minor: Child) -> PriceDecision:
    return PriceDecision.objects.to_send().get(child=minor)


def test_before_and_after_with_the_reason(office: Any, mensa: Edition) -> None:
    minor = repriced(mensa)
    page = office.get(PAGE).content.decode()
    for words in (minor.listed_name, "3,00", "1,90 € a pasto", "diminuisce", "un nuovo ISEE.", mensa.act_number):
        assert words in page, words
    assert "dal 01/10/2026 al 31/08/2027" in page
    assert Event.objects.filter(action=Action.PERSON_LIST_READ, subject="price_decisions").count() == 1


def test_the_ticked_are_sent_once(office: Any, mensa: Edition) -> None:
    chosen, other = repriced(mensa), repriced(mensa)
    values = {"decisione": draft_of(chosen).pk}
    said = [office.post(f"{PAGE}invia/", values, follow=True).content.decode() for _click in range(2)]
    assert "1 decisione inviata" in said[0]
    assert "sono già state inviate" in said[1]
    on_the_day = PriceDecision.objects.in_force().filter(valid_during__contains=date(2026, 11, 23))
    assert dict(on_the_day.values_list("child", "unit_price_cents")) == {chosen.pk: 190, other.pk: 300}
    assert Event.objects.filter(action=Action.PRICES_SENT, details__children=1).count() == 3


def test_all_of_the_list_is_what_the_page_showed(office: Any, mensa: Edition) -> None:
    seen = [repriced(mensa, "1.000,00"), repriced(mensa)]
    newest = draft_of(seen[-1]).pk
    later = repriced(mensa)
    office.post(f"{PAGE}invia/", {"tutte": "si", "filtri": "motivo=level", "ultima": newest})
    assert PriceDecision.objects.to_send().count() == 3
    office.post(f"{PAGE}invia/", {"tutte": "si", "filtri": "importo=scende", "ultima": newest})
    assert set(PriceDecision.objects.to_send().values_list("child", flat=True)) == {later.pk}, "seen by nobody"
    office.post(f"{PAGE}invia/", {"tutte": "si", "filtri": "", "ultima": draft_of(later).pk})
    assert not PriceDecision.objects.to_send().exists()


@pytest.mark.parametrize("newest", ["", "due", "-1", "٣"])
def test_without_what_the_page_showed_nothing_is_sent(office: Any, mensa: Edition, newest: str) -> None:
    repriced(mensa)
    office.post(f"{PAGE}invia/", {"tutte": "si", "filtri": "", "ultima": newest})
    assert PriceDecision.objects.to_send().count() == 1


def test_filters_by_effect_and_reason(office: Any, mensa: Edition) -> None:
    repriced(mensa)
    for query, rows in (
        ("importo=scende", 1),
        ("importo=sale", 0),
        ("importo=prima", 0),
        ("motivo=isee_new", 1),
        ("motivo=level", 0),
        ("servizio=mensa", 1),
        ("cerca=nessuno-si-chiama-cosi", 0),
    ):
        assert office.get(f"{PAGE}?{query}").content.decode().count('name="decisione"') == rows, query


def test_what_is_stuck_is_shown_apart_and_what_was_sent_stays(office: Any, mensa: Edition) -> None:
    minor = repriced(mensa)
    Pupil.objects.filter(child=minor).delete()
    decide(mensa, minor)
    assert 'name="decisione"' not in office.get(PAGE).content.decode()
    stuck = office.get(f"{PAGE}?vista=da-risolvere").content.decode()
    assert "non si può decidere" in stuck
    assert "Invia le spuntate" not in stuck
    sent = office.get(f"{PAGE}?vista=inviate").content.decode()
    assert "prima tariffa decisa" in sent
    rows = office.get(f"{PAGE}?formato=csv&vista=inviate").content.decode()
    assert rows.count(minor.family_name) == 1


def test_the_page_costs_the_same_for_one_and_three(office: Any, mensa: Edition) -> None:
    counted = []
    for _size in (1, 3):
        while PriceDecision.objects.to_send().count() < _size:
            repriced(mensa)
        with CaptureQueriesContext(connection) as queries:
            assert office.get(PAGE).content.decode().count('name="decisione"') == _size
        counted.append(len(queries))
    assert counted[0] == counted[1]


@pytest.mark.parametrize("role", [Role.SCHOOL, None])
def test_only_the_office_enters(bari_client: Any, mensa: Edition, role: Role | None) -> None:
    bari_client.force_login(factories.account(role) if role else factories.citizen())
    assert bari_client.get(PAGE).status_code in {302, 403, 404}
    assert bari_client.post(f"{PAGE}invia/", {"tutte": "si"}).status_code in {302, 403, 404}
