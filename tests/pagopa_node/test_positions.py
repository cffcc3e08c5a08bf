"""GPD and ACA: the machine of P9, the checks of P23, and a notice that is paid there."""

import json
from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

import pytest
from lxml import etree

from integrations.pagopa.simulator import paying
from integrations.pagopa.simulator.contracts import faults_of_schema
from integrations.pagopa.simulator.faults import Fault
from integrations.pagopa.simulator.flows import make_flow
from integrations.pagopa.simulator.models import Delivery, Option, Position
from integrations.pagopa.simulator.positions import states
from sportello.kernel import clock
from tests.pagopa_node.fake_station import BARI, NAV, URL, FakeStation
from tests.pagopa_node.official import faults_of_json, needs_official
from tests.pagopa_node.positions import IUV, option, position, transfer

SECOND, THIRD = "03000000000004365", "03000000000004458"
INSTALMENTS = [
    option(SECOND, 2000, isPartialPayment=True),
    option(THIRD, 2550, isPartialPayment=True),
]
PRODUCTS = ["gpd", "aca"]


def base(product: str = "gpd") -> str:
    return f"/{product}/debt-positions-service/v1/organizations/{BARI}"


def call(machine: Any, method: str, path: str, content: Any = None, **query: str) -> Any:
    """A call of the creditor's; its answer."""
    words = "&".join(f"{name}={value}" for name, value in query.items())
    body = b"" if content is None else json.dumps(content).encode()
    return machine.generic(method, f"{path}?{words}", body, content_type="application/json")


def created(machine: Any, content: Any = None, *, publish: bool = True, product: str = "gpd") -> Any:
    path = f"{base(product)}/debtpositions"
    answer = call(machine, "POST", path, content or position(), toPublish=str(publish).lower())
    assert answer.status_code == 201, answer.content
    return answer.json()


def state_of(machine: Any, iupd: str = "bari-1", product: str = "gpd") -> str:
    return str(call(machine, "GET", f"{base(product)}/debtpositions/{iupd}").json()["status"])


def pay(nav: str, station: FakeStation, *faults: Fault) -> paying.Paid:
    return paying.pay(nav, BARI, station_url=URL, wire=station.wire, faults=faults)


