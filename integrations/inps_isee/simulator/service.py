"""The other end of the wire: reads a question as INPS would and writes the answer it was told to give.

Nothing of `messages` is used here, so that an error there is not repeated by its own reader. `figure` in the case
sets the amount: "minors:9120.00".
"""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from xml.sax.saxutils import escape

from lxml import etree

from integrations.inps_isee.simulator.cases import OUTCOMES, Case
from integrations.inps_isee.simulator.invented import Invented, invent, payload_of
from integrations.inps_isee.types import Reply

SEARCHES: Final = {
    "RicercaCF": ("CodiceFiscale", "DataValidita"),
    "RicercaProtDSU": ("CodiceFiscaleBeneficiario", "ProtocolloDSU"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What was read: the kind of search, whom it is about, the day or the protocol, and the rest as it came."""

    search: str
    fiscal_code: str
    key: str
    fields: tuple[tuple[str, str], ...]


def answer(envelope: bytes, cases: Mapping[str, str]) -> Reply:
    """The reply to an envelope; `cases` says how to answer for a fiscal code, "*" for all others."""
    asked = _read(envelope)
    if asked is None:
        return Reply(200, _response(Case.INVALID.value, error="Richiesta non conforme"))
    name, _colon, figure = cases.get(asked.fiscal_code, cases.get("*", Case.MINORS.value)).partition(":")
    case = Case(name)
    if case in {Case.OVER_LIMIT, Case.UNREACHABLE}:
        return Reply(429 if case == Case.OVER_LIMIT else 503, b"<html>try later</html>")
    if case in OUTCOMES:
        return Reply(200, _response(case.value, error="Esito simulato"))
    if case == Case.MALFORMED:
        return Reply(200, _response("OK", payload=b"", encoded="***"))
    return Reply(200, _response("OK", payload=payload_of(_invented(asked, figure), case, asked.search, asked.fields)))


def _invented(asked: Asked, figure: str) -> Invented:
    by_protocol = asked.search == "RicercaProtDSU"
    year = int(asked.key.split("-")[2]) if by_protocol else date.fromisoformat(asked.key).year
    return invent(asked.fiscal_code, year=year, dsu_protocol=asked.key if by_protocol else "", figure=figure)


def _read(envelope: bytes) -> Asked | None:
    root = etree.fromstring(envelope, etree.XMLParser(resolve_entities=False, no_network=True))
    names = [(etree.QName(one).localname, (one.text or "").strip()) for one in root.iter("*")]
    found = dict(names)
    search = next((name for name in SEARCHES if name in found), "")
    if not search or not found.get("UserId") or not found.get("CodiceUfficio"):
        return None
    code, key = SEARCHES[search]
    after = [name for name, _text in names].index(search) + 1
    return Asked(search, found[code], found.get(key, ""), tuple(names[after:]))


def _response(outcome: str, *, error: str = "", payload: bytes | None = None, encoded: str = "") -> bytes:
    told = f"<DescrizioneErrore>{escape(error)}</DescrizioneErrore>" if error else ""
    inside = encoded or (b64encode(payload).decode() if payload else "")
    if inside:
        told += f"<XmlEsitoAttestazione>{inside}</XmlEsitoAttestazione>"
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
        '<ConsultazioneAttestazioneResponse xmlns="http://inps.it/ConsultazioneISEE"><ConsultazioneAttestazioneResult>'
        f"<IdRichiesta>4711</IdRichiesta><Esito>{outcome}</Esito>{told}"
        "</ConsultazioneAttestazioneResult></ConsultazioneAttestazioneResponse></s:Body></s:Envelope>"
    ).encode()
