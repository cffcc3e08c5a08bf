"""Every message in and out holds to the official contract, and what does not is refused."""

from base64 import b64decode, b64encode
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from lxml import etree

from integrations.inps_isee.errors import (
    AnswerUnreadable,
    DailyLimitReached,
    InpsError,
    InpsUnavailable,
    QuestionRefused,
    QuestionUnfit,
)
from integrations.inps_isee.messages import ACTION, build_request, read_reply
from integrations.inps_isee.reading_xml import BIGGEST
from integrations.inps_isee.settings import ENDPOINT
from integrations.inps_isee.simulator.cases import DISCREPANCIES, Case
from integrations.inps_isee.simulator.service import answer
from integrations.inps_isee.types import Attestation, Discrepancy, Figure, Question, Reply
from tests.inps_isee.contract import SCHEMAS, endpoint, faults_of_message, faults_of_payload, needs_schemas, soap_action

CHILD = "PRVNNT15A41A662Q"
QUESTION = Question(
    fiscal_code=CHILD,
    valid_on=date(2026, 11, 23),
    benefit="A2.12",
    application="0000123/2026",
    operator="operatore-7",
)
BY_PROTOCOL = replace(QUESTION, dsu_protocol="INPS-ISEE-2026-00000123A-00")
ANSWERED = sorted(set(Case) - {Case.OVER_LIMIT, Case.UNREACHABLE, Case.MALFORMED})


def request_of(question: Question = QUESTION) -> bytes:
    return build_request(question, user=question.operator, office="001")


def reply_of(case: str, question: Question = QUESTION) -> Reply:
    return answer(request_of(question), {CHILD: case})


def attestation_of(case: str, question: Question = QUESTION) -> Attestation:
    found = read_reply(reply_of(case, question), asked=CHILD).attestation
    assert found is not None
    return found


def payload_of(reply: Reply) -> bytes | None:
    found = etree.fromstring(reply.body).find(".//{http://inps.it/ConsultazioneISEE}XmlEsitoAttestazione")
    return None if found is None else b64decode(str(found.text))


@needs_schemas
@pytest.mark.parametrize("question", [QUESTION, BY_PROTOCOL])
def test_a_question_holds_to_the_contract(question: Question) -> None:
    assert faults_of_message(request_of(question)) == []


@needs_schemas
def test_the_action_and_the_address_are_those_of_the_wsdl() -> None:
    assert (soap_action(), endpoint()) == (ACTION, ENDPOINT)


@needs_schemas
def test_the_sample_beside_the_contract_is_what_we_would_send() -> None:
    sample = etree.parse(str(SCHEMAS / "samples" / "ConsultazioneAttestazione_request.xml")).getroot()
    question = Question(
        fiscal_code="RSSMRA80A41A662E",
        valid_on=date(2026, 11, 23),
        benefit="A2.12",
        application="BA-2026-000123",
        operator="istruttore7",
    )

    def told(root: Any) -> list[tuple[str, str]]:
        return [(one.tag, (one.text or "").strip()) for one in root.iter("*")]

    assert told(etree.fromstring(request_of(question))) == told(sample)


@needs_schemas
@pytest.mark.parametrize("question", [QUESTION, BY_PROTOCOL])
@pytest.mark.parametrize("case", ANSWERED)
def test_what_the_simulator_answers_holds_to_the_contract(case: Case, question: Question) -> None:
    reply = reply_of(case, question)
    assert faults_of_message(reply.body) == []
    payload = payload_of(reply)
    assert payload is None or faults_of_payload(payload) == []


def test_an_attestation_is_read_to_the_cent() -> None:
    assert attestation_of("minors:9120.05", BY_PROTOCOL) == Attestation(
        dsu_protocol="INPS-ISEE-2026-00000123A-00",
        presented_on=date(2026, 2, 3),
        is_current=False,
        current_until=None,
        ordinary_cents=912005,
        released_on=date(2026, 2, 10),
        members=frozenset({CHILD, "RSSMRA80A41A662E"}),
        minors=(attestation_of("minors:9120.05").minors[0],),
    )


@pytest.mark.parametrize(
    ("case", "figure", "cents"),
    [
        ("minors:9120.00", Figure.ORDINARY, 912000),
        ("attracted:9120.00", Figure.ATTRACTED, 912000),
        ("additional:9120.00", Figure.ADDITIONAL, 912000),
        ("not_computable", Figure.NOT_COMPUTABLE, None),
    ],
)
def test_the_minor_has_a_figure_of_her_own(case: str, figure: Figure, cents: int | None) -> None:
    minor = attestation_of(case).minor(CHILD)
    assert minor is not None
    assert (minor.figure, minor.cents) == (figure, cents)


def test_where_no_minor_stands_the_household_has_its_own_figure() -> None:
    found = attestation_of("ordinary:100.10")
    assert (found.minor(CHILD), found.ordinary_cents) == (None, 10010)


def test_current_is_a_mark_of_the_household_with_a_day_of_its_own() -> None:
    found = attestation_of("current")
    assert (found.is_current, found.current_until) == (True, date(2026, 12, 10))


@pytest.mark.parametrize("case", sorted(DISCREPANCIES))
def test_each_omission_is_told_by_its_code(case: Case) -> None:
    assert attestation_of(case).discrepancies == (Discrepancy(case.value),)


def test_the_simulator_invents_the_same_thing_twice() -> None:
    assert attestation_of("minors") == attestation_of("minors")


@pytest.mark.parametrize("case", [Case.EMPTY, Case.NOT_FOUND])
def test_none_known_is_an_answer(case: Case) -> None:
    found = read_reply(reply_of(case), asked=CHILD)
    assert (found.attestation, found.request_number, len(found.digest)) == (None, 4711, 64)


