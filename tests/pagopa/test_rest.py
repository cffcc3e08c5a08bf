"""The REST services: what we send is what the official documents say, and whatever comes back is read or refused."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from integrations.errors import AccessDenied, AddressRefused, AnswerUnreadable, Unreachable
from integrations.pagopa.carts import Cart, CartNotice, ReturnAddresses
from integrations.pagopa.checkout import Checkout
from integrations.pagopa.errors import CartUnfit, PositionClosed, PositionUnfit, PositionUnknown, Refused
from integrations.pagopa.gpd import Positions
from integrations.pagopa.gpd_receipts import GpdReceipts
from integrations.pagopa.numbers import notice_number
from integrations.pagopa.positions import (
    Creditor,
    OptionStatus,
    OptionTold,
    Position,
    PositionOption,
    PositionStatus,
    PositionTold,
)
from integrations.pagopa.rest import BIGGEST, Service
from integrations.pagopa.types import Debtor, TransferLine
from tests.pagopa.contract import needs_schemas
from tests.pagopa.messages import EC, FULL_RECEIPT, IUV, NAV, RECEIPT_V1
from tests.pagopa.openapi import faults_of_answer, faults_of_request
from tests.pagopa.standing_in import StandIn

TODAY = date(2026, 11, 23)
BARI = Creditor(EC, "Comune di Bari", "Ripartizione Politiche Educative")
LINE = TransferLine(1, 4550, EC, "", "IT60X0542811101000000123456", "/RFB/x/45.50", "9/0107101TS/", (("k", "v"),))
WHOLE = PositionOption(NAV, 4550, "Mensa dicembre 2026", date(2026, 12, 31), is_instalment=False, transfers=(LINE,))
POSITION = Position(
    "pos-1",
    Debtor("F", "RSSMRA80A41A662E", "Rossi Maria", "Via Sparano", "1", "70121", "Bari", "BA", "IT", "m@example.org"),
    (WHOLE,),
    switch_to_expired=True,
    valid_from=date(2026, 11, 23),
)
TOLD: dict[str, Any] = {
    "iupd": "pos-1",
    "organizationFiscalCode": EC,
    "type": "F",
    "companyName": "Comune di Bari",
    "status": "PAID",
    "insertedDate": "2026-11-23T09:00:00Z",
    "lastUpdatedDate": "2026-11-24T09:00:00Z",
    "paymentOption": [
        {
            "nav": NAV,
            "iuv": IUV,
            "amount": 4550,
            "status": "PO_PAID",
            "paymentDate": "2026-11-24T09:00:00",
            "idReceipt": "abc",
            "pspCompany": "PSP",
            "idFlowReporting": None,
        }
    ],
}
READ = PositionTold(
    "pos-1",
    PositionStatus.PAID,
    (OptionTold(NAV, 4550, OptionStatus.PAID, datetime(2026, 11, 24, 9, tzinfo=UTC), "abc", "PSP"),),
)
CART = Cart(
    (CartNotice(NAV, EC, 4550, "Comune di Bari", "Mensa"), CartNotice(notice_number("03", 43), EC, 1, "C", "Bus")),
    ReturnAddresses("https://bari.example/ok", "https://b.example/no", "https://b.example/err", "https://b.example/w"),
    "cart-1",
    email="maria@example.org",
    all_postal=False,
)


def told_once(desk: StandIn) -> Any:
    [one] = desk.asked
    return one


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        (401, AccessDenied),
        (403, AccessDenied),
        (408, Unreachable),
        (429, Unreachable),
        (500, Unreachable),
        (503, Unreachable),
        (400, Refused),
        (422, Refused),
        (301, Refused),
    ],
)
def test_a_failure_has_its_name(service: Service, stand_in: StandIn, status: int, failure: type) -> None:
    stand_in.will_say(status, {"title": "no", "detail": "because"}, Location="http://127.0.0.1:9/")
    with pytest.raises(failure) as caught:
        service.ask("GET", "x")
    if isinstance(caught.value, Refused):
        assert (caught.value.status, caught.value.title, caught.value.detail) == (status, "no", "because")
        assert "because" not in str(caught.value)
    assert len(stand_in.asked) == 1


def test_a_refusal_that_is_no_problem_json_is_still_one(service: Service, stand_in: StandIn) -> None:
    stand_in.will_say(400, b"<html>")
    with pytest.raises(Refused) as caught:
        service.ask("GET", "x")
    assert caught.value.detail == ""


def test_the_key_travels_in_its_header_and_steps_are_quoted(service: Service, stand_in: StandIn) -> None:
    stand_in.will_say(200, {})
    service.ask("GET", "a/b?c", "d", flag=True, none=None, since=TODAY)
    asked = told_once(stand_in)
    assert asked.headers["ocp-apim-subscription-key"] == "the-key"
    assert asked.query == {"flag": "true", "since": "2026-11-23"}
    assert asked.path == "/a/b?c/d"


def test_nobody_there_and_too_much() -> None:
    with pytest.raises(Unreachable):
        Service("http://127.0.0.1:9", lambda: "k", seconds=1, trusted=True).ask("GET")


def test_an_answer_without_end_is_cut(service: Service, stand_in: StandIn) -> None:
    stand_in.will_say(200, b" " * (BIGGEST + 1))
    with pytest.raises(AnswerUnreadable):
        service.ask("GET")


@pytest.mark.parametrize("base", ["https://example.org/gpd", "http://api.platform.pagopa.it", "https://u@api.inps.it"])
def test_it_speaks_only_with_the_hosts_of_the_list(base: str) -> None:
    with pytest.raises(AddressRefused):
        Service(base, lambda: "k", seconds=1).ask("GET")


@needs_schemas
@pytest.mark.parametrize("product", ["gpd", "gpd-4-aca"])
def test_a_position_leaves_as_the_contract_has_it(service: Service, stand_in: StandIn, product: str) -> None:
    stand_in.will_say(201, {})
    halves = tuple(
        replace(
            WHOLE,
            notice_number=notice_number("03", 50 + n),
            amount_cents=2275,
            is_instalment=True,
            transfers=(replace(LINE, amount_cents=2275),),
        )
        for n in range(2)
    )
    Positions(service).upsert(BARI, replace(POSITION, options=(WHOLE, *halves)), today=TODAY)
    asked = told_once(stand_in)
    assert faults_of_request(product, "POST", asked.path, asked.query, asked.json) == []
    assert asked.query == {"toPublish": "true"}
    body = asked.json
    assert (body["validityDate"], body["paymentOption"][0]["dueDate"]) == (
        "2026-11-22T23:00:00Z",
        "2026-12-31T22:59:59Z",
    )
    assert body["paymentOption"][0]["transfer"][0]["idTransfer"] == "1"
    assert body["paymentOption"][0]["paymentOptionMetadata"] == []
    assert [one["isPartialPayment"] for one in body["paymentOption"]] == [False, True, True]


def test_sent_again_it_is_changed(service: Service, stand_in: StandIn) -> None:
    stand_in.will_say(409, {"title": "exists"}).will_say(200, {})
    Positions(service).upsert(BARI, POSITION, today=TODAY, publish=False)
    assert [(one.method, one.path.rsplit("/", 1)[-1]) for one in stand_in.asked] == [
        ("POST", "debtpositions"),
        ("PUT", "pos-1"),
    ]
    assert stand_in.asked[0].json == stand_in.asked[1].json
    assert stand_in.asked[1].query == {"toPublish": "false"}


def test_a_position_with_a_payment_is_not_changed(service: Service, stand_in: StandIn) -> None:
    stand_in.will_say(409).will_say(409)
    with pytest.raises(PositionClosed):
        Positions(service).upsert(BARI, POSITION, today=TODAY)


def test_a_number_that_another_position_has_is_told(service: Service, stand_in: StandIn) -> None:
    stand_in.will_say(409).will_say(404)
    with pytest.raises(Refused) as caught:
        Positions(service).upsert(BARI, POSITION, today=TODAY)
    assert caught.value.permanent


UNFIT = [
    replace(POSITION, position_id=""),
    replace(POSITION, options=()),
    replace(POSITION, options=(WHOLE, WHOLE)),
    replace(POSITION, options=(WHOLE, replace(WHOLE, notice_number=notice_number("03", 99)))),
    replace(POSITION, debtor=replace(POSITION.debtor, kind="X")),
    replace(POSITION, debtor=replace(POSITION.debtor, code="")),
    replace(POSITION, options=(replace(WHOLE, notice_number=NAV[:-1] + "0"),)),
    replace(POSITION, options=(replace(WHOLE, due_on=date(2026, 11, 22)),)),
    replace(POSITION, valid_from=None, options=(replace(WHOLE, due_on=date(2026, 11, 22)),)),
    replace(POSITION, options=(replace(WHOLE, amount_cents=4551),)),
    replace(POSITION, options=(replace(WHOLE, transfers=()),)),
    replace(POSITION, options=(replace(WHOLE, transfers=(replace(LINE, number=2),)),)),
    replace(POSITION, options=(replace(WHOLE, description="x" * 141),)),
    replace(POSITION, options=(replace(WHOLE, metadata=(("k", "v"),) * 11),)),
    replace(POSITION, options=(replace(WHOLE, transfers=(replace(LINE, category="9/mensa/"),)),)),
    replace(POSITION, options=(replace(WHOLE, transfers=(replace(LINE, iban=""),)),)),
    replace(POSITION, options=(replace(WHOLE, transfers=(replace(LINE, remittance=""),)),)),
]


@pytest.mark.parametrize("position", UNFIT)
def test_what_gpd_would_refuse_is_not_sent(service: Service, stand_in: StandIn, position: Position) -> None:
    with pytest.raises(PositionUnfit) as caught:
        Positions(service).upsert(BARI, position, today=TODAY)
    assert str(caught.value)
    assert stand_in.asked == []


@needs_schemas
def test_publish_annul_and_paid_elsewhere(service: Service, stand_in: StandIn) -> None:
    stand_in.will_say(200, {})
    there = Positions(service)
    there.publish(BARI, "pos-1")
    there.invalidate(BARI, "pos-1")
    there.mark_paid(BARI, NAV, at=datetime(2026, 11, 23, 10, tzinfo=UTC))
    for asked in stand_in.asked:
        assert faults_of_request("gpd", asked.method, asked.path, asked.query, asked.json) == []
    assert stand_in.asked[2].json == {"paymentDate": "2026-11-23T10:00:00Z"}


def test_what_is_not_there_and_what_is_closed(service: Service, stand_in: StandIn) -> None:
    there = Positions(service)
    stand_in.will_say(404)
    with pytest.raises(PositionUnknown):
        there.publish(BARI, "pos-1")
    assert there.read(BARI, "pos-1") is None
    stand_in.answers[:] = [(409, None, {})]
    with pytest.raises(PositionClosed):
        there.publish(BARI, "pos-1")
    stand_in.answers[:] = [(422, None, {})]
    with pytest.raises(PositionClosed):
        there.mark_paid(BARI, NAV, at=datetime(2026, 11, 23, 10, tzinfo=UTC))


@pytest.mark.parametrize(("status", "closed"), [("INVALID", False), ("PAID", True)])
def test_annulling_twice_is_once(service: Service, stand_in: StandIn, status: str, closed: bool) -> None:
    stand_in.will_say(409).will_say(200, TOLD | {"status": status})
    if not closed:
        Positions(service).invalidate(BARI, "pos-1")
        return
    with pytest.raises(PositionClosed):
        Positions(service).invalidate(BARI, "pos-1")


@needs_schemas
def test_positions_are_read_and_polled(service: Service, stand_in: StandIn) -> None:
    answer = {key: value for key, value in TOLD.items() if value is not None}
    option = {key: value for key, value in TOLD["paymentOption"][0].items() if value is not None}
    assert (
        faults_of_answer(
            "gpd", "GET", f"/organizations/{EC}/debtpositions/pos-1", 200, answer | {"paymentOption": [option]}
        )
        == []
    )
    stand_in.will_say(200, TOLD)
    there = Positions(service)
    assert there.read(BARI, "pos-1") == READ
    pages = [
        {"payment_position_list": [TOLD], "page_info": {"page": n, "limit": 50, "items_found": 1, "total_pages": 2}}
        for n in range(2)
    ]
    stand_in.answers[:] = [(200, page, {}) for page in pages]
    stand_in.asked.clear()
    assert list(there.paid_since(BARI, datetime(2026, 11, 20, tzinfo=UTC))) == [READ, READ]
    assert [one.query["page"] for one in stand_in.asked] == ["0", "1"]
    for asked in stand_in.asked:
        assert faults_of_request("gpd", "GET", asked.path, asked.query, None) == []


@needs_schemas
def test_an_iban_is_changed_a_thousand_at_a_time(service: Service, stand_in: StandIn) -> None:
    stand_in.will_say(200, {"updatedTransfers": 1000}).will_say(200, {"updatedTransfers": 7})
    assert Positions(service).change_iban(BARI, old="IT1", new="IT2") == 1007
    for asked in stand_in.asked:
        assert faults_of_request("gpd", "PATCH", asked.path, asked.query, asked.json) == []


@pytest.mark.parametrize("body", [b"", b"[]", b'{"iupd": 1}', b'{"iupd": "a", "status": "NEW"}', b"\xff"])
def test_an_answer_of_another_shape_is_not_taken(service: Service, stand_in: StandIn, body: bytes) -> None:
    stand_in.will_say(200, body)
    with pytest.raises(AnswerUnreadable):
        Positions(service).read(BARI, "pos-1")


@needs_schemas
def test_a_cart_leaves_and_its_page_comes_back_unvisited(service: Service, stand_in: StandIn) -> None:
    stand_in.will_say(302, None, Location="https://checkout.pagopa.it/c/42")
    assert Checkout(service).open_cart(CART) == "https://checkout.pagopa.it/c/42"
    asked = told_once(stand_in)
    assert faults_of_request("checkout_v2", "POST", asked.path, asked.query, asked.json) == []
    assert asked.json["idCart"] == "cart-1"
    assert asked.json["returnUrls"]["returnWaitingUrl"] == "https://b.example/w"


@pytest.mark.parametrize(
    ("status", "location"),
    [
        (200, "https://checkout.pagopa.it/"),
        (302, ""),
        (302, "http://checkout.pagopa.it/"),
        (302, "https://example.org/"),
        (302, "https://pagopa.it.example.org/"),
        (302, "https://evilpagopa.it/"),
        (404, ""),
    ],
)
def test_a_browser_is_sent_nowhere_else(service: Service, stand_in: StandIn, status: int, location: str) -> None:
    stand_in.will_say(status, {}, Location=location)
    with pytest.raises(AnswerUnreadable):
        Checkout(service).open_cart(CART)


@pytest.mark.parametrize(
    "notices",
    [
        (),
        (CART.notices[0],) * 2,
        tuple(replace(CART.notices[0], notice_number=notice_number("03", n)) for n in range(6)),
        (replace(CART.notices[0], amount_cents=0),),
        (replace(CART.notices[0], notice_number="1"),),
        (replace(CART.notices[0], description="x" * 141),),
        (replace(CART.notices[0], fiscal_code="x"),),
    ],
)
def test_a_cart_that_cannot_be_paid_is_not_sent(
    service: Service, stand_in: StandIn, notices: tuple[CartNotice, ...]
) -> None:
    with pytest.raises(CartUnfit):
        Checkout(service).open_cart(replace(CART, notices=notices))
    assert stand_in.asked == []


@needs_schemas
def test_receipts_of_gpd_are_listed_and_fetched_in_both_versions(service: Service, stand_in: StandIn) -> None:
    there = GpdReceipts(service)
    page = {"currentPageNumber": 0, "length": 1, "totalPages": 2, "results": [{"iuv": IUV, "other": 1}, {}]}
    stand_in.will_say(200, page).will_say(200, page)
    assert list(there.references(EC, since=TODAY, until=TODAY)) == [IUV, IUV]
    for asked in stand_in.asked:
        assert faults_of_request("gpd_payments", "GET", asked.path, asked.query, None) == []
    for body, version in ((FULL_RECEIPT, 2), (RECEIPT_V1, 1)):
        alone = body[body.index(b"<pafn:") : body.index(b"</soapenv:Body>")]
        for raw in (body, alone):
            stand_in.answers[:] = [(200, raw, {})]
            found = there.receipt(EC, IUV)
            assert found is not None
            assert (found.message.version, found.message.amount_cents, found.raw) == (version, 4550, raw)
    stand_in.answers[:] = [(404, None, {})]
    assert there.receipt(EC, IUV) is None
    stand_in.answers[:] = [(200, b"<x/>", {})]
    with pytest.raises(AnswerUnreadable):
        there.receipt(EC, IUV)
