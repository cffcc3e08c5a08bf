"""PagoPA's own schemas, read beside the repository: they name no licence, so no copy of them lives here."""

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator
from lxml import etree

ROOT = Path(__file__).resolve().parents[2]
PAGOPA = Path(os.environ.get("PAGOPA_SCHEMAS", ROOT.parent / "shared" / "reference" / "pagopa"))

needs_official = pytest.mark.skipif(
    not PAGOPA.is_dir(),
    reason="the schemas of PagoPA are not beside the repository (PAGOPA_SCHEMAS names their folder)",
)


@cache
def schema() -> Any:
    """The messages between Node and station."""
    return etree.XMLSchema(etree.parse(str(PAGOPA / "wsdl" / "xsd" / "paForNode.xsd")))


def faults_of_message(message: Any) -> list[str]:
    """What the official schema says against a message cut out of its envelope."""
    alone = etree.fromstring(etree.tostring(message, with_tail=False))
    held = schema()
    held.validate(alone)
    return [str(entry.message) for entry in held.error_log]


def samples() -> dict[str, Any]:
    """The golden messages by file name, out of their envelopes."""
    files = sorted((PAGOPA / "samples").glob("*.xml"))
    return {file.stem: etree.fromstring(file.read_bytes())[0][0] for file in files}


@cache
def _document(name: str) -> Any:
    return json.loads((PAGOPA / "openapi" / name).read_text(encoding="utf-8"))


def faults_of_json(content: Any, name: str, model: str) -> list[str]:
    """What an OpenAPI document says against a body, by the name of the model."""
    document = {"$ref": f"#/components/schemas/{model}", "components": _document(name)["components"]}
    # OpenAPI 3.0 speaks the draft of 2013: `exclusiveMaximum` is a yes or no there.
    return [error.message for error in Draft4Validator(document).iter_errors(content)]
