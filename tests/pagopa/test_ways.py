"""One contract for every way to pagoPA (P48): whoever answers, the ledger is told the same."""

from base64 import b64decode
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from lxml import etree

from integrations.errors import AccessDenied, AnswerUnreadable, ConnectorError, RealSystemRefused, Unreachable
from integrations.pagopa.errors import NotOffered, PositionUnfit, PositionUnknown, Refused
from integrations.pagopa.models import Gateway as Chosen
from integrations.pagopa.mypay import MyPayGateway
from integrations.pagopa.numbers import notice_number
from integrations.pagopa.port import Gateway
from integrations.pagopa.positions import Quote
from integrations.pagopa.registering import KIND
from integrations.pagopa.settings import MyPaySettings, SimulatorSettings
from integrations.pagopa.simulated import SimulatedGateway, SimulatedGpdGateway, SimulatedMyPayGateway
from integrations.registry import adapters_of
from tenants.current import in_schema
from tests.pagopa.contract import needs_schemas
from tests.pagopa.messages import EC, FULL_RECEIPT, IUV, NAV
from tests.pagopa.openapi import faults_of_request
from tests.pagopa.standing_in import StandIn
from tests.pagopa.test_flows import HEAD, NAME, PUBLISHED, RECEIPT, line, page
from tests.pagopa.test_rest import BARI, CART, POSITION, TODAY, TOLD, WHOLE
from tests.pagopa.ways import NOT_PAID, PAID, SOAP, WAYS, Way, gateway, way

__all__ = ["gateway", "way"]
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
PLAIN = replace(WHOLE, transfers=(replace(WHOLE.transfers[0], metadata=()),))
ONE = replace(POSITION, options=(PLAIN,))
TWO = replace(
    ONE,
    options=tuple(
        replace(
            PLAIN,
            notice_number=notice_number("03", n),
            amount_cents=435,
            is_instalment=True,
            transfers=(replace(PLAIN.transfers[0], amount_cents=435),),
        )
        for n in (1, 2)
    ),
)
ACTS: dict[str, Callable[[Gateway], Any]] = {
    "probe": lambda there: there.probe(),
    "publish": lambda there: there.publish(BARI, ONE, today=TODAY),
    "annul": lambda there: there.annul(BARI, ONE),
    "mark_paid": lambda there: there.mark_paid(BARI, ONE, NAV, at=NOW),
    "receipt": lambda there: there.receipt(BARI, "abc", iuv=IUV),
}


def test_every_way_of_the_models_is_registered() -> None:
    assert {one.name for one in adapters_of(KIND) if not one.is_simulator} == set(Chosen.values)
    assert [one.name for one in adapters_of(KIND) if one.is_simulator] == [
        "simulator",
        "simulator_gpd",
        "simulator_mypay",
    ]
    assert set(WAYS) == {one.name for one in adapters_of(KIND)}


@pytest.mark.parametrize("position", [ONE, TWO])
def test_a_position_arrives_to_the_cent(way: Way, gateway: Gateway, stand_in: StandIn, position: Any) -> None:
    stand_in.answers.append(way.yes)
    gateway.publish(BARI, position, today=TODAY)
    told = [cents for asked in stand_in.asked for cents in way.amounts(asked)]
    assert told == [one.amount_cents for one in position.options]


def test_twice_is_once(way: Way, gateway: Gateway, stand_in: StandIn) -> None:
    stand_in.answers += [way.yes, *way.exists, way.yes]
    gateway.publish(BARI, ONE, today=TODAY)
    gateway.publish(BARI, ONE, today=TODAY)
    assert len(stand_in.asked) == 3


def test_what_breaks_a_rule_is_not_sent(way: Way, gateway: Gateway, stand_in: StandIn) -> None:
    with pytest.raises(PositionUnfit):
        gateway.publish(BARI, replace(ONE, options=(replace(PLAIN, amount_cents=1),)), today=TODAY)
    with pytest.raises(PositionUnfit):
        gateway.publish(BARI, replace(ONE, valid_from=None), today=date(2027, 1, 1))
    assert stand_in.asked == []


@pytest.mark.parametrize("act", list(ACTS))
@pytest.mark.parametrize(("status", "failure", "permanent"), [(503, Unreachable, False), (401, AccessDenied, True)])
def test_a_line_that_fails_says_whether_to_come_back(
    gateway: Gateway, stand_in: StandIn, act: str, status: int, failure: type[ConnectorError], permanent: bool
) -> None:
    stand_in.will_say(status)
    with pytest.raises(failure) as caught:
        ACTS[act](gateway)
    assert caught.value.permanent == permanent
    assert caught.value.spoils_health