@pytest.mark.parametrize(
    ("case", "failure", "word", "permanent"),
    [
        (Case.OFFLINE, InpsUnavailable, "database_offline", False),
        (Case.INTERNAL, InpsUnavailable, "errore_interno", False),
        (Case.UNREACHABLE, InpsUnavailable, "http_503", False),
        (Case.OVER_LIMIT, DailyLimitReached, "over_limit", False),
        (Case.INVALID, QuestionRefused, "richiesta_invalida", True),
        (Case.MISMATCH, QuestionRefused, "riscontro_non_valido", True),
        (Case.MALFORMED, AnswerUnreadable, "unreadable", True),
        (Case.SOMEBODY_ELSE, AnswerUnreadable, "unreadable", True),
    ],
)
def test_each_outcome_says_whether_to_ask_again(
    case: Case, failure: type[InpsError], word: str, permanent: bool
) -> None:
    with pytest.raises(failure) as caught:
        read_reply(reply_of(case), asked=CHILD)
    assert (caught.value.why, caught.value.permanent) == (word, permanent)
    assert CHILD not in str(caught.value)


@pytest.mark.parametrize(
    "wrong",
    [
        {"fiscal_code": "PRVNNT1RA41A662Q"},  # omocodia in the year: the contract does not let it pass
        {"fiscal_code": CHILD.lower()},
        {"fiscal_code": ""},
        {"benefit": "A9.99"},
        {"dsu_protocol": "123"},
        {"application": ""},
        {"application": "x" * 257},
        {"application": "a\x00b"},
        {"operator": "a\nb"},
    ],
)
def test_what_the_contract_refuses_is_not_sent(wrong: dict[str, str]) -> None:
    with pytest.raises(QuestionUnfit):
        request_of(replace(QUESTION, **wrong))  # type: ignore[arg-type]  # the fields named are texts


def test_values_are_escaped() -> None:
    hostile = "a</ProtocolloDomandaEnteErogatore><Esito>&"
    sent = request_of(replace(QUESTION, application=hostile))
    assert (
        etree.fromstring(sent).findtext(".//{http://inps.it/ConsultazioneISEE}ProtocolloDomandaEnteErogatore")
        == hostile
    )
    assert read_reply(answer(sent, {}), asked=CHILD).request_number == 4711


def test_nothing_personal_stands_in_a_repr() -> None:
    told = repr([QUESTION, BY_PROTOCOL, attestation_of("minors:9120.00"), reply_of("minors")])
    assert [word for word in (CHILD, "912000", "INPS-ISEE", "RSSMRA") if word in told] == []


GOOD = reply_of("minors:9120.00").body
PAYLOAD = payload_of(reply_of("minors:9120.00")) or b""


def with_payload(before: str, after: str) -> bytes:
    assert before.encode() in PAYLOAD
    changed = b64encode(PAYLOAD.replace(before.encode(), after.encode()))
    return GOOD.replace(b64encode(PAYLOAD), changed)


DTD = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
SPOILT = {
    "nothing": b"",
    "not XML": b"INPS",
    "too big": GOOD + b" " * BIGGEST,
    "DTD outside": GOOD.replace(b'<?xml version="1.0" encoding="utf-8"?>', DTD),
    "DTD inside": with_payload('<?xml version="1.0" encoding="iso-8859-1"?>', DTD.decode()),
    "another envelope": GOOD.replace(b"soap/envelope/", b"soap/other/"),
    "another service": GOOD.replace(b"http://inps.it/ConsultazioneISEE", b"http://inps.it/Altro"),
    "no number": GOOD.replace(b"4711", b"many"),
    "unknown outcome": GOOD.replace(b"<Esito>OK", b"<Esito>FORSE"),
    "OK without a document": GOOD.replace(b64encode(PAYLOAD), b""),
    "a stray sign in the base64": GOOD.replace(b64encode(PAYLOAD), b"*" + b64encode(PAYLOAD)),
    "another document": with_payload("EsitoAttestazione", "EsitoIndicatore"),
    "another namespace": with_payload("ISEERiforma", "ISEEVecchia"),
    "a negative figure": with_payload('ISEE="9120.00"', 'ISEE="-9120.00"'),
    "a figure in words": with_payload('ISEE="9120.00"', 'ISEE="NaN"'),
    "three decimals": with_payload('ISEE="9120.00"', 'ISEE="9120.001"'),
    "an exponent": with_payload('ISEE="9120.00"', 'ISEE="9e9"'),
    "an enormous figure": with_payload('ISEE="9120.00"', 'ISEE="9999999999999.00"'),
    "a day that is none": with_payload('DataPresentazione="2026-02-03"', 'DataPresentazione="2026-02-30"'),
    "another protocol": with_payload("INPS-ISEE-2026", "INPS-2026"),
    "an unknown omission": with_payload(
        "</Ordinario>", f'</Ordinario><OmissioneDifformita TipoOmissioneDifformita="Altro" CodiceFiscale="{CHILD}"/>'
    ),
    "a minor without figure": with_payload("<ISEEOrd/>", ""),
}  # fmt: skip


def test_the_good_one_passes() -> None:
    assert read_reply(Reply(200, GOOD), asked=CHILD).attestation is not None


@pytest.mark.parametrize("name", SPOILT)
def test_what_breaks_the_contract_is_not_taken(name: str) -> None:
    with pytest.raises(AnswerUnreadable):
        read_reply(Reply(200, SPOILT[name]), asked=CHILD)


@pytest.mark.parametrize("status", [302, 401, 500])
def test_an_answer_with_another_status_is_not_taken(status: int) -> None:
    with pytest.raises(AnswerUnreadable):
        read_reply(Reply(status, GOOD), asked=CHILD)
