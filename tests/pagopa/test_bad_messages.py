"""Whatever reaches the station, it is read or refused by name: and refused exactly where the official schema would."""

import re
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from integrations.pagopa.soap.errors import BadMessage
from integrations.pagopa.soap.operations import PA_FOR_NODE, Operation
from integrations.pagopa.soap.reading import BIGGEST, read_request
from integrations.pagopa.soap.writing import refusal
from integrations.pagopa.types import FaultCode, ReceiptMessage, VerifyRequest
from tests.pagopa.contract import SOAP, faults_of_message, needs_schemas
from tests.pagopa.messages import EC, FULL_RECEIPT, GET, NAV, QUESTIONS, RECEIPT, VERIFY, receipt, transfer

XSD, EXTRA = FaultCode.PAA_SINTASSI_XSD, FaultCode.PAA_SINTASSI_EXTRAXSD
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha" * 50}">' for n in range(10))


def refused(body: bytes, action: str | None = None) -> BadMessage:
    with pytest.raises(BadMessage) as caught:
        read_request(body, action)
    return caught.value


def spoilt(body: bytes, old: str, new: str) -> bytes:
    assert old.encode() in body
    return body.replace(old.encode(), new.encode(), 1)


WITH_DTD = {
    "a file of ours": f'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>{VERIFY.decode()}'.replace(NAV, "&e;"),
    "a network address": f'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">{VERIFY.decode()}',
    "a parameter entity": f'<!DOCTYPE x [<!ENTITY % e SYSTEM "http://127.0.0.1:9/e"> %e;]>{VERIFY.decode()}',
    "a billion laughs": f"<!DOCTYPE x [{LAUGHS}]>{VERIFY.decode()}".replace(NAV, "&l9;"),
    "quadratic blow-up": f'<!DOCTYPE x [<!ENTITY a "{"a" * 50000}">]>{VERIFY.decode()}'.replace(NAV, "&a;" * 50000),
    "a harmless one": f"<!DOCTYPE x>{VERIFY.decode()}",
}


@pytest.mark.parametrize("name", list(WITH_DTD))
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_no_document_type_is_read(name: str, encoding: str) -> None:
    declared = f'<?xml version="1.0" encoding="{encoding}"?>'
    wrong = refused((declared + WITH_DTD[name]).encode(encoding), "paVerifyPaymentNotice")
    assert (wrong.operation, wrong.fault_code) == (Operation.VERIFY, XSD)
    assert "root:" not in str(wrong)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"\x00",
        b"\xff\xfe",
        b"{}",
        b"<a/>",
        b"<a>",
        VERIFY[:-1],
        VERIFY + b"<x/>",
        VERIFY.replace(NAV.encode(), b"&unknown;"),
        VERIFY.replace(NAV.encode(), b"&#0;"),
        VERIFY.replace(NAV.encode(), b"\xff"),
        b'<?xml version="1.0" encoding="nonesuch"?>' + VERIFY,
        VERIFY.replace(b"http://schemas.xmlsoap.org/soap/envelope/", b"http://www.w3.org/2003/05/soap-envelope"),
        VERIFY.replace(b"soapenv:Body", b"soapenv:Bodies"),
        VERIFY.replace(b"<soapenv:Header/>", b"<soapenv:Body/>"),
        VERIFY.replace(b"<soapenv:Header/>", b"<soapenv:Header/><soapenv:Header/>"),
        re.sub(rb"(<soapenv:Body>).*(</soapenv:Body>)", rb"\1\2", VERIFY),
        re.sub(rb"(<soapenv:Body>)(.*)(</soapenv:Body>)", rb"\1\2\2\3", VERIFY),
        VERIFY.replace(PA_FOR_NODE.encode(), b"http://example.org/other"),
        VERIFY.replace(b"paVerifyPaymentNoticeReq", b"paVerifyPaymentNoticeRes"),
        VERIFY.replace(b"paVerifyPaymentNoticeReq", b"nothing"),
        b"<a>" * 100_000,
        b"<a>" * 300 + b"</a>" * 300,
    ],
)
def test_what_is_no_message_at_all(body: bytes) -> None:
    wrong = refused(body, "paGetPaymentV2")
    assert (wrong.fault_code, wrong.operation) == (XSD, Operation.GET_PAYMENT_V2)
    assert refused(body).operation is None