def test_nobody_at_the_other_end(way: Way, gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("integrations.pagopa.simulated.node_origin", lambda: "http://127.0.0.1:9")
    with pytest.raises(Unreachable):
        way.make("http://127.0.0.1:9", lambda: "k").publish(BARI, ONE, today=TODAY)


def test_a_refusal_is_about_the_position_and_not_the_line(way: Way, gateway: Gateway, stand_in: StandIn) -> None:
    stand_in.answers.append(way.no)
    with pytest.raises(Refused) as caught:
        gateway.publish(BARI, ONE, today=TODAY)
    assert (caught.value.detail, caught.value.permanent, caught.value.spoils_health) == ("because", True, False)
    assert len(stand_in.asked) == (2 if way.soap else 1)  # over REST only what exists already is sent a second time
    assert "because" not in str(caught.value)


@pytest.mark.parametrize("act", list(ACTS))
def test_an_answer_that_is_none_is_not_taken(gateway: Gateway, stand_in: StandIn, act: str) -> None:
    stand_in.will_say(200, b"<html>")
    if act in {"annul", "mark_paid", "publish", "probe"} and not isinstance(gateway, MyPayGateway):
        return  # what these answer is not read: the status says it
    with pytest.raises(AnswerUnreadable):
        ACTS[act](gateway)


def test_annul_and_paid_elsewhere_are_told(way: Way, gateway: Gateway, stand_in: StandIn) -> None:
    stand_in.answers.append(way.yes)
    gateway.annul(BARI, ONE)
    gateway.mark_paid(BARI, ONE, NAV, at=NOW)
    assert len(stand_in.asked) == 2


def test_the_secret_is_read_only_when_it_is_needed(way: Way, stand_in: StandIn) -> None:
    def no_secret() -> str:
        raise AssertionError("read too early")

    way.make(stand_in.url, no_secret)


def test_nothing_of_a_person_stands_in_an_address(way: Way, gateway: Gateway, stand_in: StandIn) -> None:
    stand_in.answers.append(way.yes)
    gateway.publish(BARI, ONE, today=TODAY)
    gateway.annul(BARI, ONE)
    for asked in stand_in.asked:
        assert POSITION.debtor.code not in f"{asked.path}{asked.query}"


def test_receipts_are_brought_or_asked_for(way: Way, gateway: Gateway, stand_in: StandIn) -> None:
    info = {"page": 0, "limit": 50, "items_found": 1, "total_pages": 1}
    if way.soap:
        stand_in.will_say(200, PAID).will_say(200, NOT_PAID)
    else:
        stand_in.will_say(200, {"payment_position_list": [TOLD], "page_info": info}).will_say(200, RECEIPT)
    found = list(gateway.receipts_since(BARI, NOW, awaited=[NAV, notice_number("03", 1)]))
    if not way.polls:
        assert (found, stand_in.asked) == ([], [])
        return
    assert [(one.message.notice_number, one.message.outcome) for one in found] == [(NAV, "OK")]
    assert found[0].raw


def test_payments_of_before_are_not_fetched_again(way: Way, gateway: Gateway, stand_in: StandIn) -> None:
    info = {"page": 0, "limit": 50, "items_found": 1, "total_pages": 1}
    stand_in.will_say(200, {"payment_position_list": [TOLD], "page_info": info})
    later = datetime(2026, 11, 25, tzinfo=UTC)
    assert list(gateway.receipts_since(BARI, later, awaited=[])) == []
    assert len(stand_in.asked) == (1 if way.polls and not way.soap else 0)


def test_the_archive_of_gpd_helps_out(stand_in: StandIn) -> None:
    stand_in.will_say(404).will_say(200, FULL_RECEIPT)
    found = WAYS["gpd"].make(stand_in.url, lambda: "k").receipt(BARI, "abc", iuv=IUV)
    assert found is not None
    assert (found.message.notice_number, found.raw) == (NAV, FULL_RECEIPT)
    assert [one.path for one in stand_in.asked] == [
        f"/bizevents/service/v1/organizations/{EC}/receipts/abc",
        f"/gpd/payments-receipts-service/v1/payments/{EC}/receipts/{IUV}",
    ]


def test_flows_come_whole_or_are_not_offered(way: Way, gateway: Gateway, stand_in: StandIn) -> None:
    if way.soap:
        with pytest.raises(NotOffered):
            list(gateway.flows_since(BARI, NOW))
        return
    stand_in.will_say(200, page([PUBLISHED, PUBLISHED | {"revision": 1}], 1, 1)).will_say(200, HEAD)
    stand_in.will_say(200, page([line(1, 45.5), line(2, 4.35)], 1, 1)).will_say(404)
    [flow] = gateway.flows_since(BARI, NOW)
    assert (flow.name.fdr, flow.counted_cents, flow.adds_up) == (NAME.fdr, 4985, True)


@pytest.mark.parametrize(
    ("status", "option", "nav", "quote"),
    [
        ("VALID", "PO_UNPAID", NAV, Quote(NAV, 4550, is_payable=True, is_paid=False)),
        ("EXPIRED", "PO_UNPAID", NAV, Quote(NAV, 4550, is_payable=False, is_paid=False)),
        ("PAID", "PO_PAID", NAV, Quote(NAV, 4550, is_payable=False, is_paid=True)),
        ("PARTIALLY_PAID", "PO_UNPAID", NAV, Quote(NAV, 4550, is_payable=False, is_paid=False)),  # P10
        ("VALID", "PO_UNPAID", notice_number("03", 9), None),
    ],
)
def test_a_notice_is_quoted_or_not_offered(
    way: Way, gateway: Gateway, stand_in: StandIn, status: str, option: str, nav: str, quote: Quote | None
) -> None:
    told = TOLD | {"status": status, "paymentOption": [TOLD["paymentOption"][0] | {"status": option}]}
    stand_in.will_say(200, told)
    if way.soap:
        with pytest.raises(NotOffered):
            gateway.quote(BARI, ONE, nav)
    else:
        assert gateway.quote(BARI, ONE, nav) == quote


def test_a_notice_is_printed_by_us(gateway: Gateway) -> None:
    assert gateway.notice_pdf(BARI, NAV) is None


def test_a_cart_is_opened_or_not_offered(way: Way, gateway: Gateway, stand_in: StandIn) -> None:
    simulated = isinstance(gateway, SimulatedGateway | SimulatedGpdGateway | SimulatedMyPayGateway)
    if way.soap and not simulated:
        with pytest.raises(NotOffered):
            gateway.open_cart(CART)
        return
    there = stand_in.url if simulated else "https://checkout.pagopa.it"
    stand_in.will_say(302, None, Location=f"{there}/carrello/1")
    if simulated:
        with pytest.raises(AnswerUnreadable):  # its own host alone, which the stand-in is not
            gateway.open_cart(CART)
    else:
        assert gateway.open_cart(CART) == f"{there}/carrello/1"


def test_each_product_has_its_path_and_its_key(
    stand_in: StandIn, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any
) -> None:
    stand_in.will_say(200, {})
    for name, product in (("gpd", "gpd"), ("aca", "aca"), ("station", "aca")):
        stand_in.asked.clear()
        WAYS[name].make(stand_in.url, lambda: "positions-key").annul(BARI, ONE)
        [asked] = stand_in.asked
        assert asked.path == f"/{product}/debt-positions-service/v1/organizations/{EC}/debtpositions/pos-1/invalidate"
        assert asked.headers["ocp-apim-subscription-key"] == "positions-key"


def test_the_simulator_is_reached_on_its_own_host(settings: Any, stand_in: StandIn) -> None:
    """Below `.localhost` there is no resolver to ask: the machine is this one, and the host travels in its header."""
    settings.NODE_HOST, settings.PUBLIC_PORT, settings.BEHIND_TLS = (
        "nodo.localhost",
        stand_in.url.rsplit(":", 1)[1],
        False,
    )
    there = SimulatedGateway(SimulatorSettings(), lambda: "")
    stand_in.will_say(302, None, Location=f"http://nodo.localhost:{settings.PUBLIC_PORT}/carrello/1/")
    assert there.open_cart(CART).endswith("/carrello/1/")
    [asked] = stand_in.asked
    assert (asked.path, asked.headers["host"]) == ("/checkout/ec/v2/carts", f"nodo.localhost:{settings.PUBLIC_PORT}")


def test_nothing_goes_out_from_a_twin(db: None) -> None:
    with in_schema("prova_c_a662"), pytest.raises(RealSystemRefused):
        SimulatedGateway(SimulatorSettings(), lambda: "")


# --- MyPay (P46) ------------------------------------------------------------------------------


def test_a_due_of_mypay_says_what_the_facts_say(stand_in: StandIn) -> None:
    stand_in.answers.append(WAYS["mypay"].yes)
    WAYS["mypay"].make(stand_in.url, lambda: "password1").publish(BARI, ONE, today=TODAY)
    [asked] = stand_in.asked
    assert asked.headers["soapaction"] == '"paaSILImportaDovuto"'
    root = etree.fromstring(asked.body)
    assert root.findtext(f"{SOAP}Header/*/codIpaEnte") == "c_a662"
    [told] = root.find(f"{SOAP}Body")
    assert told.tag == "{http://www.regione.veneto.it/pagamenti/ente/}paaSILImportaDovuto"
    assert [child.tag for child in told] == ["password", "dovuto", "flagGeneraIuv"]
    assert (told.findtext("password"), told.findtext("flagGeneraIuv")) == ("password1", "false")
    due = etree.fromstring(b64decode(told.findtext("dovuto")))
    found = {etree.QName(one).localname: one.text for one in due.iter() if not len(one)}
    assert found == {
        "versioneOggetto": "6.2.0",
        "tipoIdentificativoUnivoco": "F",
        "codiceIdentificativoUnivoco": "RSSMRA80A41A662E",
        "anagraficaPagatore": "Rossi Maria",
        "indirizzoPagatore": "Via Sparano",
        "civicoPagatore": "1",
        "capPagatore": "70121",
        "localitaPagatore": "Bari",
        "provinciaPagatore": "BA",
        "nazionePagatore": "IT",
        "e-mailPagatore": "m@example.org",
        "identificativoUnivocoVersamento": IUV,
        "identificativoUnivocoDovuto": NAV,
        "importoSingoloVersamento": "45.50",
        "identificativoTipoDovuto": "MENSA",
        "causaleVersamento": "Mensa dicembre 2026",
        "datiSpecificiRiscossione": "9/0107101TS/",
        "azione": "I",
    }


def actions(stand_in: StandIn) -> list[str]:
    found = []
    for asked in stand_in.asked:
        packed = etree.fromstring(asked.body).findtext(f"{SOAP}Body/*/dovuto")
        found.append(etree.fromstring(b64decode(packed)).findtext("{*}azione"))
    return found


def test_mypay_inserts_then_modifies_then_annuls(stand_in: StandIn) -> None:
    there = WAYS["mypay"].make(stand_in.url, lambda: "p")
    stand_in.answers += [*WAYS["mypay"].exists, WAYS["mypay"].yes]
    there.publish(BARI, ONE, today=TODAY)
    there.annul(BARI, ONE)
    assert actions(stand_in) == ["I", "M", "A"]


def test_mypay_takes_one_creditor_and_known_kinds_alone(stand_in: StandIn) -> None:
    there = WAYS["mypay"].make(stand_in.url, lambda: "p")
    split = replace(PLAIN.transfers[0], amount_cents=2275)
    unfit = [
        replace(PLAIN, transfers=(split, replace(split, number=2))),
        replace(PLAIN, transfers=(replace(PLAIN.transfers[0], fiscal_code="12345678903"),)),
        replace(PLAIN, transfers=(replace(PLAIN.transfers[0], category="9/0107106SP/"),)),
    ]
    for option in unfit:
        with pytest.raises(PositionUnfit):
            there.publish(BARI, replace(ONE, options=(option,)), today=TODAY)
    with pytest.raises(PositionUnknown):
        there.mark_paid(BARI, ONE, notice_number("03", 9), at=NOW)
    with pytest.raises(NotOffered):
        there.receipt(BARI, "abc")
    assert stand_in.asked == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<x",
        b"<!DOCTYPE x><x/>",
        PAID.replace(b"paaSILChiediPagatiConRicevutaRisposta", b"altro"),
        PAID.replace(b"<rt>", b"<rt>***"),
    ],
)
def test_an_answer_of_mypay_of_another_shape_is_refused(stand_in: StandIn, body: bytes) -> None:
    stand_in.will_say(200, body)
    with pytest.raises(AnswerUnreadable):
        WAYS["mypay"].make(stand_in.url, lambda: "p").receipt(BARI, "", iuv=IUV)


