"""The pages of the delegations: what each may read and do there, with the good sentence when it cannot be."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sportello.families.models import Act, Delegation, DelegationEnd, Guardianship
from tenants.models import Municipality
from tests.comuni import HostClient
from tests.factories import adult, citizen, delegation, family, guardianship
from tests.factories.numbering import TODAY
from tests.factories.people import Family

LIST = "/area/deleghe/"
NEW = "/area/deleghe/nuova/"
ROSA = {"given_name": "Rosa", "family_name": "Loiacono"}
DAYS = {
    "first_day_day": "23",
    "first_day_month": "11",
    "first_day_year": "2026",
    "last_day_day": "31",
    "last_day_month": "8",
    "last_day_year": "2027",
}


@pytest.fixture
def mother(bari: Municipality, bari_client: HostClient) -> Family:
    made = family()
    bari_client.force_login(made.account)
    return made


def stated(mother: Family, **changes: Any) -> dict[str, Any]:
    grandmother = adult(**ROSA, birth_date=date(1955, 3, 8))
    known = {"child": mother.children[0].public_id, "fiscal_code": grandmother.fiscal_code, **ROSA}
    return {**known, "acts": ["see", "pay"], **DAYS, **changes}


def test_a_mother_delegates_and_reads_it_in_the_list(mother: Family, bari_client: HostClient) -> None:
    page = bari_client.get(NEW).content.decode()
    assert mother.children[0].full_name in page
    page = bari_client.post(
        NEW, stated(mother, family_name="LOIACONO", given_name="ROSA"), follow=True
    ).content.decode()
    made = Delegation.objects.get()
    assert (made.child, made.granted_by, made.acts) == (mother.children[0], mother.parent, ["see", "pay"])
    assert (made.valid_during.lower, made.valid_during.upper) == (TODAY, date(2027, 9, 1))
    assert "Rosa Loiacono, per" in page
    assert f"Dal 23/11/2026 al 31/08/2027, data da {mother.parent.full_name}." in page
    assert "in vigore" in page


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"fiscal_code": "LCNRSO"}, "fiscal_code", "Il codice fiscale ha 16 caratteri (11 cifre se provvisorio)."),
        ({"family_name": "Santoro"}, "fiscal_code", "Il codice fiscale non corrisponde a nome e cognome"),
        ({"acts": []}, "acts", "Scegli almeno una cosa che la persona può fare."),
        ({"first_day_day": "22"}, "first_day", "La delega comincia oggi o più avanti, non nel passato."),
        ({"last_day_year": "2028"}, "last_day", "Una delega dura al massimo un anno"),
        ({"last_day_year": "2025"}, "last_day", "L&#x27;ultimo giorno viene prima del primo."),
        ({"child": "00000000-0000-0000-0000-000000000000"}, "child", "Scegli"),
    ],
)
def test_a_mistake_is_told_beside_its_field(
    mother: Family, bari_client: HostClient, changes: dict[str, Any], field: str, sentence: str
) -> None:
    answer = bari_client.post(NEW, stated(mother, **changes))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert sentence in answer.content.decode()
    assert Delegation.objects.count() == 0


def test_the_child_of_others_cannot_be_delegated(mother: Family, bari_client: HostClient) -> None:
    stranger = family().children[0]
    assert bari_client.post(NEW, stated(mother, child=stranger.public_id)).status_code == 422
    assert Delegation.objects.count() == 0


def test_who_has_no_child_gives_no_delegation(mother: Family, bari_client: HostClient) -> None:
    bari_client.force_login(citizen())
    assert bari_client.get(NEW).headers["Location"] == LIST
    assert bari_client.post(NEW, stated(mother)).headers["Location"] == LIST
    assert "Nessuna delega" in bari_client.get(LIST).content.decode()
    assert Delegation.objects.count() == 0


def test_she_is_asked_before_it_is_revoked(mother: Family, bari_client: HostClient) -> None:
    made = delegation(mother.children[0], mother.parent, adult(**ROSA))
    address = reverse("families:revoke_delegation", args=[made.public_id])
    assert "Vuoi revocare la delega?" in bari_client.get(address).content.decode()
    assert Delegation.objects.get().revoked_at is None
    page = bari_client.post(address, follow=True).content.decode()
    assert "Delega revocata." in page
    assert "Deleghe finite" in page
    assert Delegation.objects.get().end_reason == DelegationEnd.REVOKED
    assert "La delega è già finita." in bari_client.post(address, follow=True).content.decode()


def test_the_delegate_reads_what_she_holds_and_renounces(mother: Family, bari_client: HostClient) -> None:
    grandmother = adult(**ROSA)
    made = delegation(mother.children[0], mother.parent, grandmother, Act.SEE)
    bari_client.force_login(citizen(grandmother))
    page = bari_client.get(LIST).content.decode()
    assert f"Delega di {mother.parent.full_name} per {mother.children[0].full_name}" in page
    assert "Vedere classe, servizi e pasti." in page
    address = reverse("families:revoke_delegation", args=[made.public_id])
    asked = bari_client.get(address).content.decode()
    assert "Vuoi rinunciare alla delega?" in asked
    assert mother.children[0].given_name not in asked
    page = bari_client.post(address, follow=True).content.decode()
    assert "Hai rinunciato alla delega." in page
    assert mother.parent.full_name not in page
    assert Delegation.objects.get().end_reason == DelegationEnd.RENOUNCED


def test_before_its_first_day_the_delegate_reads_of_whom_it_is_not_for_which_child(
    mother: Family, bari_client: HostClient
) -> None:
    grandmother = adult(**ROSA)
    delegation(mother.children[0], mother.parent, grandmother, valid_during=(date(2026, 12, 1), date(2027, 1, 1)))
    bari_client.force_login(citizen(grandmother))
    page = bari_client.get(LIST).content.decode()
    assert f"Delega di {mother.parent.full_name}" in page
    assert "non ancora cominciata" in page
    assert mother.children[0].given_name not in page


def test_the_other_parent_reads_and_revokes_it_when_who_gave_it_is_barred(
    mother: Family, bari_client: HostClient
) -> None:
    father = adult()
    guardianship(father, mother.children[0])
    made = delegation(mother.children[0], mother.parent, adult(**ROSA))
    Guardianship.objects.filter(adult=mother.parent).update(barred=True)
    assert "Rosa" not in bari_client.get(LIST).content.decode()
    bari_client.force_login(citizen(father))
    assert "senza effetto" in bari_client.get(LIST).content.decode()
    bari_client.post(reverse("families:revoke_delegation", args=[made.public_id]))
    assert Delegation.objects.get().end_reason == DelegationEnd.REVOKED


@pytest.mark.parametrize("side", ["given", "held"])
def test_the_list_costs_the_same_with_one_row_and_three(mother: Family, bari_client: HostClient, side: str) -> None:
    grandmother = adult(**ROSA)
    holder = citizen(grandmother)

    def add() -> None:
        other = family()
        if side == "held":
            delegation(other.children[0], other.parent, grandmother)
        else:
            delegation(mother.children[0], mother.parent, adult(**ROSA, birth_date=other.parent.birth_date))

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            page = bari_client.get(LIST).content.decode()
        assert page.count('<li><span class="row-title">') == Delegation.objects.count()
        return len(queries)

    bari_client.force_login(holder if side == "held" else mother.account)
    bari_client.get(LIST)
    add()
    one = cost()
    add()
    add()
    assert cost() == one
