"""The office's home, lists of people and the file of a child: right figures, filters in the URL, fixed cost."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from services_catalog.approval import propose_edition
from sportello.accounts.models import Role
from sportello.audit.models import Action, Event
from sportello.billing.models import Entry, EntryKind, LedgerAccount
from sportello.families.models import Child
from sportello.kernel import clock
from tenants.models import Municipality
from tests import factories
from tests.factories.editions import draft

LISTS = ("/ufficio/bambini/", "/ufficio/genitori/", "/ufficio/classi/")


@pytest.fixture
def office(bari: Municipality, bari_client: Any) -> Any:
    bari_client.force_login(factories.account(Role.CLERK))
    return bari_client


def child_owing(cents: int, **fields: Any) -> Child:
    child = factories.child(factories.adult(), **fields)
    factories.pupil(child)
    account = LedgerAccount.objects.create(child=child, service_code="mensa")
    Entry.objects.create(
        account=account,
        kind=EntryKind.OPENING_BALANCE,
        amount_cents=cents,
        competence_on=date(2026, 9, 1),
        posted_at=clock.now(),
        description="Saldo iniziale",
        idempotency_key=f"test:{child.pk}",
    )
    return child


def test_children_with_class_payer_and_balance(office: Any) -> None:
    child = child_owing(-1905)
    page = office.get("/ufficio/bambini/").content.decode()
    assert child.family_name in page
    assert "−19,05" in page


def test_views_tell_debts_from_credits(office: Any) -> None:
    debtor, creditor = child_owing(-100), child_owing(100)
    page = office.get("/ufficio/bambini/?vista=a-debito").content.decode()
    assert str(debtor.public_id) in page
    assert str(creditor.public_id) not in page


def test_children_are_found_by_name_school_and_year(office: Any) -> None:
    wanted = child_owing(0, family_name="Zaccheo", given_name="Lia")
    other = child_owing(0, family_name="Abate", given_name="Leo")
    for query in ("cerca=zacc", "cerca=lia zacc"):
        page = office.get(f"/ufficio/bambini/?{query}").content.decode()
        assert str(wanted.public_id) in page
        assert str(other.public_id) not in page
    code = wanted.placements.get().section.school.school_code
    page = office.get(f"/ufficio/bambini/?scuola={code}").content.decode()
    assert str(wanted.public_id) in page


def test_parents_with_their_children(office: Any) -> None:
    parent = factories.adult(family_name="Santoro", given_name="Giulia")
    factories.child(parent, given_name="Anna", family_name="Vitale")
    factories.child(parent, given_name="Sofia", family_name="Vitale")
    page = office.get("/ufficio/genitori/?cerca=santoro").content.decode()
    assert "Anna Vitale" in page
    assert "Sofia Vitale" in page


@pytest.mark.parametrize("path", LISTS)
def test_a_list_costs_the_same_with_one_row_and_three(office: Any, path: str) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert office.get(path).status_code == 200
        return len(queries)

    child_owing(0)
    office.get(path)
    one = cost()
    child_owing(0)
    child_owing(0)
    assert cost() == one


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_lists_are_exported_and_the_export_is_recorded(office: Any, path: str, file_format: str) -> None:
    child_owing(0)
    response = office.get(f"{path}?formato={file_format}")
    assert response.status_code == 200
    assert "attachment" in response.headers["Content-Disposition"]
    assert Event.objects.filter(action=Action.PERSON_LIST_EXPORTED).count() == 1


def test_the_file_of_a_child_is_read_on_the_record(office: Any) -> None:
    child = child_owing(-250)
    factories.isee(child, "8.500,00")
    page = office.get(f"/ufficio/bambini/{child.public_id}/").content.decode()
    assert "8.500,00" in page
    assert "−2,50" in page
    assert Event.objects.get(action=Action.CHILD_READ).subject == str(child.public_id)


def test_the_home_counts_what_waits(office: Any) -> None:
    child_owing(-5000)
    page = office.get("/ufficio/").content.decode()
    assert "50,00" in page
    assert "1 bambino a debito" in page


def test_the_home_says_that_fees_wait_for_an_approval(office: Any) -> None:
    assert "altro amministratore" not in office.get("/ufficio/").content.decode()
    propose_edition(edition=draft(), actor=factories.account(Role.ADMINISTRATOR), now=clock.now())
    page = office.get("/ufficio/").content.decode()
    assert "1 tariffa aspetta che un altro amministratore la approvi" in page


@pytest.mark.parametrize("path", ["/ufficio/", *LISTS])
def test_only_the_office_enters(bari: Municipality, client_of: Callable[..., Any], path: str) -> None:
    for visitor in (factories.citizen(), factories.account(Role.SCHOOL)):
        browser = client_of("bari")
        browser.force_login(visitor)
        assert browser.get(path).status_code == 403
    assert client_of("bari").get(path).status_code == 302
