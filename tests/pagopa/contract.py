"""The official schemas of pagoPA, read beside the repository: they state no licence, so no copy of them lives here."""

import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

ROOT = Path(__file__).resolve().parents[2]
OFFICIAL = Path(os.environ.get("PAGOPA_SCHEMAS", ROOT.parent / "shared" / "reference" / "pagopa"))
SOAP = "{http://schemas.xmlsoap.org/soap/envelope/}"

needs_schemas = pytest.mark.skipif(
    not OFFICIAL.is_dir(),
    reason="the schemas of pagoPA are not beside the repository (PAGOPA_SCHEMAS names their folder)",
)


@cache
def station_schema() -> Any:
    """paForNode.xsd."""
    return etree.XMLSchema(etree.parse(str(OFFICIAL / "wsdl" / "xsd" / "paForNode.xsd")))


@cache
def envelope_schema() -> Any:
    """The schema of SOAP 1.1."""
    return etree.XMLSchema(etree.parse(str(OFFICIAL / "xsd-common" / "envelope.xsd")))


def faults_of_message(envelope: bytes) -> list[str]:
    """What the schemas find wrong with a message: its envelope and the one element of its body."""
    root = etree.fromstring(envelope)
    found = []
    for schema, element in ((envelope_schema(), root), (station_schema(), root.find(f"{SOAP}Body")[0])):
        alone = etree.fromstring(etree.tostring(element, with_tail=False))
        schema.validate(alone)
        found += [f"{entry.line}: {entry.message}" for entry in schema.error_log]
    return found


def sample(name: str) -> bytes:
    """A golden message of the reference."""
    return (OFFICIAL / "samples" / f"{name}.xml").read_bytes()