def test_a_message_beyond_the_bound_is_not_parsed() -> None:
    assert refused(VERIFY + b" " * BIGGEST).fault_code == XSD
    assert isinstance(read_request(VERIFY + b" " * (BIGGEST - len(VERIFY)), None), VerifyRequest)


def test_a_receipt_as_large_as_they_come_is_within_the_bound() -> None:
    metadata = f"<mapEntry><key>{'à' * 140}</key><value>{'à' * 140}</value></mapEntry>" * 15
    lines = "".join(transfer(n, more=f"<metadata>{metadata}</metadata>") for n in range(1, 6))
    body = receipt(full=True, transfers=lines)
    assert len(body) < BIGGEST / 4
    assert isinstance(read_request(body, None), ReceiptMessage)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<paymentAmount>45.50", "<paymentAmount>45.5"),
        ("<paymentAmount>45.50", "<paymentAmount>45,50"),
        ("<paymentAmount>45.50", "<paymentAmount>4550"),
        ("<paymentAmount>45.50", "<paymentAmount>-45.50"),
        ("<paymentAmount>45.50", "<paymentAmount>+45.50"),
        ("<paymentAmount>45.50", "<paymentAmount>1e3"),
        ("<paymentAmount>45.50", "<paymentAmount>NaN"),
        ("<paymentAmount>45.50", "<paymentAmount>1000000000.00"),
        ("<paymentAmount>45.50", f"<paymentAmount>{'9' * 5000}.00"),
        ("<paymentAmount>45.50", "<paymentAmount>٤٥.٥٠"),
        ("<transferAmount>45.50", "<transferAmount>0.00"),
        ("<idTransfer>1", "<idTransfer>0"),
        ("<idTransfer>1", "<idTransfer>6"),
        ("<idTransfer>1", f"<idTransfer>{'1' * 5000}"),
        ("<companyName>Comune di Bari</companyName><debtor>", "<debtor>"),
        (f"<noticeNumber>{NAV}", f"<noticeNumber>{NAV}0"),
        (f"<fiscalCode>{EC}", "<fiscalCode>RSSMRA80A41A662E"),
        ("<outcome>OK", "<outcome>ok"),
        ("<receiptId>", "<pafn:receiptId>"),
        ("<fullName>Rossi Maria</fullName>", ""),
        ("<fullName>Rossi Maria", f"<fullName>{'x' * 71}"),
        ("<fullName>", "<fullName lang='it'>"),
        ("<entityUniqueIdentifierType>F", "<entityUniqueIdentifierType>X"),
        ("<debtor>", "<debtor>text"),
        ("<idPSP>SIMPSP01</idPSP>", "<idPSP>SIMPSP01</idPSP><idPSP>SIMPSP01</idPSP>"),
        ("<idPSP>SIMPSP01", "<idPSP><b/>SIMPSP01"),
        ("</receipt>", "<more/></receipt>"),
    ],
)
def test_what_the_schema_refuses_in_a_receipt(old: str, new: str) -> None:
    body = spoilt(RECEIPT, old, new)
    if "pafn:receiptId" in new:
        body = spoilt(body, "</receiptId>", "</pafn:receiptId>")
    wrong = refused(body, "paSendRTV2")
    assert (wrong.operation, wrong.fault_code, wrong.id_pa) == (Operation.SEND_RT_V2, XSD, EC)


@needs_schemas
@pytest.mark.parametrize("count", [0, 1, 5, 6])
def test_transfers_are_one_to_five(count: int) -> None:
    lines = "".join(transfer(min(n, 5)) for n in range(1, count + 1)) or " "
    body = receipt(transfers=lines)
    if 1 <= count <= 5:
        assert faults_of_message(body) == []
        assert len(read_request(body, None).transfers) == count  # type: ignore[union-attr]
    else:
        assert faults_of_message(body)
        assert refused(body).fault_code == XSD