@pytest.mark.parametrize("product", PRODUCTS)
class TestMachine:
    """The table of P9, call by call."""

    def test_a_draft_is_published_and_becomes_valid(self, machine: Any, product: str) -> None:
        assert created(machine, publish=False, product=product)["status"] == "DRAFT"
        path = f"{base(product)}/debtpositions/bari-1"
        assert call(machine, "POST", f"{path}/publish").json()["status"] == "VALID"
        assert call(machine, "POST", f"{path}/publish").status_code == 409

    def test_a_later_day_makes_it_wait(self, machine: Any, product: str, settings: Any) -> None:
        later = (clock.now() + timedelta(days=2)).isoformat()
        content = position(validityDate=later)
        assert created(machine, content, product=product)["status"] == "PUBLISHED"
        Position.objects.update(valid_from=clock.now() - timedelta(minutes=1))
        assert state_of(machine, product=product) == "VALID"

    @pytest.mark.parametrize(("expires", "state"), [(True, "EXPIRED"), (False, "VALID")])
    def test_after_the_last_day_it_expires_or_does_not(
        self, machine: Any, product: str, expires: bool, state: str
    ) -> None:
        created(machine, position(switchToExpired=expires), product=product)
        Option.objects.update(due_at=clock.now() - timedelta(minutes=1))
        assert state_of(machine, product=product) == state

    def test_a_new_day_revives_what_expired(self, machine: Any, product: str) -> None:
        created(machine, product=product)
        Option.objects.update(due_at=clock.now() - timedelta(minutes=1))
        assert state_of(machine, product=product) == "EXPIRED"
        answer = call(machine, "PUT", f"{base(product)}/debtpositions/bari-1", position(), toPublish="true")
        assert (answer.status_code, answer.json()["status"]) == (200, "VALID")

    def test_invalid_is_for_good(self, machine: Any, product: str) -> None:
        created(machine, product=product)
        path = f"{base(product)}/debtpositions/bari-1"
        assert call(machine, "POST", f"{path}/invalidate").json()["status"] == "INVALID"
        assert call(machine, "POST", f"{path}/invalidate").status_code == 409
        assert call(machine, "PUT", path, position(), toPublish="true").status_code == 409

    def test_a_draft_cannot_be_invalidated(self, machine: Any, product: str) -> None:
        created(machine, publish=False, product=product)
        assert call(machine, "POST", f"{base(product)}/debtpositions/bari-1/invalidate").status_code == 409

    def test_paid_elsewhere(self, machine: Any, product: str) -> None:
        created(machine, position(paymentOption=deepcopy(INSTALMENTS)), product=product)
        path = f"{base(product)}/paymentoptions/paids"
        answer = call(machine, "POST", f"{path}/3{SECOND}", {"paymentDate": "2026-11-23T10:00:00"})
        assert (answer.status_code, answer.json()["status"]) == (200, "PO_PAID")
        assert state_of(machine, product=product) == "PARTIALLY_PAID"
        assert call(machine, "POST", f"{path}/3{SECOND}", {}).status_code == 409
        assert call(machine, "POST", f"{path}/3{THIRD}", {}).status_code == 200
        assert state_of(machine, product=product) == "PAID"
        unchanged = call(machine, "PUT", f"{base(product)}/debtpositions/bari-1", position(), toPublish="true")
        assert unchanged.status_code == 409
        assert call(machine, "DELETE", f"{base(product)}/debtpositions/bari-1").status_code == 409
        assert call(machine, "POST", f"{path}/{NAV}", {}).status_code == 404

    def test_what_nobody_paid_may_be_thrown_away(self, machine: Any, product: str) -> None:
        created(machine, product=product)
        assert call(machine, "DELETE", f"{base(product)}/debtpositions/bari-1").status_code == 200
        assert call(machine, "GET", f"{base(product)}/debtpositions/bari-1").status_code == 404
        created(machine, product=product)


def test_a_valid_position_keeps_its_first_day(machine: Any) -> None:
    created(machine, position(validityDate="2026-11-01T00:00:00"))
    answer = call(machine, "PUT", f"{base()}/debtpositions/bari-1", position(), toPublish="true")
    assert answer.status_code == 200
    assert Position.objects.get().valid_from == datetime(2026, 11, 1, tzinfo=clock.ROME)


BAD = [
    {"iupd": None},
    {"type": "X"},
    {"companyName": "x" * 141},
    {"switchToExpired": "yes"},
    {"country": "Italia"},
    {"paymentOption": [option(amount=0, transfer=[transfer(amount=0)])]},
    {"paymentOption": [option(amount=45.5)]},
    {"paymentOption": [{name: value for name, value in option().items() if name != "paymentOptionMetadata"}]},
    {"paymentOption": [option(description="x" * 141)]},
    {"paymentOption": [option(transfer=[transfer(idTransfer=1)])]},
    {"paymentOption": [option(transfer=[transfer(idTransfer="6")])]},
    {"paymentOption": [option(transfer=[transfer(iban="IT 60")])]},
    {
        "paymentOption": [
            option(transfer=[transfer(transferMetadata=[{"key": str(n), "value": "x"} for n in range(11)])])
        ]
    },
]
UNFIT = [
    {"unknown": 1},
    {"paymentOption": []},
    {"paymentOption": [option(transfer=[transfer(amount=4549)])]},
    {"paymentOption": [option(transfer=[transfer(1, 4000), transfer(1, 550)])]},
    {"paymentOption": [option(transfer=[transfer(category="mensa")])]},
    {"paymentOption": [option(transfer=[transfer(iban="IT61X0542811101000000123456")])]},
    {"paymentOption": [option(transfer=[{key: value for key, value in transfer().items() if key != "iban"}])]},
    {"paymentOption": [option(nav="303000000000009952")]},
    {"paymentOption": [option(), option()]},
    {"paymentOption": [option(), option(SECOND)]},
    {"validityDate": "2027-01-31T00:00:00"},
]


