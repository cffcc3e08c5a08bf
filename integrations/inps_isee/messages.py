"""The SOAP messages of ConsultazioneAttestazione (contract v2.8): building the question, reading the reply.

In the header the children of Identity stand in no namespace; in the body every child stands in the service's own.
lxml escapes every value; what no XML can hold is refused before it is sent.
"""

import re
from base64 import b64decode
from binascii import Error as NotBase64
from hashlib import sha256
from typing import Any, Final

from lxml import etree

from integrations.inps_isee.errors import (
    AnswerUnreadable,
    DailyLimitReached,
    InpsUnavailable,
    QuestionRefused,
    QuestionUnfit,
)
from integrations.inps_isee.payload import PROTOCOL, read_attestation
from integrations.inps_isee.reading_xml import document
from integrations.inps_isee.types import Answer, Question, Reply

SOAP: Final = "http://schemas.xmlsoap.org/soap/envelope/"
HEADER: Final = "http://inps.it/"
SERVICE: Final = "http://inps.it/ConsultazioneISEE"
ACTION: Final = "http://inps.it/ConsultazioneISEE/ISvcConsultazione/ConsultazioneAttestazione"
LONGEST: Final = 256
TEMPORARY: Final = frozenset({"DATABASE_OFFLINE", "ERRORE_INTERNO"})
REFUSED: Final = frozenset({"RICHIESTA_INVALIDA", "RISCONTRO_NON_VALIDO"})
# As the contract has it: letters of omocodia in the year or in the day cannot be asked for.
ASKABLE: Final = re.compile(r"[A-Z]{6}[0-9]{2}[A-Z][0-9]{2}[A-Z][A-Z0-9]{3}[A-Z]|[0-9]{11}")
BENEFIT: Final = re.compile(r"A1\.(0[1-9]|1[0-9]|20)|A2\.(0[1-9]|1[0-2])|A3\.0[1-3]|Z9\.99")
_NS: Final = {"s": SOAP, "q": SERVICE}
_NUMBER: Final = re.compile(r"-?[0-9]{1,10}", re.ASCII)


def build_request(question: Question, *, user: str, office: str) -> bytes:
    """The envelope to send. Raises QuestionUnfit for what the contract does not let pass."""
    if not ASKABLE.fullmatch(question.fiscal_code) or not BENEFIT.fullmatch(question.benefit):
        raise QuestionUnfit
    envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"soapenv": SOAP})
    identity = _inside(_inside(envelope, SOAP, "Header"), HEADER, "Identity", nsmap={"inps": HEADER})
    _inside(identity, "", "UserId", user)
    _inside(identity, "", "CodiceUfficio", office)
    body = _inside(envelope, SOAP, "Body")
    operation = _inside(body, SERVICE, "ConsultazioneAttestazione", nsmap={"isee": SERVICE})
    _search(_inside(operation, SERVICE, "request"), question)
    return etree.tostring(envelope, xml_declaration=True, encoding="UTF-8")


def _search(request: Any, question: Question) -> None:
    if question.dsu_protocol:
        if not PROTOCOL.fullmatch(question.dsu_protocol):
            raise QuestionUnfit
        search = _inside(request, SERVICE, "RicercaProtDSU")
        _inside(search, SERVICE, "ProtocolloDSU", question.dsu_protocol)
        _inside(search, SERVICE, "CodiceFiscaleBeneficiario", question.fiscal_code)
    else:
        search = _inside(request, SERVICE, "RicercaCF")
        _inside(search, SERVICE, "CodiceFiscale", question.fiscal_code)
        _inside(search, SERVICE, "DataValidita", question.valid_on.isoformat())
    _inside(search, SERVICE, "PrestazioneDaErogare", question.benefit)
    _inside(search, SERVICE, "ProtocolloDomandaEnteErogatore", question.application)
    _inside(search, SERVICE, "StatodomandaPrestazione", "Da Erogare")


def _inside(
    parent: Any, namespace: str, name: str, text: str | None = None, *, nsmap: dict[str, str] | None = None
) -> Any:
    child = etree.SubElement(parent, f"{{{namespace}}}{name}" if namespace else name, nsmap=nsmap)
    if text is not None:
        if not text or len(text) > LONGEST or not text.isprintable():
            raise QuestionUnfit
        child.text = text
    return child


def read_reply(reply: Reply, *, asked: str) -> Answer:
    """The answer to a question about the code `asked`.

    Raises InpsUnavailable for the two temporary outcomes and a server that fails, DailyLimitReached, QuestionRefused,
    AnswerUnreadable for anything else that the contract does not allow, also for an attestation of another household.
    """
    if reply.status == 429:
        raise DailyLimitReached
    if reply.status >= 500 and not _is_answer(reply.body):
        raise InpsUnavailable(f"http_{reply.status}")
    result = _result(document(reply.body))
    outcome = _text(result, "Esito")
    if outcome in TEMPORARY:
        raise InpsUnavailable(outcome.lower())
    if outcome in REFUSED:
        raise QuestionRefused(outcome.lower())
    digest = sha256(reply.body).hexdigest()
    if outcome == "DATI_NON_TROVATI":
        return Answer(_number(result), None, digest)
    if outcome != "OK" or reply.status != 200:
        raise AnswerUnreadable
    attestation = read_attestation(_decoded(_text(result, "XmlEsitoAttestazione")))
    if attestation is not None and asked not in attestation.members:
        raise AnswerUnreadable
    return Answer(_number(result), attestation, digest)


def _is_answer(body: bytes) -> bool:
    """Whether a failing server still says which outcome it is."""
    try:
        _result(document(body))
    except AnswerUnreadable:
        return False
    return True


def _result(root: Any) -> Any:
    path = "s:Body/q:ConsultazioneAttestazioneResponse/q:ConsultazioneAttestazioneResult"
    found = root.find(path, _NS) if root.tag == f"{{{SOAP}}}Envelope" else None
    if found is None:
        raise AnswerUnreadable
    return found


def _text(result: Any, name: str) -> str:
    found = result.find(f"q:{name}", _NS)
    if found is None or len(found) or not found.text:
        raise AnswerUnreadable
    return str(found.text).strip()


def _number(result: Any) -> int:
    text = _text(result, "IdRichiesta")
    if not _NUMBER.fullmatch(text):
        raise AnswerUnreadable
    return int(text)


def _decoded(text: str) -> bytes:
    try:
        return b64decode("".join(text.split()), validate=True)
    except (NotBase64, ValueError) as error:
        raise AnswerUnreadable from error
