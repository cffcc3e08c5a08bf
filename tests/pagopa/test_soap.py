"""The station's messages, read and written: the golden ones of the reference, and every part there may be."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from lxml import etree

from integrations.pagopa.faults import TEXTS, fault_of
from integrations.pagopa.soap.errors import AnswerUnfit, BadMessage
from integrations.pagopa.soap.operations import NAMES, Operation
from integrations.pagopa.soap.reading import read_request
from integrations.pagopa.soap.writing import failure, payment_answer, receipt_answer, refusal, verify_answer
from integrations.pagopa.types import (
    Caller,
    Debtor,
    Fault,
    FaultCode,
    PaymentRequest,
    ReceiptMessage,
    TransferLine,
    VerifyRequest,
)
from sportello.kernel.clock import ROME
from tests.pagopa.contract import faults_of_message, needs_schemas, sample
from tests.pagopa.messages import (
    DEBTOR,
    EC,
    FULL_RECEIPT,
    GET,
    GET_V1,
    IUV,
    LINE,
    METADATA,
    NAV,
    NOTICE,
    PAYMENT,
    QUESTIONS,
    RECEIPT_V1,
    VERIFY,
    receipt,
    transfer,
)

CALLER = Caller(EC, "12345678903", "12345678903_01")
MARIA = Debtor(
    "F",
    "RSSMRA80A41A662E",
    "Rossi Maria",
    street="Via Sparano",
    number="1",
    postal_code="70121",
    city="Bari",
    province="BA",
    country="IT",
    email="maria.rossi@example.org",
)


def plain(xml: bytes) -> Any:
    """A message as nested lists: what it says, without prefixes and without the spaces between elements."""

    def of(element: Any) -> Any:
        return [element.tag, (element.text or "").strip(), [of(child) for child in element]]

    return of(etree.fromstring(xml))


def test_verify_is_read() -> None:
    assert read_request(VERIFY, '"paVerifyPaymentNotice"') == VerifyRequest(CALLER, EC, NAV)


@pytest.mark.parametrize(("body", "version"), [(GET, 2), (GET_V1, 1)])
def test_get_is_read(body: bytes, version: int) -> None:
    assert read_request(body, None) == PaymentRequest(
        CALLER, EC, NAV, 4550, "PAGOPA", date(2026, 12, 31), "cart-1", version
    )


@pytest.mark.parametrize("version", [1, 2])
def test_a_receipt_is_read_whole(version: int) -> None:
    second = version == 2
    assert read_request(FULL_RECEIPT if second else RECEIPT_V1, "") == ReceiptMessage(
        caller=CALLER,
        version=version,
        receipt_id="c110729d258c4ab1b765fe902aae41d6",
        notice_number=NAV,
        fiscal_code=EC,
        outcome="OK",
        creditor_reference=IUV,
        amount_cents=4550,
        description="Mensa",
        company_name="Comune di Bari",
        office_name="Scuola",
        debtor=MARIA,
        transfers=(
            TransferLine(
                1,
                4550,
                EC,
                "Comune di Bari" if second else "",
                "IT60X0542811101000000123456",
                f"/RFB/{IUV}/45.50/TXT/Mensa",
                "9/0107101TS/",
                (("k", "v"),),
            ),
        ),
        psp_id="SIMPSP01",
        psp_name="PSP",
        channel_id="97735020584_03",
        channel="WISP",
        psp_fiscal_code="12345678903",
        psp_vat_number="12345678903",
        payer=MARIA,
        method="creditCard",
        note="cart-1" if second else "",
        fee_cents=150,
        own_fee_cents=20 if second else None,
        paid_at=datetime(2026, 11, 23, 10, 0, 0, 123456, tzinfo=ROME),
        applied_on=date(2026, 11, 23),
        transferred_on=date(2026, 11, 24),
        standin=True,
        id_bundle="b" if second else "",
        id_ci_bundle="c" if second else "",
        metadata=(("k", "v"),),
    )


def test_a_stamp_stands_instead_of_an_iban() -> None:
    line = transfer().replace("<IBAN>IT60X0542811101000000123456</IBAN>", "<MBDAttachment>TUFS\nQ0E=</MBDAttachment>")
    read = read_request(receipt(transfers=line), None)
    assert isinstance(read, ReceiptMessage)
    assert (read.transfers[0].iban, read.transfers[0].stamp) == ("", "TUFSQ0E=")


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-23T10:00:00", datetime(2026, 11, 23, 10, tzinfo=ROME)),
        ("2026-11-23T09:00:00Z", datetime(2026, 11, 23, 10, tzinfo=ROME)),
        ("2026-11-23T04:30:00.5-04:30", datetime(2026, 11, 23, 10, 0, 0, 500000, tzinfo=ROME)),
        ("2026-11-22T24:00:00", datetime(2026, 11, 23, 0, tzinfo=ROME)),
    ],
)
def test_a_payment_has_its_instant(text: str, instant: datetime) -> None:
    read = read_request(FULL_RECEIPT.replace(b"2026-11-23T10:00:00.123456789", text.encode()), None)
    assert isinstance(read, ReceiptMessage)
    assert read.paid_at == instant


def test_what_is_read_tells_no_one_in_a_log() -> None:
    told = repr(read_request(FULL_RECEIPT, None))
    assert "RSSMRA" not in told
    assert "Rossi" not in told
    assert "Sparano" not in told


@needs_schemas
@pytest.mark.parametrize("operation", list(QUESTIONS))
def test_the_messages_of_these_tests_are_right(operation: str) -> None:
    assert faults_of_message(QUESTIONS[operation]) == []


@needs_schemas
@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("1_paVerifyPaymentNoticeReq", VerifyRequest),
        ("3_paGetPaymentV2Request", PaymentRequest),
        ("5_paSendRTV2Request", ReceiptMessage),
    ],
)
def test_the_golden_questions_are_read(name: str, kind: type) -> None:
    assert isinstance(read_request(sample(name), name[2:].removesuffix("Req").removesuffix("Request")), kind)


@needs_schemas
@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("2_paVerifyPaymentNoticeRes", verify_answer(NOTICE)),
        ("4_paGetPaymentV2Response", payment_answer(PAYMENT, 2)),
        ("6_paSendRTV2Response", receipt_answer(None, 2)),
    ],
)
def test_the_golden_answers_are_written(name: str, answer: bytes) -> None:
    assert plain(answer) == plain(sample(name))
    assert faults_of_message(answer) == []


@needs_schemas
@pytest.mark.parametrize("code", [code for code in FaultCode if "PAGAMENTO" in code or "DOMINIO" in code])
def test_the_golden_faults_are_written(code: FaultCode) -> None:
    assert plain(verify_answer(fault_of(code, EC))) == plain(sample(f"fault_{code}"))


FULL_PAYMENT = replace(
    PAYMENT,
    office_name="Scuola",
    debtor=MARIA,
    transfers=tuple(
        replace(LINE, number=n, amount_cents=910, company_name="Comune di Bari", metadata=(("IBANAPPOGGIO", "x"),))
        for n in range(1, 6)
    ),
    metadata=tuple((f"k{n}", "v & <w>") for n in range(15)),
    retention_at=datetime(2026, 12, 1, 8, 30, tzinfo=ROME),
    last_payment=False,
)


@needs_schemas
@pytest.mark.parametrize(
    "answer",
    [
        verify_answer(replace(NOTICE, due_on=None, office_name="", all_postal=True)),
        payment_answer(PAYMENT, 1),
        payment_answer(FULL_PAYMENT, 2),
        payment_answer(FULL_PAYMENT, 1),
        payment_answer(replace(PAYMENT, company_name=""), 1),
        receipt_answer(None, 1),
    ],
)
def test_every_answer_is_right_for_the_schema(answer: bytes) -> None:
    assert faults_of_message(answer) == []


@needs_schemas
@pytest.mark.parametrize("code", list(FaultCode))
def test_every_fault_is_right_for_the_schema(code: FaultCode) -> None:
    fault = fault_of(code, EC)
    told = [
        verify_answer(fault),
        payment_answer(fault, 1),
        payment_answer(fault, 2),
        receipt_answer(fault, 1),
        receipt_answer(fault, 2),
        *(refusal(BadMessage(operation, code, "x")) for operation in [*Operation, None]),
        *(failure(operation, "") for operation in Operation),
    ]
    assert [faults_of_message(answer) for answer in told] == [[]] * len(told)
    assert all(f"<faultCode>{code}</faultCode>".encode() in answer for answer in told[:12])


def test_a_fault_is_an_answer_of_its_operation_and_never_a_soap_fault() -> None:
    for operation in Operation:
        root = etree.fromstring(refusal(BadMessage(operation, FaultCode.PAA_SINTASSI_XSD, "no", id_pa=EC)))
        [answer] = root[0]
        assert etree.QName(answer).localname == NAMES[operation].answer
        assert [answer.findtext(path) for path in ("outcome", "fault/faultCode", "fault/id", "fault/description")] == [
            "KO",
            "PAA_SINTASSI_XSD",
            EC,
            "no",
        ]


def test_every_fault_has_its_text() -> None:
    assert set(TEXTS) == set(FaultCode)
    assert fault_of(FaultCode.PAA_SEMANTICA, EC, "why") == Fault(FaultCode.PAA_SEMANTICA, EC, "errore semantico", "why")


@pytest.mark.parametrize(
    "unfit",
    [
        replace(PAYMENT, transfers=()),
        replace(PAYMENT, amount_cents=4551),
        replace(PAYMENT, amount_cents=0, transfers=(replace(LINE, amount_cents=0),)),
        replace(PAYMENT, amount_cents=-1, transfers=(replace(LINE, amount_cents=-1),)),
        replace(PAYMENT, amount_cents=10**11, transfers=(replace(LINE, amount_cents=10**11),)),
        replace(PAYMENT, amount_cents=6 * 4550, transfers=(LINE,) * 6),
        replace(PAYMENT, description="x" * 141),
        replace(PAYMENT, description=""),
        replace(PAYMENT, description="\x00"),
        replace(PAYMENT, company_name=""),
        replace(PAYMENT, debtor=replace(DEBTOR, full_name="x" * 71)),
        replace(PAYMENT, debtor=replace(DEBTOR, kind="X")),
        replace(PAYMENT, debtor=replace(DEBTOR, code="")),
        replace(PAYMENT, debtor=replace(DEBTOR, email="maria")),
        replace(PAYMENT, debtor=replace(DEBTOR, country="Italia")),
        replace(PAYMENT, transfers=(replace(LINE, number=6),)),
        replace(PAYMENT, transfers=(replace(LINE, iban=""),)),
        replace(PAYMENT, metadata=(("k", "v"),) * 16),
        replace(PAYMENT, metadata=(("k", ""),)),
    ],
)
def test_what_the_contract_does_not_allow_does_not_leave(unfit: Any) -> None:
    with pytest.raises(AnswerUnfit):
        payment_answer(unfit, 2)


@pytest.mark.parametrize(
    "unfit",
    [replace(NOTICE, amount_cents=0), replace(NOTICE, fiscal_code="1"), replace(NOTICE, company_name="")],
)
def test_nor_does_such_a_notice(unfit: Any) -> None:
    with pytest.raises(AnswerUnfit):
        verify_answer(unfit)


def test_metadata_are_read_in_order() -> None:
    read = read_request(receipt(transfers=transfer(more=METADATA.replace("<key>", "<key>1"))), None)
    assert isinstance(read, ReceiptMessage)
    assert read.transfers[0].metadata == (("1k", "v"),)