@pytest.mark.parametrize("more", [*BAD, *UNFIT])
def test_what_is_no_position_is_a_problem(machine: Any, more: dict[str, Any]) -> None:
    answer = call(machine, "POST", f"{base()}/debtpositions", position(**more))
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["detail"]
    assert not Position.objects.exists()


@needs_official
def test_the_official_contract_refuses_the_same_shapes() -> None:
    for name in ("gpd.json", "gpd-4-aca.json"):
        assert faults_of_json(position(), name, "PaymentPositionModel") == []
        assert [more for more in BAD if not faults_of_json(position(**more), name, "PaymentPositionModel")] == []


def test_nothing_stands_twice(machine: Any) -> None:
    created(machine)
    path = f"{base()}/debtpositions"
    assert call(machine, "POST", path, position()).status_code == 409
    assert call(machine, "POST", path, position("bari-2")).status_code == 409, "its notice is taken"
    other = position("bari-2", paymentOption=[option(SECOND)])
    assert call(machine, "POST", path, other).status_code == 201
    taken = call(machine, "PUT", f"{path}/bari-2", position("bari-2"), toPublish="true")
    assert taken.status_code == 409
    assert call(machine, "GET", f"{path}/bari-2").json()["paymentOption"][0]["iuv"] == SECOND, "as it was"
    created(machine, product="aca")


def test_the_list_has_pages_and_filters(machine: Any) -> None:
    for number in range(3):
        created(machine, position(f"bari-{number}", paymentOption=[option(f"0300000000000{number:04d}")]))
    path = f"{base()}/debtpositions"
    told = call(machine, "GET", path, limit="2", page="1").json()
    assert [one["iupd"] for one in told["payment_position_list"]] == ["bari-2"]
    assert told["page_info"] == {"page": 1, "limit": 2, "items_found": 3, "total_pages": 2}
    assert call(machine, "GET", path, status="PAID").json()["page_info"]["items_found"] == 0
    assert call(machine, "GET", path, due_date_from="2027-01-01").json()["page_info"]["items_found"] == 0
    call(machine, "POST", f"{base()}/paymentoptions/paids/303000000000000001", {"paymentDate": "2026-11-20T10:00:00Z"})
    since = {"payment_date_time_from": "2026-11-20T10:00:00Z"}
    assert [one["iupd"] for one in call(machine, "GET", path, **since).json()["payment_position_list"]] == ["bari-1"]
    since = {"payment_date_time_from": "2026-11-20T10:00:01Z"}
    assert call(machine, "GET", path, **since).json()["payment_position_list"] == []
    assert call(machine, "GET", path, limit="51").status_code == 400


def test_an_account_changes_everywhere(machine: Any) -> None:
    created(machine)
    new = "IT22N0100003245348145020541"
    path = f"{base()}/debtpositions/transfers"
    answer = call(machine, "PATCH", path, {"newIban": new}, oldIban=transfer()["iban"])
    assert (answer.status_code, answer.json()["updatedTransfers"]) == (200, 1)
    lines = call(machine, "GET", f"{base()}/debtpositions/bari-1").json()["paymentOption"][0]["transfer"]
    assert [line["iban"] for line in lines] == [new]
    assert call(machine, "PATCH", path.replace("/gpd/", "/aca/"), {"newIban": new}, oldIban="x").status_code == 404


