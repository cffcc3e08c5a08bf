"""The pages of credit: what a parent may ask there, what the office answers."""

import re
from typing import Any

import pytest
from django.urls import reverse

from sportello.accounts.models import Role
from sportello.billing.carts.models import Cart
from sportello.billing.credits.models import CreditAlert, RefundRequest, RefundState
from sportello.billing.models import LedgerAccount
from tenants.models import Municipality
from tests.billing.credits.test_credit import paid
from tests.comuni import HostClient
from tests.factories import account, citizen, family
from tests.factories.charging import charged_edition, service_of
from tests.factories.paying import IBAN, charge, institution
from tests.factories.people import Family


@pytest.fixture
def home(bari: Municipality) -> Family:
    institution(bari)
    service_of()
    charged_edition({"base": {"kind": "single_price", "amount": "10.00"}, "payment": {"in_advance": True}})
    made = family(children=2)
    paid(made.children[0], 2000, made.parent.pk, "trasporto")
    charge(made.children[1], 500, service="trasporto")
    return made


@pytest.fixture
def parent(home: Family, bari_client: HostClient) -> HostClient:
    bari_client.force_login(home.account)
    return bari_client


def url(home: Family, name: str = "credit") -> str:
    return reverse(f"credits:{name}", args=[home.children[0].public_id, "trasporto"])


def token(client: HostClient, home: Family) -> str:
    page = client.get(url(home)).content.decode()
    return re.findall(r'name="token" value="([^"]+)"', page)[0]


def test_the_statement_leads_to_the_page(parent: HostClient, home: Family) -> None:
    assert url(home) in parent.get("/area/dovuto/").content.decode()
    page = parent.get(url(home)).content.decode()
    for words in ("Ricarica", "Avviso di credito basso", "Sposta il credito", "Rimborso a fine ciclo"):
        assert words in page


def test_a_top_up_leads_to_its_cart(parent: HostClient, home: Family) -> None:
    answer = parent.post(url(home, "top_up"), {"amount": "25,00", "token": token(parent, home)})
    assert answer["Location"] == reverse("carts:cart", args=[Cart.objects.get().public_id])
    answer = parent.post(url(home, "top_up"), {"amount": "1,00", "token": token(parent, home)})
    assert (answer.status_code, "Una ricarica va da" in answer.content.decode()) == (422, True)


def test_an_alert_and_a_move(parent: HostClient, home: Family) -> None:
    parent.post(url(home, "alert"), {"threshold": "5,00"})
    assert CreditAlert.objects.get().threshold_cents == 500
    target = LedgerAccount.objects.get(child=home.children[1])
    sent: dict[str, Any] = {"target": target.pk, "amount": "3,00", "token": token(parent, home)}
    parent.post(url(home, "move"), sent)
    parent.post(url(home, "move"), sent)
    target.refresh_from_db()
    assert target.balance_cents == -200
    sent["amount"] = "300,00"
    assert parent.post(url(home, "move"), {**sent, "token": token(parent, home)}).status_code == 422


def test_a_refund_is_asked_and_answered(parent: HostClient, home: Family, bari_client: HostClient) -> None:
    wrong = parent.post(url(home, "ask_refund"), {"holder": "Anna", "iban": "IT00"})
    assert wrong.status_code == 422
    parent.post(url(home, "ask_refund"), {"holder": "Anna", "iban": IBAN})
    asked = RefundRequest.objects.get()
    assert "l&#x27;ufficio la esamina" in parent.get(url(home)).content.decode()
    bari_client.force_login(account(Role.CLERK))
    page = bari_client.get(reverse("credits:refunds")).content.decode()
    assert home.children[0].family_name in page
    answer = bari_client.post(reverse("credits:refund", args=[asked.public_id]), {"decision": "pay", "word": "M 1"})
    asked.refresh_from_db()
    assert (answer.status_code, asked.state) == (302, RefundState.PAID)
    assert LedgerAccount.objects.get(child=home.children[0]).balance_cents == 0
    assert "M 1" in bari_client.get(reverse("credits:refunds") + "?vista=chiuse").content.decode()


def test_the_office_pages_are_the_offices(parent: HostClient, home: Family) -> None:
    assert parent.get(reverse("credits:refunds")).status_code == 403


def test_strangers_see_nothing(home: Family, bari_client: HostClient) -> None:
    bari_client.force_login(citizen())
    for name in ("credit", "top_up", "alert", "move", "ask_refund"):
        assert bari_client.post(url(home, name), {}).status_code == 404


@pytest.mark.parametrize("requests", [1, 3])
def test_the_list_costs_the_same_for_one_and_three(
    bari: Municipality, bari_client: HostClient, django_assert_max_num_queries: Any, requests: int
) -> None:
    service_of()
    for _ in range(requests):
        made = family()
        paid(made.children[0], 2000, made.parent.pk, "trasporto")
        ledger = LedgerAccount.objects.get(child=made.children[0])
        RefundRequest.objects.create(
            ledger=ledger, payer=made.parent, asked_by=made.account, asked_at="2026-11-23T09:00Z", amount_cents=2000,
            iban=IBAN, holder="-",
        )  # fmt: skip
    bari_client.force_login(account(Role.CLERK))
    with django_assert_max_num_queries(12):
        page = bari_client.get(reverse("credits:refunds")).content.decode()
    assert page.count("20,00") == requests
