"""The office adjusts, annuls or closes a notice: with a reason, and nobody pays twice."""

import re

import pytest
from django.urls import reverse

from sportello.accounts.models import Role
from sportello.billing.debts.dues import dues_of_accounts
from sportello.billing.debts.models import DebtPosition, PositionState
from sportello.billing.debts.opening import Collected
from sportello.billing.models import LedgerAccount
from tenants.models import Municipality
from tests.billing.books import close_the_books
from tests.comuni import HostClient
from tests.factories import account, adult, child, family
from tests.factories.charging import service_of
from tests.factories.paying import charge, institution, position


@pytest.fixture
def notice(bari: Municipality) -> DebtPosition:
    institution(bari)
    service_of("mensa", "meals")
    parent = adult()
    minor = child(parent)
    charge(minor, 5000)
    return position(parent, Collected(minor.pk, "mensa", 5000))


@pytest.fixture
def desk(bari_client: HostClient) -> HostClient:
    bari_client.force_login(account(Role.CLERK))
    return bari_client


def page_of(notice: DebtPosition, step: str = "") -> str:
    return f"/ufficio/avvisi/{notice.public_id}/{step}"


def still_to_ask() -> int:
    (due,) = dues_of_accounts([LedgerAccount.objects.get().pk])
    return due.to_ask_cents


def test_it_asks_for_less_with_a_reason(notice: DebtPosition, desk: HostClient) -> None:
    field = f"line_{notice.lines.get().pk}"
    assert desk.post(page_of(notice, "importo/"), {field: "30,00"}).status_code == 422
    assert desk.post(page_of(notice, "importo/"), {field: "30,00", "reason": "Atto 7"}).status_code == 302
    assert notice.options.get().amount_cents == 3000
    assert still_to_ask() == 2000
    close_the_books()


def test_it_is_annulled_with_a_reason_and_the_sum_stays_owed(notice: DebtPosition, desk: HostClient) -> None:
    assert desk.post(page_of(notice, "annulla/"), {"reason": ""}).status_code == 422
    assert desk.post(page_of(notice, "annulla/"), {"reason": "Emesso per errore"}).status_code == 302
    notice.refresh_from_db()
    assert (notice.state, still_to_ask()) == (PositionState.INVALID, 5000)
    assert "Emesso per errore" in desk.get(page_of(notice)).content.decode()
    assert desk.post(page_of(notice, "annulla/"), {"reason": "Ancora"}).status_code == 422
    close_the_books()


def test_paid_elsewhere_nobody_pays_it_again(notice: DebtPosition, desk: HostClient) -> None:
    sent = {
        "paid_on_day": "20",
        "paid_on_month": "11",
        "paid_on_year": "2026",
        "means": "transfer",
        "reference": "Bonifico 12",
    }
    assert desk.post(page_of(notice, "pagato/"), sent).status_code == 302
    notice.refresh_from_db()
    assert (notice.state, LedgerAccount.objects.get().balance_cents) == (PositionState.PAID, 0)
    assert desk.post(page_of(notice, "pagato/"), sent).status_code == 422
    assert LedgerAccount.objects.get().balance_cents == 0
    close_the_books()


def test_a_debt_is_given_up_by_the_administrator_alone(notice: DebtPosition, bari_client: HostClient) -> None:
    sent = {"act_number": "12", "act_on_day": "20", "act_on_month": "11", "act_on_year": "2026", "reason": "In disagio"}
    bari_client.force_login(account(Role.CLERK))
    assert "discarico/" not in bari_client.get(page_of(notice)).content.decode()
    assert bari_client.post(page_of(notice, "discarico/"), sent).status_code == 403
    bari_client.force_login(account(Role.ADMINISTRATOR))
    assert "discarico/" in bari_client.get(page_of(notice)).content.decode()
    assert bari_client.post(page_of(notice, "discarico/"), sent | {"act_number": ""}).status_code == 422
    assert bari_client.post(page_of(notice, "discarico/"), sent).status_code == 302
    notice.refresh_from_db()
    assert (notice.state, LedgerAccount.objects.get().balance_cents) == (PositionState.INVALID, 0)
    assert bari_client.post(page_of(notice, "discarico/"), sent).status_code == 422
    close_the_books()


@pytest.mark.parametrize("role", [Role.SCHOOL, Role.SUPPORT, None])
def test_nobody_else_changes_a_notice(notice: DebtPosition, bari_client: HostClient, role: Role | None) -> None:
    bari_client.force_login(account(*([role] if role else [])))
    for step in ("", "importo/", "annulla/", "pagato/", "discarico/"):
        assert bari_client.get(page_of(notice, step)).status_code == 403
    assert bari_client.post(page_of(notice, "annulla/"), {"reason": "No"}).status_code == 403
    notice.refresh_from_db()
    assert notice.state == PositionState.VALID


def test_an_administrator_gives_up_what_no_notice_asks_for(bari: Municipality, bari_client: HostClient) -> None:
    institution(bari)
    service_of("mensa", "meals")
    minor = family().children[0]
    charge(minor, 700)
    address = reverse("billing:write_off", args=[minor.public_id, "mensa"])
    bari_client.force_login(account(Role.CLERK))
    assert bari_client.get(address).status_code == 403
    assert address not in bari_client.get(reverse("billing:ledger", args=[minor.public_id, "mensa"])).content.decode()
    bari_client.force_login(account(Role.ADMINISTRATOR))
    assert address in bari_client.get(reverse("billing:ledger", args=[minor.public_id, "mensa"])).content.decode()
    page = bari_client.get(address).content.decode()
    (token,) = re.findall(r'name="token" value="([^"]+)"', page)
    sent = {
        "token": token,
        "act_number": "",
        "reason": "x",
        "act_on_day": "23",
        "act_on_month": "11",
        "act_on_year": "2026",
    }
    refused = bari_client.post(address, sent)
    assert refused.status_code == 422
    assert 'value="x"' in refused.content.decode(), "what was typed stays"
    answer = bari_client.post(address, {**sent, "act_number": "12"}, follow=True)
    assert "Cancellati" in answer.content.decode()
    assert LedgerAccount.objects.get(child=minor).balance_cents == 0