def test_mypay_s_carts_go_to_checkout_with_a_key_of_its_own(
    stand_in: StandIn, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("integrations.pagopa.mypay.secret", lambda name: f"secret of {name}")
    told = MyPaySettings(
        url=stand_in.url, institution_code="c", kinds={}, base=stand_in.url, checkout_key="checkout-bari"
    )
    stand_in.will_say(302, None, Location="https://checkout.pagopa.it/c/1")
    assert MyPayGateway(told, lambda: "p").open_cart(CART) == "https://checkout.pagopa.it/c/1"
    assert stand_in.asked[0].headers["ocp-apim-subscription-key"] == "secret of checkout-bari"


@needs_schemas
@pytest.mark.parametrize(("name", "document"), [("gpd", "gpd"), ("aca", "gpd-4-aca"), ("station", "gpd-4-aca")])
def test_what_leaves_over_the_platform_is_what_its_documents_say(stand_in: StandIn, name: str, document: str) -> None:
    there = WAYS[name].make(stand_in.url, lambda: "k")
    stand_in.will_say(409).will_say(200, {})
    for act in ("publish", "annul", "mark_paid", "probe"):
        ACTS[act](there)
    there.publish(BARI, TWO, today=TODAY)
    for asked in stand_in.asked:
        path = asked.path.split("/v1", 1)[1]
        assert faults_of_request(document, asked.method, path, asked.query, asked.json) == []
