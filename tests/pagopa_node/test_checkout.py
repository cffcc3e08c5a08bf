"""A cart goes to the checkout, a person decides, and the browser goes back (P25)."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest

from integrations.pagopa.simulator.arming import armed, switch
from integrations.pagopa.simulator.delivering import send_due
from integrations.pagopa.simulator.faults import Fault
from integrations.pagopa.simulator.models import Cart, Payment
from sportello.kernel import clock
from tests.pagopa_node.fake_station import BARI, NAV, Debt, FakeStation
from tests.pagopa_node.official import faults_of_json, needs_official

CARTS = "/checkout/ec/v2/carts"
OTHER = "303000000000004365"
BACK = "http://bari.localhost/pagamenti/ritorno"


def cart(**more: Any) -> dict[str, Any]:
    """A cart of one notice."""
    notice = {"noticeNumber": NAV, "fiscalCode": BARI, "amount": 4550, "companyName": "Comune di Bari"}
    urls = {name: f"{BACK}/{name}" for name in ("returnOkUrl", "returnCancelUrl", "returnErrorUrl", "returnWaitingUrl")}
    return {"paymentNotices": [{**notice, "description": "Mensa"}], "returnUrls": urls, "idCart": "c-1", **more}


def send(machine: Any, content: Any) -> Any:
    return machine.post(CARTS, json.dumps(content), content_type="application/json")


def opened(machine: Any, **more: Any) -> str:
    """The path of the cart's page."""
    answer = send(machine, cart(**more))
    assert answer.status_code == 302, answer.content
    return urlsplit(answer["Location"]).path


def test_a_cart_is_answered_by_the_address_of_its_page(machine: Any) -> None:
    answer = send(machine, cart())
    assert answer.status_code == 302
    assert answer["Location"] == f"http://nodo.localhost/carrello/{Cart.objects.get().token}/"


def test_without_a_key_nothing_is_taken(node: Any) -> None:
    assert send(node, cart()).status_code == 401


BAD = [
    {"paymentNotices": []},
    {"paymentNotices": cart()["paymentNotices"] * 6},
    {"paymentNotices": [{**cart()["paymentNotices"][0], "amount": 0}]},
    {"paymentNotices": [{**cart()["paymentNotices"][0], "amount": 45.5}]},
    {"paymentNotices": [{**cart()["paymentNotices"][0], "noticeNumber": NAV[:-1]}]},
    {"paymentNotices": [{**cart()["paymentNotices"][0], "fiscalCode": BARI + "1"}]},
    {"paymentNotices": [{**cart()["paymentNotices"][0], "companyName": "x" * 141}]},
    {"paymentNotices": [{**cart()["paymentNotices"][0], "description": None}]},
    {"returnUrls": {name: url for name, url in cart()["returnUrls"].items() if name != "returnWaitingUrl"}},
    {"allCCP": "no"},
]


@pytest.mark.parametrize("more", BAD)
def test_a_cart_that_is_none_is_a_problem(machine: Any, more: dict[str, Any]) -> None:
    answer = send(machine, cart(**more))
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert not Cart.objects.exists()


@pytest.mark.parametrize(
    "more",
    [
        {"unknown": 1},
        {"paymentNotices": cart()["paymentNotices"] * 2},
        {"returnUrls": dict.fromkeys(cart()["returnUrls"], "/ritorno")},
    ],
)
def test_it_is_stricter_than_the_published_contract(machine: Any, more: dict[str, Any]) -> None:
    assert send(machine, cart(**more)).status_code == 400


@needs_official
def test_the_official_contract_refuses_the_same_carts() -> None:
    assert faults_of_json(cart(), "checkout_v2.json", "CartRequestV2") == []
    assert [more for more in BAD if not faults_of_json(cart(**more), "checkout_v2.json", "CartRequestV2")] == []


def test_a_paid_cart_goes_back_and_its_receipt_follows(
    machine: Any, node: Any, station_of_the_pages: FakeStation
) -> None:
    page = opened(machine)
    assert "Paga 45,50" in node.get(page).content.decode()
    answer = node.post(page, {"action": "pay"})
    assert (answer.status_code, answer["Location"]) == (302, f"{BACK}/returnOkUrl")
    assert station_of_the_pages.receipts == [], "the browser is back first"
    assert station_of_the_pages.messages[-1].findtext("paymentNote") == "c-1"
    assert send_due(now=clock.now() + timedelta(seconds=5)) == 1
    assert station_of_the_pages.receipts[0].findtext("paymentNote") == "c-1"


def test_the_receipt_may_come_before_the_browser_is_back(
    machine: Any, node: Any, station_of_the_pages: FakeStation
) -> None:
    switch(fault=Fault.RECEIPT_FIRST)
    node.post(opened(machine), {"action": "pay"})
    assert len(station_of_the_pages.receipts) == 1
    assert armed() == (), "a switch is for one payment"


@pytest.mark.parametrize(("action", "url"), [("refuse", "returnErrorUrl"), ("abandon", "returnCancelUrl")])
def test_nothing_is_paid(machine: Any, node: Any, station_of_the_pages: FakeStation, action: str, url: str) -> None:
    page = opened(machine)
    assert node.post(page, {"action": action})["Location"] == f"{BACK}/{url}"
    assert not Payment.objects.exists()
    node.post(page, {"action": "pay"})
    assert not Payment.objects.exists(), "the cart is closed"
    assert "Questo carrello è chiuso" in node.get(page).content.decode()


def test_a_waiting_cart_is_paid_later(machine: Any, node: Any, station_of_the_pages: FakeStation) -> None:
    page = opened(machine)
    assert node.post(page, {"action": "wait"})["Location"] == f"{BACK}/returnWaitingUrl"
    assert send_due(now=clock.now() + timedelta(seconds=30)) == 0
    assert send_due(now=clock.now() + timedelta(seconds=61)) == 1


def test_a_cart_is_not_paid_twice(machine: Any, node: Any, station_of_the_pages: FakeStation) -> None:
    page = opened(machine)
    backs = [node.post(page, {"action": "pay"})["Location"] for _time in range(2)]
    assert backs == [f"{BACK}/returnOkUrl"] * 2
    assert Payment.objects.count() == 1


def test_two_notices_are_paid_together(machine: Any, node: Any, station_of_the_pages: FakeStation) -> None:
    station_of_the_pages.debts[OTHER] = Debt("10.00", ("10.00",), OTHER[1:])
    first = cart()["paymentNotices"][0]
    page = opened(machine, paymentNotices=[first, {**first, "noticeNumber": OTHER, "amount": 1000}])
    assert "Totale 55,50" in node.get(page).content.decode()
    node.post(page, {"action": "pay"})
    assert sorted(Payment.objects.values_list("nav", flat=True)) == [NAV, OTHER]


def test_a_changed_amount_is_told(machine: Any, node: Any, station_of_the_pages: FakeStation) -> None:
    page = opened(machine)
    station_of_the_pages.debts[NAV] = Debt("50.00", ("50.00",))
    words = node.get(page).content.decode()
    assert "Nel carrello erano 45,50" in words
    assert "Paga 50,00" in words


def test_a_notice_that_is_refused_stops_the_cart(machine: Any, node: Any, station_of_the_pages: FakeStation) -> None:
    page = opened(machine)
    station_of_the_pages.debts.clear()
    words = node.get(page).content.decode()
    assert "PAA_PAGAMENTO_SCONOSCIUTO" in words
    assert 'value="pay"' not in words
    assert node.post(page, {"action": "pay"})["Location"] == f"{BACK}/returnErrorUrl"
