"""Money kept aside is a queue for the office: each sum ends once, with a note, in one of three ways."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sportello.accounts.models import Role
from sportello.audit.models import Action, Event
from sportello.billing.models import Entry, LedgerAccount
from sportello.billing.receipts.models import AsideEnd, KeptAside
from sportello.billing.receipts.settling import settle
from sportello.kernel import clock
from tenants.models import Municipality
from tests.billing.books import close_the_books
from tests.comuni import HostClient
from tests.factories import account, adult, child
from tests.factories.charging import service_of
from tests.factories.paying import charge, institution, receipt

QUEUE = "/ufficio/somme-da-sistemare/"


@pytest.fixture
def town(bari: Municipality) -> Municipality:
    institution(bari)
    service_of("mensa", "meals")
    return bari


@pytest.fixture
def desk(town: Municipality, bari_client: HostClient) -> HostClient:
    bari_client.force_login(account(Role.CLERK))
    return bari_client


def orphan(cents: int = 1234, **fields: Any) -> KeptAside:
    """Somebody paid a notice that nobody knows."""
    settle(receipt_id=receipt("302000000000099997", cents, **fields).pk, now=clock.now())
    return KeptAside.objects.latest("pk")


def page_of(one: KeptAside) -> str:
    return f"{QUEUE}{one.public_id}/"


@pytest.mark.parametrize(("decision", "end"), [("refund", AsideEnd.REFUNDED), ("pass_on", AsideEnd.PASSED_ON)])
def test_it_is_given_back_or_passed_on_with_a_note(desk: HostClient, decision: str, end: AsideEnd) -> None:
    one = orphan()
    assert "12,34" in desk.get(QUEUE).content.decode()
    assert desk.post(page_of(one), {"decision": decision}).status_code == 422
    assert desk.post(page_of(one), {"decision": decision, "note": "Mandato 12"})["Location"] == QUEUE
    one.refresh_from_db()
    assert (one.end, one.note) == (end, "Mandato 12")
    assert Event.objects.filter(action=Action.ASIDE_ENDED, subject=str(one.public_id)).count() == 1
    assert "12,34" not in desk.get(QUEUE).content.decode()
    assert "Mandato 12" in desk.get(page_of(one)).content.decode()
    assert desk.post(page_of(one), {"decision": decision, "note": "Ancora"}).status_code == 422
    close_the_books()


def test_it_is_credited_to_the_child_that_was_found(desk: HostClient) -> None:
    parent = adult()
    minor = child(parent)
    charge(minor, 2000)
    one = orphan(payer_code=parent.fiscal_code or "")
    ledger = LedgerAccount.objects.get(child=minor)
    found = desk.get(page_of(one), {"cerca": f"{minor.family_name} {minor.given_name}"}).content.decode()
    link = f"{page_of(one)}accredita/{ledger.pk}/"
    assert link in found
    assert parent.full_name in desk.get(link).content.decode()
    assert desk.post(link, {"note": ""}).status_code == 422
    assert desk.post(link, {"note": "Lo dice la ricevuta"}).status_code == 302
    one.refresh_from_db()
    ledger.refresh_from_db()
    assert (one.end, ledger.balance_cents) == (AsideEnd.CREDITED, -766)
    assert one.entry == Entry.objects.get(payer=parent)
    assert desk.post(link, {"note": "Ancora"}).status_code == 422
    assert Entry.objects.filter(payer=parent).count() == 1
    close_the_books()


def test_who_is_not_found_is_told_so(desk: HostClient) -> None:
    charge(child(adult()), 100)
    assert "Nessun conto trovato" in desk.get(page_of(orphan()), {"cerca": "Nessunosichiamacosi"}).content.decode()


@pytest.mark.parametrize("role", [Role.SCHOOL, Role.SUPPORT, None])
def test_nobody_else_reads_or_ends(town: Municipality, bari_client: HostClient, role: Role | None) -> None:
    one = orphan()
    bari_client.force_login(account(*([role] if role else [])))
    assert [bari_client.get(path).status_code for path in (QUEUE, page_of(one))] == [403, 403]
    assert bari_client.post(page_of(one), {"decision": "refund", "note": "Mandato"}).status_code == 403
    one.refresh_from_db()
    assert one.end == ""


def test_the_queue_costs_the_same_with_one_and_three(desk: HostClient) -> None:
    spent = []
    for more in (1, 2):
        for _ in range(more):
            orphan()
        with CaptureQueriesContext(connection) as queries:
            desk.get(QUEUE)
        spent.append(len(queries))
    assert spent[0] == spent[1]