class TestPaying:
    """Who keeps a notice in GPD is not asked; who keeps a copy in ACA is."""

    def test_a_notice_in_gpd_is_paid_there(self, machine: Any, station: FakeStation) -> None:
        created(machine)
        paid = pay(NAV, station)
        assert (paid.is_paid, paid.amount_cents, station.actions) == (True, 4550, [])
        held = call(machine, "GET", f"{base()}/debtpositions/bari-1").json()
        option_ = held["paymentOption"][0]
        assert (held["status"], option_["status"], option_["idReceipt"]) == ("PAID", "PO_PAID", paid.receipt_id)
        assert not Delivery.objects.exists()
        receipt = machine.get(f"/biz-events/organizations/{BARI}/receipts/{paid.receipt_id}").json()
        assert receipt["debtor"]["fullName"] == "Rossi Maria"

    @pytest.mark.parametrize(
        ("change", "fault"),
        [
            ({"state": states.DRAFT}, "PAA_PAGAMENTO_SCONOSCIUTO"),
            ({"state": states.INVALID}, "PAA_PAGAMENTO_ANNULLATO"),
            ({"state": states.EXPIRED}, "PAA_PAGAMENTO_SCADUTO"),
        ],
    )
    def test_it_is_refused_by_the_table(
        self, machine: Any, station: FakeStation, change: dict[str, str], fault: str
    ) -> None:
        created(machine)
        Position.objects.update(**change)
        assert pay(NAV, station).fault_code == fault

    def test_twice_is_once_too_many(self, machine: Any, station: FakeStation) -> None:
        created(machine)
        pay(NAV, station)
        assert pay(NAV, station).fault_code == "PAA_PAGAMENTO_DUPLICATO"

    def test_the_whole_and_the_instalments_exclude_each_other(self, machine: Any, station: FakeStation) -> None:
        created(machine, position(paymentOption=[option(), *deepcopy(INSTALMENTS)]))
        assert pay(f"3{SECOND}", station).is_paid
        assert pay(NAV, station).fault_code == "PAA_PAGAMENTO_SCONOSCIUTO"
        assert pay(f"3{THIRD}", station).is_paid
        assert state_of(machine) == "PAID"

    def test_the_copy_in_aca_follows_the_station(self, machine: Any, station: FakeStation) -> None:
        created(machine, product="aca")
        assert pay(NAV, station).said == ("OK",)
        assert state_of(machine, product="aca") == "PAID"

    def test_a_flow_reports_the_position(self, machine: Any, station: FakeStation) -> None:
        created(machine)
        pay(NAV, station)
        make_flow(BARI, clock.today())
        assert state_of(machine) == "REPORTED"

    @pytest.mark.parametrize("faults", [(), (Fault.FIRST_VERSION,)])
    def test_its_receipt_is_archived_as_xml(self, machine: Any, station: FakeStation, faults: Any) -> None:
        created(machine)
        paid = pay(NAV, station, *faults)
        path = f"/gpd/payments-receipts-service/v1/payments/{BARI}/receipts"
        listed = machine.get(path).json()
        assert ([one["iuv"] for one in listed["results"]], listed["totalPages"]) == ([IUV], 1)
        message = etree.fromstring(machine.get(f"{path}/{IUV}").content)
        assert faults_of_schema(message) == []
        assert message.findtext("receipt/receiptId") == paid.receipt_id
        assert machine.get(f"{path}/1").status_code == 404


@needs_official
@pytest.mark.parametrize("product", PRODUCTS)
def test_the_answers_keep_the_official_contract(machine: Any, product: str) -> None:
    name = "gpd.json" if product == "gpd" else "gpd-4-aca.json"
    echo = created(machine, position(validityDate="2026-11-01T00:00:00Z", officeName="Scuola"), product=product)
    path = f"{base(product)}/debtpositions"
    shown = {
        "PaymentPositionModel": echo,
        "PaymentPositionModelBaseResponse": call(machine, "GET", f"{path}/bari-1").json(),
        "PaymentPositionsInfo": call(machine, "GET", path).json(),
        "PaymentsModelResponse": call(machine, "POST", f"{base(product)}/paymentoptions/paids/{NAV}", {}).json(),
        "ProblemJson": call(machine, "POST", path, position()).json(),
    }
    assert {model: faults_of_json(content, name, model) for model, content in shown.items()} == {
        model: [] for model in shown
    }