def test_sums_are_not_the_reader_s_to_judge() -> None:
    """P14: the schema lets it pass, and money that arrived is never refused: it is looked at after it is stored."""
    read = read_request(receipt(transfers=transfer(amount="99.00")), None)
    assert isinstance(read, ReceiptMessage)
    assert (read.amount_cents, read.transfers[0].amount_cents) == (4550, 9900)


@pytest.mark.parametrize("action", [None, "", '""', "paVerifyPaymentNotice", '"paVerifyPaymentNotice"'])
def test_the_action_may_be_left_out_or_quoted(action: str | None) -> None:
    assert isinstance(read_request(VERIFY, action), VerifyRequest)


@pytest.mark.parametrize("action", ["paGetPaymentV2", '"paSendRTV2"', "urn:other", "PAVERIFYPAYMENTNOTICE"])
def test_the_action_does_not_contradict_the_body(action: str) -> None:
    wrong = refused(VERIFY, action)
    assert (wrong.operation, wrong.fault_code, wrong.id_pa) == (Operation.VERIFY, EXTRA, EC)


def test_spontaneous_payments_are_refused_by_their_own_answer() -> None:
    body = VERIFY.replace(b"paVerifyPaymentNoticeReq", b"paDemandPaymentNoticeRequest")
    wrong = refused(body, "paDemandPaymentNotice")
    assert (wrong.operation, wrong.fault_code) == (Operation.DEMAND, FaultCode.PAA_SYSTEM_ERROR)
    assert b"paDemandPaymentNoticeResponse" in refusal(wrong)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (spoilt(RECEIPT, "c110729d258c4ab1b765fe902aae41d6", " "), "identifier"),
        (spoilt(RECEIPT, "c110729d258c4ab1b765fe902aae41d6", "x" * 36), "identifier"),
        (spoilt(FULL_RECEIPT, "2026-11-23T10", "-2026-11-23T10"), "year"),
        (spoilt(FULL_RECEIPT, "<applicationDate>2026", "<applicationDate>12026"), "year"),
        (
            spoilt(
                VERIFY,
                "<soapenv:Header/>",
                '<soapenv:Header><x xmlns="urn:x" soapenv:mustUnderstand="1"/></soapenv:Header>',
            ),
            "header",
        ),
    ],
)
def test_what_the_schema_lets_pass_and_we_cannot_take(body: bytes, why: str) -> None:
    wrong = refused(body)
    assert wrong.fault_code == EXTRA
    assert why in wrong.description


def test_comments_and_instructions_between_are_nothing() -> None:
    body = spoilt(VERIFY, NAV, f"{NAV[:9]}<!-- <b/> -->{NAV[9:12]}<?x y?><![CDATA[{NAV[12:]}]]>")
    read = read_request(body, None)
    assert isinstance(read, VerifyRequest)
    assert read.notice_number == NAV


def test_a_refusal_repeats_nothing_of_what_it_refuses() -> None:
    body = spoilt(FULL_RECEIPT, "<country>IT", "<country>RSSMRA80A41A662E</country><secret>RSSMRA</secret><country>X")
    wrong = refused(body)
    assert "RSSMRA" not in str(wrong)
    assert "secret" not in str(wrong)


