"""What providers say on the next day, by REST (P32, P33)."""

from datetime import date, timedelta
from typing import Any

import pytest

from integrations.pagopa.simulator import paying
from integrations.pagopa.simulator.faults import Fault, FlowFault
from integrations.pagopa.simulator.flows import MadeFlow, make_flow, make_flows
from integrations.pagopa.simulator.providers import COUNTER
from sportello.kernel import clock
from tests.pagopa_node.fake_station import BARI, NAV, URL, Debt, FakeStation
from tests.pagopa_node.official import faults_of_json, needs_official

FDR = "fdr_organization.json"


@pytest.fixture
def today(db: None) -> date:
    return clock.today()


def pay(station: FakeStation, *faults: Fault, **more: Any) -> paying.Paid:
    return paying.pay(NAV, BARI, station_url=URL, wire=station.wire, faults=faults, **more)


def path(flow: MadeFlow) -> str:
    return f"/fdr/organizations/{BARI}/fdrs/{flow.fdr}/revisions/{flow.revision}/psps/{flow.psp_id}"


def test_a_flow_holds_each_line_of_each_payment_of_the_day(station: FakeStation, machine: Any, today: date) -> None:
    station.debts[NAV] = Debt(parts=("40.00", "5.50"))
    paid = [pay(station), pay(station)]
    pay(station, now=clock.now() - timedelta(days=1))
    pay(station, provider=COUNTER)
    flow = make_flow(BARI, today)
    assert (flow.count, flow.cents) == (4, 9100)
    lines = machine.get(f"{path(flow)}/payments").json()
    assert [(line["iur"], line["idTransfer"], line["pay"], line["payStatus"]) for line in lines["data"]] == [
        (one.receipt_id, number, amount, "EXECUTED") for one in paid for number, amount in ((1, 40.0), (2, 5.5))
    ]
    head = machine.get(path(flow)).json()
    told = {name: head[name] for name in ("totPayments", "sumPayments", "computedTotPayments", "computedSumPayments")}
    assert told == {
        "totPayments": 4,
        "sumPayments": 91.0,
        "computedTotPayments": 4,
        "computedSumPayments": 91.0,
    }


def test_flows_come_in_pages_and_since_a_moment(station: FakeStation, machine: Any, today: date) -> None:
    pay(station)
    made = [make_flow(BARI, today, now=clock.now() - timedelta(minutes=10 - number)) for number in range(3)]
    base = f"/fdr/organizations/{BARI}/fdrs"
    assert [one["fdr"] for one in machine.get(base).json()["data"]] == [one.fdr for one in made]
    page = machine.get(base, {"page": 2, "size": 2}).json()
    assert (page["metadata"], page["count"]) == ({"pageSize": 2, "pageNumber": 2, "totPage": 2}, 1)
    since = machine.get(base).json()["data"][1]["published"]
    assert [one["fdr"] for one in machine.get(base, {"publishedGt": since}).json()["data"]][-1] == made[2].fdr
    assert machine.get(base, {"pspId": "ALTRO"}).json()["count"] == 0
    assert machine.get(base, {"size": 1001}).status_code == 400
    assert machine.get("/fdr/organizations/00000000000/fdrs").json()["count"] == 0


def test_a_new_revision_takes_the_place_of_the_old_one(station: FakeStation, machine: Any, today: date) -> None:
    pay(station)
    first = make_flow(BARI, today, (FlowFault.MISSING_LINE,))
    second = make_flow(BARI, today, (FlowFault.REVISION,))
    assert (first.fdr, first.revision, first.count) == (second.fdr, 1, 0)
    assert (second.revision, second.count) == (2, 1)
    listed = machine.get(f"/fdr/organizations/{BARI}/fdrs").json()["data"]
    assert [(one["fdr"], one["revision"]) for one in listed] == [(first.fdr, 2)]
    assert machine.get(path(first)).status_code == 200, "the old one can still be read"


@pytest.mark.parametrize("state", ["NO_RPT", "STAND_IN", "STAND_IN_NO_RPT"])
def test_a_line_says_how_it_was_paid(station: FakeStation, today: date, state: str) -> None:
    pay(station)
    pay(station)
    flow = make_flow(BARI, today, (state.lower(),))
    assert [line["state"] for line in flow.lines] == ["EXECUTED", state]


def test_a_payment_without_receipt_is_found_by_its_number(station: FakeStation, machine: Any, today: date) -> None:
    paid = pay(station, Fault.SILENT, Fault.OTHER_PAYER)
    flow = make_flow(BARI, today)
    assert [(line["iur"], line["state"]) for line in flow.lines] == [(paid.receipt_id, "NO_RPT")]
    base = f"/biz-events/organizations/{BARI}/receipts/{paid.receipt_id}"
    receipt = machine.get(base).json()
    told = (receipt["receiptId"], receipt["noticeNumber"], receipt["paymentAmount"], receipt["payer"]["fullName"])
    assert told == (paid.receipt_id, NAV, 45.5, "Bianchi Luca")
    assert machine.get(f"{base}/paymentoptions/{NAV[1:]}").json() == receipt
    assert machine.get(f"{base}/paymentoptions/1").status_code == 404
    assert machine.get(base.replace(BARI, "00000000000")).status_code == 404


def test_wrong_sums_and_amounts(station: FakeStation, machine: Any, today: date) -> None:
    pay(station)
    wrong = machine.get(path(make_flow(BARI, today, (FlowFault.WRONG_SUM,)))).json()
    assert (wrong["sumPayments"], wrong["computedSumPayments"]) == (46.5, 45.5)
    assert make_flow(BARI, today, (FlowFault.WRONG_AMOUNT,)).lines[0]["cents"] == 4551


def test_a_line_that_nobody_knows(station: FakeStation, today: date) -> None:
    pay(station, Fault.UNKNOWN_NOTICE)
    assert len(make_flow(BARI, today).lines) == 1
    lines = make_flow(BARI, today, (FlowFault.EXTRA_LINE,)).lines
    assert [line["iuv"][:3] for line in lines] == [NAV[1:4], "990"]


def test_a_payment_that_failed_is_in_no_flow(station: FakeStation, today: date) -> None:
    pay(station, Fault.FAILED_RECEIPT)
    assert make_flow(BARI, today).count == 0


def test_each_provider_makes_its_own_once(station: FakeStation, today: date) -> None:
    pay(station)
    pay(station, provider=COUNTER)
    assert sorted((one.psp_id, one.count) for one in make_flows(today)) == [("SIMPSP01", 1), ("SIMTAB01", 1)]
    assert make_flows(today) == []
    assert {one.revision for one in make_flows(today, (FlowFault.REVISION,))} == {2}


@needs_official
def test_the_answers_keep_the_official_contract(station: FakeStation, machine: Any, today: date) -> None:
    paid = pay(station, Fault.OTHER_PAYER)
    flow = make_flow(BARI, today, (FlowFault.STAND_IN,))
    shown = {
        "PaginatedFlowsResponse": f"/fdr/organizations/{BARI}/fdrs",
        "SingleFlowResponse": path(flow),
        "PaginatedPaymentsResponse": f"{path(flow)}/payments",
    }
    for model, address in shown.items():
        assert faults_of_json(machine.get(address).json(), FDR, model) == [], model
    assert faults_of_json(machine.get(path(flow).replace("/1/", "/9/")).json(), FDR, "ErrorResponse") == []
    receipt = machine.get(f"/biz-events/organizations/{BARI}/receipts/{paid.receipt_id}").json()
    assert faults_of_json(receipt, "biz_events.json", "CtReceiptModelResponse") == []
