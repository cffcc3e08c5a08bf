"""Flows, receipts by IUR, what is on record at PagoPA: read to the cent, page after page, or refused."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from lxml import etree

from integrations.errors import AnswerUnreadable
from integrations.pagopa.backoffice import BackOffice, IbanOnRecord, OnRecord
from integrations.pagopa.biz_events import BizEvents
from integrations.pagopa.fdr import Flows, cents
from integrations.pagopa.flow_xml import read_flow
from integrations.pagopa.flows import FlowName, FlowOutcome, FlowPayment
from integrations.pagopa.rest import Service
from integrations.pagopa.types import Caller, Debtor
from sportello.kernel.clock import ROME
from tests.pagopa.contract import OFFICIAL, needs_schemas
from tests.pagopa.messages import EC, IUV, NAV
from tests.pagopa.openapi import faults_of_answer, faults_of_request
from tests.pagopa.standing_in import StandIn

NAME = FlowName("2026-11-24SIM-1", "SIMPSP01", 2)
PUBLISHED = {
    "fdr": NAME.fdr,
    "pspId": NAME.psp_id,
    "revision": 2,
    "published": "2026-11-24T08:00:00Z",
    "flowDate": "2026-11-24T07:00:00Z",
}
HEAD: dict[str, Any] = {
    "status": "PUBLISHED",
    "revision": 2,
    "created": "2026-11-24T07:00:00Z",
    "updated": "2026-11-24T07:00:00Z",
    "published": "2026-11-24T08:00:00Z",
    "fdr": NAME.fdr,
    "fdrDate": "2026-11-24T07:00:00Z",
    "regulation": "TRN1",
    "regulationDate": "2026-11-24",
    "bicCodePouringBank": "DEMOITMM",
    "sender": {
        "type": "LEGAL_PERSON",
        "id": "SIMPSP01",
        "pspId": "SIMPSP01",
        "pspName": "PSP simulato",
        "pspBrokerId": "1",
        "channelId": "1_01",
    },
    "receiver": {"id": EC, "organizationId": EC, "organizationName": "Comune di Bari"},
    "computedTotPayments": 2,
    "computedSumPayments": 49.85,
    "totPayments": 2,
    "sumPayments": 49.85,
}


def line(index: int, pay: float, status: str = "EXECUTED") -> dict[str, Any]:
    return {
        "index": index,
        "iuv": IUV,
        "iur": "abc",
        "idTransfer": index,
        "pay": pay,
        "payStatus": status,
        "payDate": "2026-11-23T10:00:00Z",
    }


def page(data: list[Any], number: int, last: int) -> dict[str, Any]:
    return {
        "metadata": {"pageSize": 1, "pageNumber": number, "totPage": last},
        "count": len(data),
        "data": data,
    }


@needs_schemas
def test_published_flows_page_after_page(service: Service, stand_in: StandIn) -> None:
    for number in (1, 2):
        assert (
            faults_of_answer("fdr_organization", "GET", f"/organizations/{EC}/fdrs", 200, page([PUBLISHED], 1, 2)) == []
        )
        stand_in.will_say(200, page([PUBLISHED | {"revision": number}], number, 2))
    found = list(Flows(service).published(EC, since=datetime(2026, 11, 20, tzinfo=UTC)))
    assert found == [
        FlowName(
            NAME.fdr,
            NAME.psp_id,
            revision,
            datetime(2026, 11, 24, 8, tzinfo=UTC),
            datetime(2026, 11, 24, 7, tzinfo=UTC),
        )
        for revision in (1, 2)
    ]
    assert [(one.query["page"], one.query["publishedGt"]) for one in stand_in.asked] == [
        ("1", "2026-11-20T00:00:00Z"),
        ("2", "2026-11-20T00:00:00Z"),
    ]
    for asked in stand_in.asked:
        assert faults_of_request("fdr_organization", "GET", asked.path, asked.query, None) == []


@needs_schemas
def test_a_flow_is_read_whole(service: Service, stand_in: StandIn) -> None:
    pages = [page([line(1, 45.5)], 1, 2), page([line(2, 4.35, "NO_RPT")], 2, 2)]
    stand_in.will_say(200, HEAD).will_say(200, pages[0]).will_say(200, pages[1])
    flow = Flows(service).flow(EC, NAME)
    assert flow is not None
    assert (flow.regulation, flow.regulated_on, flow.bank_bic, flow.psp_name, flow.creditor_code) == (
        "TRN1",
        date(2026, 11, 24),
        "DEMOITMM",
        "PSP simulato",
        EC,
    )
    assert flow.payments == (
        FlowPayment(1, IUV, "abc", 1, 4550, FlowOutcome.EXECUTED, datetime(2026, 11, 23, 10, tzinfo=UTC)),
        FlowPayment(2, IUV, "abc", 2, 435, FlowOutcome.NO_RPT, datetime(2026, 11, 23, 10, tzinfo=UTC)),
    )
    assert (flow.declared_count, flow.declared_cents, flow.adds_up) == (2, 4985, True)
    assert not replace(flow, declared_cents=4984).adds_up
    assert not replace(flow, declared_count=3).adds_up
    answers = [HEAD, *pages]
    for asked, answer in zip(stand_in.asked, answers, strict=True):
        assert faults_of_request("fdr_organization", "GET", asked.path, asked.query, None) == []
        assert faults_of_answer("fdr_organization", "GET", asked.path, 200, answer) == []


def test_a_flow_that_is_gone_and_one_cut_short(service: Service, stand_in: StandIn) -> None:
    stand_in.will_say(404)
    assert Flows(service).flow(EC, NAME) is None
    assert list(Flows(service).published(EC)) == []
    stand_in.answers[:] = [(200, HEAD, {}), (404, None, {})]
    with pytest.raises(AnswerUnreadable):
        Flows(service).flow(EC, NAME)


@pytest.mark.parametrize("amount", ["45.555", "-1", "1E-3", "NaN", "Infinity"])
def test_a_flow_has_no_parts_of_cents(amount: str) -> None:
    with pytest.raises(AnswerUnreadable):
        cents(Decimal(amount))


def test_cents_come_from_the_digits_and_not_from_a_float(service: Service, stand_in: StandIn) -> None:
    """4.35 * 100 is 434.99999999999994 as a float (P13)."""
    stand_in.will_say(200, HEAD | {"totPayments": 1, "sumPayments": 4.35}).will_say(200, page([line(1, 4.35)], 1, 1))
    flow = Flows(service).flow(EC, NAME)
    assert flow is not None
    assert (flow.declared_cents, flow.payments[0].amount_cents) == (435, 435)


def flow_document(version: str, outcomes: list[str]) -> bytes:
    lines = "".join(
        f"<datiSingoliPagamenti><identificativoUnivocoVersamento>{IUV}</identificativoUnivocoVersamento>"
        f"<identificativoUnivocoRiscossione>abc{n}</identificativoUnivocoRiscossione>"
        f"<indiceDatiSingoloPagamento>{n}</indiceDatiSingoloPagamento>"
        "<singoloImportoPagato>4.35</singoloImportoPagato>"
        f"<codiceEsitoSingoloPagamento>{outcome}</codiceEsitoSingoloPagamento>"
        "<dataEsitoSingoloPagamento>2026-11-23</dataEsitoSingoloPagamento></datiSingoliPagamenti>"
        for n, outcome in enumerate(outcomes, start=1)
    )
    return (
        '<FlussoRiversamento xmlns="http://www.digitpa.gov.it/schemas/2011/Pagamenti/">'
        f"<versioneOggetto>{version}</versioneOggetto><identificativoFlusso>{NAME.fdr}</identificativoFlusso>"
        "<dataOraFlusso>2026-11-24T08:00:00</dataOraFlusso>"
        "<identificativoUnivocoRegolamento>TRN1</identificativoUnivocoRegolamento>"
        "<dataRegolamento>2026-11-24</dataRegolamento>"
        "<istitutoMittente><identificativoUnivocoMittente>"
        "<tipoIdentificativoUnivoco>B</tipoIdentificativoUnivoco>"
        "<codiceIdentificativoUnivoco>SIMPSP01</codiceIdentificativoUnivoco></identificativoUnivocoMittente>"
        "<denominazioneMittente>PSP</denominazioneMittente></istitutoMittente>"
        "<istitutoRicevente><identificativoUnivocoRicevente>"
        "<tipoIdentificativoUnivoco>G</tipoIdentificativoUnivoco>"
        f"<codiceIdentificativoUnivoco>{EC}</codiceIdentificativoUnivoco></identificativoUnivocoRicevente>"
        "</istitutoRicevente>"
        f"<numeroTotalePagamenti>{len(outcomes)}</numeroTotalePagamenti>"
        f"<importoTotalePagamenti>{Decimal('4.35') * len(outcomes)}</importoTotalePagamenti>{lines}"
        "</FlussoRiversamento>"
    ).encode()


@needs_schemas
@pytest.mark.parametrize(
    ("schema", "outcomes", "read"),
    [
        ("1_0_4", ["0", "3", "9"], [FlowOutcome.EXECUTED, FlowOutcome.REVOKED, FlowOutcome.NO_RPT]),
        (
            "1_0_5",
            ["0", "4", "8", "9"],
            [FlowOutcome.EXECUTED, FlowOutcome.STAND_IN, FlowOutcome.STAND_IN_NO_RPT, FlowOutcome.NO_RPT],
        ),
    ],
)
def test_flows_of_the_old_format_are_read_in_both_versions(
    schema: str, outcomes: list[str], read: list[FlowOutcome]
) -> None:
    document = flow_document("1.0", outcomes)
    judge = etree.XMLSchema(etree.parse(str(OFFICIAL / "xsd-common" / f"FlussoRiversamento_{schema}.xsd")))
    judge.assertValid(etree.fromstring(document))
    flow = read_flow(document)
    assert [one.outcome for one in flow.payments] == read
    assert (flow.name.fdr, flow.name.psp_id, flow.creditor_code, flow.regulated_on) == (
        NAME.fdr,
        "SIMPSP01",
        EC,
        date(2026, 11, 24),
    )
    assert flow.name.made_at == datetime(2026, 11, 24, 8, tzinfo=ROME)
    assert flow.adds_up
    assert [(one.transfer_number, one.amount_cents) for one in flow.payments] == [
        (n, 435) for n in range(1, len(outcomes) + 1)
    ]


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"<a/>",
        b"<a",
        b"<!DOCTYPE x>" + flow_document("1.0", ["0"]),
        flow_document("1.0", ["7"]),
        flow_document("1.0", ["0"]).replace(b"4.35</singolo", b"4.355</singolo"),
        flow_document("1.0", ["0"]).replace(b"4.35</singolo", b"x</singolo"),
        flow_document("1.0", ["0"]).replace(b"2026-11-24T08:00:00", b"yesterday"),
        flow_document("1.0", ["0"]).replace(b"<indiceDatiSingoloPagamento>1", b"<indiceDatiSingoloPagamento>6"),
        flow_document("1.0", ["0"]).replace(b"istitutoMittente", b"other"),
    ],
)
def test_a_document_that_is_no_flow_is_refused(document: bytes) -> None:
    with pytest.raises(AnswerUnreadable):
        read_flow(document)


PERSON = {
    "entityUniqueIdentifierType": "F",
    "entityUniqueIdentifierValue": "RSSMRA80A41A662E",
    "fullName": "Rossi Maria",
}
RECEIPT: dict[str, Any] = {
    "receiptId": "abc",
    "noticeNumber": NAV,
    "fiscalCode": EC,
    "outcome": "OK",
    "creditorReferenceId": IUV,
    "paymentAmount": 4.35,
    "description": "Mensa",
    "companyName": "Comune di Bari",
    "debtor": PERSON,
    "transferList": [
        {
            "idTransfer": 1,
            "transferAmount": 4.35,
            "fiscalCodePA": EC,
            "iban": "IT60X0542811101000000123456",
            "mbdAttachment": "",
            "remittanceInformation": "x",
            "transferCategory": "9/0107101TS/",
            "metadata": [{"key": "k", "value": "v"}],
        }
    ],
    "idPSP": "SIMPSP01",
    "pspCompanyName": "PSP",
    "idChannel": "1_01",
    "channelDescription": "WISP",
    "payer": PERSON,
    "fee": 1.5,
    "paymentDateTimeFormatted": "2026-11-23T10:00:00",
    "applicationDate": "2026-11-23",
    "transferDate": "2026-11-24",
}


@needs_schemas
@pytest.mark.parametrize("iuv", ["", IUV])
def test_a_receipt_is_asked_for_by_its_iur(service: Service, stand_in: StandIn, iuv: str) -> None:
    stand_in.will_say(200, RECEIPT)
    fetched = BizEvents(service).receipt(EC, "abc", iuv=iuv)
    assert fetched is not None
    assert json.loads(fetched.raw) == RECEIPT
    found = fetched.message
    assert (found.receipt_id, found.notice_number, found.amount_cents, found.fee_cents) == ("abc", NAV, 435, 150)
    assert found.caller == Caller(EC, "", "")
    assert found.payer == Debtor("F", "RSSMRA80A41A662E", "Rossi Maria")
    assert found.paid_at == datetime(2026, 11, 23, 10, tzinfo=ROME)
    assert (found.applied_on, found.transferred_on) == (date(2026, 11, 23), date(2026, 11, 24))
    assert (found.transfers[0].number, found.transfers[0].amount_cents, found.transfers[0].metadata) == (
        1,
        435,
        (("k", "v"),),
    )
    [asked] = stand_in.asked
    assert faults_of_request("biz_events", "GET", asked.path, asked.query, None) == []
    assert faults_of_answer("biz_events", "GET", asked.path, 200, RECEIPT) == []


@pytest.mark.parametrize("spoilt", [{"outcome": "?"}, {"transferList": []}, {"receiptId": ""}, {"debtor": None}])
def test_a_receipt_that_cannot_be_one_is_refused(service: Service, stand_in: StandIn, spoilt: dict[str, Any]) -> None:
    stand_in.will_say(200, RECEIPT | spoilt)
    with pytest.raises(AnswerUnreadable):
        BizEvents(service).receipt(EC, "abc")


def test_a_receipt_that_is_not_there_yet(service: Service, stand_in: StandIn) -> None:
    stand_in.will_say(404)
    assert BizEvents(service).receipt(EC, "abc") is None


@needs_schemas
def test_what_is_on_record(service: Service, stand_in: StandIn) -> None:
    row = {
        "taxCode": EC,
        "companyName": "Comune di Bari",
        "brokerTaxCode": "12345678903",
        "brokerCompanyName": "Broker",
        "auxDigit": "3",
        "stationState": "ACTIVE",
        "ciStatus": True,
        "intermediated": True,
        "model": 3,
        "version": "2",
        "stationId": "12345678903_01",
        "segregationCode": "03",
        "cbillCode": "AB1CD",
        "broadcast": False,
        "primitiveVersion": 2,
        "endpointRT": "https://pagamenti.example/stazione/",
    }
    iban = {
        "ciFiscalCode": EC,
        "ciName": "Comune di Bari",
        "iban": "IT60X0542811101000000123456",
        "status": "ACTIVE",
        "validityDate": "2026-01-01T00:00:00Z",
    }
    info = {"page": 0, "limit": 100, "totalElements": 2, "totalPages": 2}
    institutions = {"creditorInstitutions": [row], "pageInfo": info}
    ibans = {"ibans": [iban], "pageInfo": info}
    for _ in range(2):
        stand_in.will_say(200, institutions)
    there = BackOffice(service)
    assert (
        list(there.institutions("12345678903"))
        == [
            OnRecord(
                EC,
                "Comune di Bari",
                "12345678903",
                "12345678903_01",
                "ACTIVE",
                "3",
                "03",
                "AB1CD",
                is_enabled=True,
                is_broadcast=False,
                primitive_version=2,
                receipt_endpoint="https://pagamenti.example/stazione/",
            )
        ]
        * 2
    )
    stand_in.answers[:] = [(200, ibans, {})]
    assert (
        list(there.ibans("12345678903"))
        == [IbanOnRecord(EC, "IT60X0542811101000000123456", "ACTIVE", datetime(2026, 1, 1, tzinfo=UTC))] * 2
    )
    for asked in stand_in.asked:
        told = ibans if asked.path.endswith("ibans") else institutions
        assert faults_of_request("openapi_backoffice_external_ec", "GET", asked.path, asked.query, None) == []
        assert faults_of_answer("openapi_backoffice_external_ec", "GET", asked.path, 200, told) == []
