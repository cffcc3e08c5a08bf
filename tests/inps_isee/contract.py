"""The official schemas of INPS, read beside the repository: they carry no licence, so no copy of them lives here."""

import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

ROOT = Path(__file__).resolve().parents[2]
SCHEMAS = Path(os.environ.get("INPS_SCHEMAS", ROOT.parent / "shared" / "reference" / "inps"))
SOAP = "{http://schemas.xmlsoap.org/soap/envelope/}"

needs_schemas = pytest.mark.skipif(
    not SCHEMAS.is_dir(), reason="the schemas of INPS are not beside the repository (INPS_SCHEMAS names their folder)"
)


@cache
def _schema(name: str) -> Any:
    return etree.XMLSchema(etree.parse(str(SCHEMAS / name)))


def faults_of(element: Any, schema: str) -> list[str]:
    """What the schema finds wrong with an element."""
    alone = etree.fromstring(etree.tostring(element))
    held = _schema(schema)
    held.validate(alone)
    return [f"{entry.line}: {entry.message}" for entry in held.error_log]


def faults_of_message(envelope: bytes) -> list[str]:
    """What is wrong with the header and the body of a message."""
    root = etree.fromstring(envelope)
    header = root.find(f"{SOAP}Header")
    faults = [] if header is None else faults_of(header[0], "ConsultazioneISEE_IdentityHeader.xsd")
    return faults + faults_of(root.find(f"{SOAP}Body")[0], "indicatore/ConsultazioneISEE_v2.8_PDND.xsd")


def faults_of_payload(payload: bytes) -> list[str]:
    """What is wrong with the document inside an answer."""
    return faults_of(etree.fromstring(payload), "ISEE_EsitoConsultazioneAttestazione.xsd")


def soap_action() -> str:
    """The action that the WSDL gives to the operation."""
    wsdl = etree.parse(str(SCHEMAS / "indicatore" / "ConsultazioneISEE_v2.8_PDND.wsdl"))
    found = wsdl.find(
        ".//{http://schemas.xmlsoap.org/wsdl/}binding/{http://schemas.xmlsoap.org/wsdl/}operation"
        "[@name='ConsultazioneAttestazione']/{http://schemas.xmlsoap.org/wsdl/soap/}operation"
    )
    return str(found.get("soapAction"))


def endpoint() -> str:
    """The address that the WSDL gives."""
    wsdl = etree.parse(str(SCHEMAS / "indicatore" / "ConsultazioneISEE_v2.8_PDND.wsdl"))
    return str(wsdl.find(".//{http://schemas.xmlsoap.org/wsdl/soap/}address").get("location"))
