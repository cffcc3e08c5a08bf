"""The door: the Comune's own line, its codes, and a log that tells of no one. Which Comune a message is for."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import DataError, IntegrityError, transaction

from integrations.errors import NotConfigured, Unreachable
from integrations.models import Connector, ConnectorExchange
from integrations.pagopa import gateway, simulated
from integrations.pagopa.errors import OtherGateway
from integrations.pagopa.institutions import institution_of, served
from integrations.pagopa.models import CENTRAL_SEGREGATIONS, CreditorInstitution, InstitutionState
from integrations.pagopa.settings import PlatformSettings
from integrations.typed_settings import SettingsInvalid, fields_of, read_settings
from tenants.current import in_schema
from tenants.models import Municipality
from tests.pagopa.messages import EC, IUV, NAV
from tests.pagopa.standing_in import StandIn
from tests.pagopa.test_flows import RECEIPT
from tests.pagopa.test_rest import CART, POSITION, TOLD

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
CODES: dict[str, Any] = {
    "fiscal_code": EC,
    "broker_code": "12345678903",
    "station_code": "12345678903_01",
    "segregation_code": "03",
    "iban": "IT60X0542811101000000123456",
    "company_name": "Comune di Bari",
    "state": InstitutionState.PRODUCTION,
}


def registered(municipality: Municipality, **fields: object) -> CreditorInstitution:
    return CreditorInstitution.objects.create(municipality=municipality, **{**CODES, **fields})


@pytest.fixture
def node(stand_in: StandIn, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    monkeypatch.setattr(simulated, "node_origin", lambda: stand_in.url)
    return stand_in


def test_without_codes_there_is_no_line(bari: Municipality) -> None:
    with pytest.raises(NotConfigured):
        gateway.publish(POSITION, reference="1", now=NOW)


@pytest.mark.django_db(transaction=True)
def test_the_door_speaks_for_the_comune_and_notes_it(bari: Municipality, node: StandIn) -> None:
    registered(bari)
    node.will_say(201, {})
    gateway.publish(POSITION, reference="pos-1", now=NOW)
    gateway.annul(POSITION, reference="pos-1", now=NOW)
    gateway.mark_paid(POSITION, NAV, at=NOW, reference="pos-1", now=NOW)
    node.answers[:] = [(200, TOLD, {})]
    quote = gateway.quote(POSITION, NAV, reference="pos-1", now=NOW)
    assert quote is not None
    assert quote.is_paid
    node.answers[:] = [(200, RECEIPT, {})]
    assert gateway.receipt("abc", iuv=IUV, reference="r", now=NOW) is not None
    assert list(gateway.receipts_since(NOW, reference="", now=NOW)) == []
    assert gateway.notice_pdf(NAV, reference="", now=NOW) is None
    node.answers[:] = [(404, None, {})]
    assert gateway.flows_since(NOW, reference="", now=NOW) == []
    node.answers[:] = [(302, None, {"Location": f"http://{simulated.node_host()}/carrello/1/"})]
    assert gateway.open_cart(CART, reference="cart-1", now=NOW).endswith("/carrello/1/")
    node.answers[:] = [(503, None, {})]
    with pytest.raises(Unreachable):
        gateway.publish(POSITION, reference="pos-1", now=NOW)
    kept = list(ConnectorExchange.objects.order_by("pk"))
    assert [one.operation for one in kept] == [
        "publish",
        "annul",
        "mark_paid",
        "quote",
        "receipt",
        "receipts",
        "notice_pdf",
        "flows",
        "cart",
        "publish",
    ]
    assert {one.adapter for one in kept} == {"simulator"}
    assert [one.error_code for one in kept][-1] == "unreachable"
    assert not any("RSSMRA" in f"{one.reference}{one.operation}{one.error_code}" for one in kept)


@pytest.mark.django_db(transaction=True)
def test_only_the_way_of_the_registration_is_gone(
    bari: Municipality, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    registered(bari, adapter="gpd")
    row = Connector.objects.create(
        kind="pagopa", adapter="station", settings={"base": stand_in.url}, secret_name="x", enabled=True
    )
    with pytest.raises(OtherGateway):
        gateway.publish(POSITION, reference="1", now=NOW)
    row.adapter = "gpd"
    row.save()
    stand_in.will_say(201, {})
    monkeypatch.setenv(f"CONNECTOR_SECRET_{bari.schema_name}_X".upper(), "the-key-of-bari")
    gateway.publish(POSITION, reference="1", now=NOW)
    assert stand_in.asked[0].headers["ocp-apim-subscription-key"] == "the-key-of-bari"


def test_a_key_is_named_and_never_written() -> None:
    names = {one.name for one in fields_of(PlatformSettings)}
    assert names == {"seconds", "base", "flows_key", "receipts_key", "checkout_key"}
    with pytest.raises(SettingsInvalid):
        read_settings({"checkout_key": "A real key!"}, PlatformSettings)


def test_a_message_is_for_who_has_the_code(bari: Municipality) -> None:
    other = Municipality.objects.get(slug="bitonto")
    ours = registered(bari)
    registered(other, fiscal_code="00382650729", company_name="Comune di Bitonto", state=InstitutionState.DRAFT)
    assert served(EC) == (ours, bari.schema_name)
    assert served("00382650729") is None  # still in draft
    assert served("11111111111") is None
    assert served("") is None
    bari.left_on = date(2026, 1, 1)
    bari.save()
    assert served(EC) is None


def test_the_answer_does_not_depend_on_where_one_stands(bari: Municipality) -> None:
    registered(bari)
    for schema in ("public", Municipality.objects.get(slug="bitonto").schema_name):
        with in_schema(schema):
            assert served(EC) is not None
            assert institution_of(bari).fiscal_code == EC


@pytest.mark.parametrize(
    "wrong",
    [
        {"fiscal_code": "8001501072"},
        {"fiscal_code": "8001501072X"},
        {"broker_code": "1"},
        {"station_code": "12345678903"},
        {"segregation_code": "3"},
        *({"segregation_code": code} for code in CENTRAL_SEGREGATIONS),
        {"cbill_code": "ab1cd"},
        {"iban": "IT60"},
        {"iban": "DE60X0542811101000000123456"},
        {"postal_iban": "x"},
        {"postal_account": "12345678901234"},
        {"postal_authorised": True},
        {"iban": ""},
        {"station_code": ""},
        {"segregation_code": ""},
        {"broker_code": ""},
    ],
)
def test_codes_that_cannot_be_are_refused_by_the_database(bari: Municipality, wrong: dict[str, object]) -> None:
    """P2, P3: two digits, and none of the central ones; in draft what is not known yet may be missing."""
    with pytest.raises((IntegrityError, DataError)), transaction.atomic():
        registered(bari, **wrong)


def test_a_draft_may_be_incomplete_and_mypay_brings_its_own_station(bari: Municipality) -> None:
    empty = {"broker_code": "", "station_code": "", "segregation_code": "", "iban": ""}
    row = registered(bari, state=InstitutionState.DRAFT, **empty)
    row.adapter, row.state = "mypay", InstitutionState.TESTING
    row.save()
    row.adapter = "gpd"
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_one_code_one_comune(bari: Municipality) -> None:
    registered(bari)
    with pytest.raises(IntegrityError), transaction.atomic():
        registered(Municipality.objects.get(slug="bitonto"))


def test_a_position_is_not_sent_within_a_transaction(bari: Municipality, node: StandIn) -> None:
    registered(bari)
    with transaction.atomic(), pytest.raises(RuntimeError):
        gateway.publish(replace(POSITION), reference="1", now=NOW)
    assert node.asked == []