TEXTS = [
    "", " ", "x", "0", "1", " 1 ", "+1", "01", "5", "6", "-1", "45.5", "45.50", " 45.50\n", "0045.50", "0.00", "0.01",
    "999999999.99", "1000000000.00", "OK", "KO", "ok", "F", "G", "POSTAL", "PAGOPA", "true", "false", " true ", "TRUE",
    "2026-12-31", "2026-12-31Z", "2026-12-31+14:00", "2026-12-31+14:01", "2026-02-29", "2024-02-29", "2026-13-01",
    "0000-01-01", "-2026-01-01", "12026-01-01", "26-01-01", "2026-12-31T10:00:00", "2026-12-31T10:00:00.5Z",
    "2026-12-31T24:00:00", "2026-12-31T24:00:01", "2026-12-31T10:00", "2026-12-31T10:00:60", "2026-12-31 10:00:00",
    EC, NAV, NAV + "0", EC[:-1], "IT", "it", "ITA", "a@b", "a@b.it", "a@", "@b", "a b@c.it", "à@b.it",
    "é" * 35, "é" * 36, "x" * 16, "x" * 17, "x" * 20, "x" * 21, "x" * 70, "x" * 71, "x" * 140, "x" * 141, "x" * 210,
    "x" * 211, "x" * 256, "٤٥.٥٠", "\N{NO-BREAK SPACE}45.50", "TUFSQ0E=", "TUFSQ0E", "TUFS Q0E=", "ü",
]  # fmt: skip
NAMES = [
    "idPA",
    "amount",
    "IBAN",
    "companyName",
    "metadata",
    "mapEntry",
    "payer",
    "standIn",
    "fee",
    "transfer",
    "other",
]
ATTRIBUTES = [
    "id",
    "{urn:x}id",
    "{http://www.w3.org/XML/1998/namespace}lang",
    "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation",
]


def _qualify(_parent: Any, element: Any) -> None:
    element.tag = f"{{{PA_FOR_NODE}}}{etree.QName(element).localname}"


MOVING: dict[str, Callable[[Any, Any], object]] = {
    "drop": lambda parent, element: parent.remove(element),
    "double": lambda parent, element: parent.insert(parent.index(element), deepcopy(element)),
    "swap": lambda parent, element: parent.append(element),
    "move": lambda parent, element: parent.insert(0, element),
    "qualify": _qualify,
}
ACTS = [*MOVING, "rename", "attribute", "stray", "write", "write", "nest"]


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A right message, spoilt in one to three places (or by luck not spoilt at all)."""
    root = etree.fromstring(draw(st.sampled_from(list(QUESTIONS.values()))))
    for _ in range(draw(st.integers(1, 3))):
        inside = list(root.find(f"{SOAP}Body")[0].iter("*"))
        element = draw(st.sampled_from(inside))
        _spoil(draw, element, draw(st.sampled_from(ACTS)))
    return etree.tostring(root)


def _spoil(draw: st.DrawFn, element: Any, act: str) -> None:
    parent = element.getparent()
    if act == "write" or (parent.tag == f"{SOAP}Body" and act in MOVING):
        leaf = element[0] if len(element) else element
        leaf.text = draw(st.sampled_from(TEXTS))
    elif act in MOVING:
        MOVING[act](parent, element)
    elif act == "rename":
        element.tag = draw(st.sampled_from(NAMES))
    elif act == "attribute":
        element.set(draw(st.sampled_from(ATTRIBUTES)), "urn:x x.xsd")
    elif act == "stray":
        element.tail = draw(st.sampled_from(["stray", " ", "\n\t", "\N{NO-BREAK SPACE}"]))
    else:
        etree.SubElement(element, draw(st.sampled_from(NAMES)))


@needs_schemas
@settings(max_examples=1500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutated())
def test_our_verdict_is_the_official_one(body: bytes) -> None:
    """Refused by the schema: PAA_SINTASSI_XSD. Not refused by it: read, or refused for a reason beyond it."""
    right = not faults_of_message(body)
    try:
        read_request(body, None)
    except BadMessage as wrong:
        assert wrong.fault_code == (EXTRA if right else XSD), (str(wrong), body.decode())  # noqa: PT017
    else:
        assert right, body.decode()


@settings(max_examples=400, deadline=None)
@given(data=st.data(), body=st.sampled_from([VERIFY, GET, FULL_RECEIPT]))
def test_no_bytes_bring_another_exception(data: st.DataObject, body: bytes) -> None:
    at = data.draw(st.integers(0, len(body)))
    length = data.draw(st.integers(0, 40))
    body = body[:at] + data.draw(st.binary(max_size=12)) + body[at + length :]
    try:
        read_request(body, data.draw(st.none() | st.text(max_size=30)))
    except BadMessage as wrong:
        assert refusal(wrong)  # noqa: PT017
