"""The clerk writes a court's order on the file of a child, lifts it, and reads who is delegated."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from sportello.accounts.models import Role
from sportello.families.models import Act, Guardianship
from sportello.families.queries import children_of
from sportello.kernel import clock
from sportello.notifications.models import Notice
from tenants.models import Municipality
from tests.comuni import HostClient
from tests.factories import account, adult, delegation, family, guardianship
from tests.factories.people import Family

ACT = "Tribunale di Bari, decreto 123/2026, prot. 4567"


@pytest.fixture
def father(bari: Municipality, bari_client: HostClient) -> Family:
    bari_client.force_login(account(Role.CLERK))
    return family()


def day(name: str, when: date) -> dict[str, str]:
    return {f"{name}_day": str(when.day), f"{name}_month": str(when.month), f"{name}_year": str(when.year)}


def order(father: Family, first: date, last: date | None = None, **changes: Any) -> dict[str, Any]:
    days = day("first_day", first) | (day("last_day", last) if last else {})
    return {"adult": father.parent.public_id, **days, "court_act": ACT, **changes}


def address(name: str, father: Family) -> str:
    return reverse(f"office:{name}", args=[father.children[0].public_id])


def test_a_clerk_bars_a_guardian_until_a_day_and_lifts_the_bar(father: Family, bari_client: HostClient) -> None:
    stated = order(father, date(2026, 11, 23), date(2026, 12, 31))
    page = bari_client.post(address("bar", father), stated, follow=True).content.decode()
    assert "Provvedimento registrato" in page
    assert "dal 23/11/2026 al 31/12/2026" in page
    assert ACT in page
    days = (date(2026, 11, 22), date(2026, 11, 23), date(2026, 12, 31), date(2027, 1, 1))
    assert [bool(children_of(father.account, one)) for one in days] == [True, False, False, True]
    page = bari_client.post(address("lift", father), order(father, clock.today()), follow=True).content.decode()
    assert "Esclusione tolta" in page
    assert children_of(father.account, clock.today()).exists()
    assert Notice.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"court_act": ""}, "Estremi del provvedimento"),
        (day("last_day", date(2026, 11, 1)), "ultimo giorno viene prima del primo"),
        (
            day("first_day", date(2019, 1, 1)) | day("last_day", date(2019, 2, 1)),
            "In quei giorni la persona non agisce",
        ),
    ],
)
def test_what_cannot_be_written_is_told(
    father: Family, bari_client: HostClient, changes: dict[str, str], sentence: str
) -> None:
    answer = bari_client.post(address("bar", father), order(father, date(2026, 11, 23), **changes))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert sentence in page.split('class="error-summary"')[1].split("</div>")[0]
    assert not Guardianship.objects.filter(barred=True).exists()


def test_only_an_adult_of_the_child_is_barred(father: Family, bari_client: HostClient) -> None:
    stranger = family().parent
    stated = order(father, date(2026, 11, 23), adult=stranger.public_id)
    assert bari_client.post(address("bar", father), stated).status_code == 422
    assert bari_client.post(address("lift", father), order(father, date(2026, 11, 23))).status_code == 422


@pytest.mark.parametrize("name", ["bar", "lift"])
def test_only_the_office_writes_it(father: Family, bari_client: HostClient, name: str) -> None:
    for person in (father.account, account(Role.SCHOOL)):
        bari_client.force_login(person)
        assert bari_client.post(address(name, father), order(father, clock.today())).status_code == 403
    assert bari_client.get(address(name, father)).status_code == 405
    assert not Guardianship.objects.filter(barred=True).exists()


def test_the_file_shows_who_is_delegated_and_by_whom(father: Family, bari_client: HostClient) -> None:
    page = bari_client.get(address("child", father)).content.decode()
    assert "Persona delegata" not in page
    mother = adult(given_name="Giulia")
    guardianship(mother, father.children[0])
    delegation(father.children[0], mother, adult(given_name="Rosa", family_name="Loiacono"), Act.SEE)
    page = bari_client.get(address("child", father)).content.decode()
    assert "Rosa Loiacono" in page
    assert "Vedere classe, servizi e pasti" in page
    assert "in vigore" in page
