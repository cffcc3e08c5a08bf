"""The administrator's pages about the staff."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sportello.accounts.models import Account, Role, Scheme
from sportello.kernel import clock
from sportello.kernel.school_year import SchoolYear
from tenants.current import in_schema
from tests.comuni import HostClient
from tests.factories import account, fiscal_code, school, scope, section


@pytest.fixture
def chief(bari_client: HostClient) -> Account:
    """The administrator of Bari, at work in `bari_client`."""
    with in_schema(bari_client.schema):
        made = account(Role.ADMINISTRATOR, given_name="Aldo", family_name="Aaron")
    bari_client.force_login(made)
    return made


def made_in(client: HostClient, *roles: Role, **fields: Any) -> Account:
    with in_schema(client.schema):
        return account(*roles, **fields)


def roles_of(client: HostClient, person: Account) -> frozenset[Role]:
    with in_schema(client.schema):
        return Account.objects.get(pk=person.pk).roles_on(clock.today())


def test_a_clerk_does_not_manage_the_staff(bari_client: HostClient) -> None:
    bari_client.force_login(made_in(bari_client, Role.CLERK))
    assert bari_client.get("/ufficio/personale/").status_code == 403


def test_the_list_shows_who_works_here_and_nobody_else(bari_client: HostClient, chief: Account) -> None:
    made_in(bari_client, Role.CLERK, family_name="Impiegata")
    made_in(bari_client, family_name="Cittadina")
    page = bari_client.get("/ufficio/personale/").content.decode()
    assert "Impiegata" in page
    assert "Cittadina" not in page
    only = bari_client.get("/ufficio/personale/", {"vista": "operatori"}).content.decode()
    assert "Impiegata" in only
    assert "Aaron" not in only.partition("<main")[2]


def test_one_person_or_three_cost_the_same(bari_client: HostClient, chief: Account) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert bari_client.get("/ufficio/personale/").status_code == 200
        return len(captured)

    def teacher() -> None:
        with in_schema(bari_client.schema):
            scope(account(Role.SCHOOL, Role.CLERK), section(school()))

    teacher()
    queries()
    one = queries()
    teacher()
    teacher()
    assert queries() == one


def test_a_new_person_enters_with_her_identity(bari_client: HostClient, chief: Account) -> None:
    code = fiscal_code()
    posted = {"fiscal_code": code.lower(), "given_name": "Ada", "family_name": "Nuova", "email": "", "role": "clerk"}
    answer = bari_client.post("/ufficio/personale/nuovo/", {**posted, "reason": "ordine 3"})
    assert answer.status_code == 302
    with in_schema(bari_client.schema):
        person = Account.objects.get(scheme=Scheme.FISCAL_CODE, identifier=code)
    assert roles_of(bari_client, person) == {Role.CLERK}
    assert bari_client.get(answer["Location"]).status_code == 200


def test_a_wrong_form_says_what_and_keeps_the_rest(bari_client: HostClient, chief: Account) -> None:
    answer = bari_client.post("/ufficio/personale/nuovo/", {"fiscal_code": "ABC", "given_name": "Ada"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Il codice fiscale ha 16 caratteri" in page
    assert 'value="Ada"' in page


@pytest.mark.parametrize("role", ["central", "delegate", "re"])
def test_only_the_roles_of_a_comune_are_given(bari_client: HostClient, chief: Account, role: str) -> None:
    person = made_in(bari_client)
    answer = bari_client.post(f"/ufficio/personale/{person.public_id}/ruoli/", {"role": role})
    assert answer.status_code == 422
    assert roles_of(bari_client, person) == frozenset()


def test_a_local_account_is_born_with_a_link_shown_once(bari_client: HostClient, chief: Account) -> None:
    posted = {"identifier": "Ada.Nuova", "given_name": "Ada", "family_name": "Nuova", "email": "a@example.org"}
    page = bari_client.post("/ufficio/personale/utenza-locale/", {**posted, "role": "clerk"}).content.decode()
    link = re.search(r"http://bari\.localhost(/accedi/attiva/[^\"]+)", page)
    assert link is not None
    bari_client.post("/esci/")
    assert bari_client.get(link[1]).status_code == 200
    with in_schema(bari_client.schema):
        assert Account.objects.get(identifier="ada.nuova").scheme == Scheme.LOCAL


def test_who_lost_her_phone_starts_over(bari_client: HostClient, chief: Account) -> None:
    person = made_in(bari_client, Role.CLERK, scheme=Scheme.LOCAL, identifier="ada")
    before = person.password
    page = bari_client.post(f"/ufficio/personale/{person.public_id}/collegamento/").content.decode()
    link = re.search(r"http://bari\.localhost(/accedi/attiva/[^\"]+)", page)
    assert link is not None
    with in_schema(bari_client.schema):
        assert Account.objects.get(pk=person.pk).password != before
    bari_client.post("/esci/")
    assert bari_client.get(link[1]).status_code == 200


def test_a_digital_identity_has_no_link(bari_client: HostClient, chief: Account) -> None:
    person = made_in(bari_client, Role.CLERK)
    assert bari_client.post(f"/ufficio/personale/{person.public_id}/collegamento/").status_code == 422


def test_a_taken_user_name_is_refused_and_leaves_nothing(bari_client: HostClient, chief: Account) -> None:
    made_in(bari_client, scheme=Scheme.LOCAL, identifier="ada")
    posted = {"identifier": "ADA", "given_name": "Ada", "family_name": "Nuova", "email": "a@example.org"}
    answer = bari_client.post("/ufficio/personale/utenza-locale/", {**posted, "role": "clerk"})
    assert answer.status_code == 422
    assert "Esiste già" in answer.content.decode()


def test_a_role_is_given_and_taken(bari_client: HostClient, chief: Account) -> None:
    person = made_in(bari_client)
    address = f"/ufficio/personale/{person.public_id}/"
    assert bari_client.post(f"{address}ruoli/", {"role": "clerk", "reason": "prova"}).status_code == 302
    assert roles_of(bari_client, person) == {Role.CLERK}
    assert bari_client.post(f"{address}ruoli/", {"role": "clerk"}).status_code == 422
    with in_schema(bari_client.schema):
        grant = person.grants.get()
    assert bari_client.post(f"{address}ruoli/{grant.pk}/togli/").status_code == 302
    assert roles_of(bari_client, person) == frozenset()
    assert bari_client.post(f"{address}ruoli/{grant.pk}/togli/").status_code == 422


def test_the_administrator_keeps_her_own_role(bari_client: HostClient, chief: Account) -> None:
    with in_schema(bari_client.schema):
        grant = chief.grants.get()
    answer = bari_client.post(f"/ufficio/personale/{chief.public_id}/ruoli/{grant.pk}/togli/")
    assert answer.status_code == 422
    assert "chiedi a un altro amministratore" in answer.content.decode()


def test_the_grant_of_another_person_is_not_taken_by_the_way(bari_client: HostClient, chief: Account) -> None:
    person, other = made_in(bari_client, Role.CLERK), made_in(bari_client, Role.CLERK)
    with in_schema(bari_client.schema):
        grant = other.grants.get()
    assert bari_client.post(f"/ufficio/personale/{person.public_id}/ruoli/{grant.pk}/togli/").status_code == 404


def test_a_teacher_gets_a_class_by_its_name(bari_client: HostClient, chief: Account) -> None:
    teacher = made_in(bari_client, Role.SCHOOL)
    with in_schema(bari_client.schema):
        mine = section(school(), school_year=SchoolYear.of(clock.today()).start_year, class_year=3, letter="B")
    address = f"/ufficio/personale/{teacher.public_id}/"
    posted = {"school": mine.school.school_code, "class_name": "3 b"}
    assert bari_client.post(f"{address}classi/", posted).status_code == 302
    with in_schema(bari_client.schema):
        held = teacher.school_scopes.get()
    assert held.section_id == mine.pk
    unknown = bari_client.post(f"{address}classi/", {**posted, "class_name": "5Z"})
    assert unknown.status_code == 422
    assert "non ha quella classe" in unknown.content.decode()
    assert bari_client.post(f"{address}classi/{held.pk}/togli/").status_code == 302
