"""What protects an answer beside the checks; each with an answer that gets through when it is switched off."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from lxml import etree
from onelogin.saml2.utils import OneLogin_Saml2_Utils
from onelogin.saml2.xml_utils import OneLogin_Saml2_XML

from integrations.spid_cie.saml import response
from integrations.spid_cie.saml.names import saml, samlp
from integrations.spid_cie.saml.response import Response
from tests.spid_cie.crafting import PERSON, Made, add, element, outcome


@dataclass(frozen=True)
class Protection:
    """`on` is the code of its refusal; `off` what becomes of the same answer without it."""

    name: str
    rule: str
    words: str
    message: Callable[[], bytes]
    on: str
    off: str
    switch_off: Callable[[pytest.MonkeyPatch], None]

    def outcomes(self) -> tuple[str, str]:
        """With it, and without it."""
        with_it = outcome(self.message())
        with pytest.MonkeyPatch.context() as patch:
            self.switch_off(patch)
            return with_it, outcome(self.message())


def tampered() -> bytes:
    """Another person's code in a signed answer."""
    return Made().text().replace(PERSON["fiscalNumber"].encode(), b"TINIT-RSSMRA80A01F205X")


def with_doctype() -> bytes:
    """A harmless one: libxml2 alone would read it."""
    return b"<!DOCTYPE Response>" + Made().text()


def too_large() -> bytes:
    """A perfect answer with a comment of 200 KiB: signed, well formed, good."""
    return Made().text() + b"<!--" + b"x" * 200 * 1024 + b"-->"


def encrypted() -> bytes:
    """An encrypted assertion beside the signed one."""
    root = etree.fromstring(Made(sign_response=False).text())
    root.append(element("<saml:EncryptedAssertion/>"))
    return bytes(etree.tostring(root))


def response_alone() -> bytes:
    """The response signed, the assertion not: true, but not what SPID asks."""
    return Made(sign_assertion=False).text()


def misplaced() -> bytes:
    """An element where the schema knows none."""
    return Made(add("", "<samlp:Unknown/>")).text()


def _no_signature_wanted(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Response, "process_signed_elements", lambda _response: [samlp("Response"), saml("Assertion")])
    patch.setattr(response, "ASSERTION_SIGNATURE", response.RESPONSE_SIGNATURE)


def _signatures_believed(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(OneLogin_Saml2_Utils, "validate_sign", staticmethod(lambda *_args, **_options: True))


def _any_document_type(patch: pytest.MonkeyPatch) -> None:
    read = OneLogin_Saml2_XML._parse_etree

    def lenient(text: bytes, **_options: bool) -> Any:
        return read(text, forbid_dtd=False, forbid_entities=False)

    patch.setattr(OneLogin_Saml2_XML, "_parse_etree", staticmethod(lenient))


def _any_size(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(response, "MAX_BYTES", 2**30)


def _any_shape(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(OneLogin_Saml2_XML, "validate_xml", staticmethod(lambda xml, *_args: xml))


def _our_key_used(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Response, "_decrypt_assertion", lambda _response, xml: xml)


PROTECTIONS = (
    Protection(
        "signature", "The signature is the provider's.", "a tampered fiscal number", tampered,
        "signature", "accepted", _signatures_believed,
    ),
    Protection(
        "assertion signed", "The Assertion itself is signed.", "only the Response signed", response_alone,
        "unsigned", "signature", _no_signature_wanted,
    ),
    Protection(
        "schema", "The document is of the shape of SAML.", "an unknown element", misplaced,
        "schema", "accepted", _any_shape,
    ),
    Protection(
        "no DTD", "No document type, no entities.", "an empty document type", with_doctype,
        "doctype", "accepted", _any_document_type,
    ),
    Protection(
        "size", "At most 256 KiB of base64.", "a long comment after a good answer", too_large,
        "too_large", "accepted", _any_size,
    ),
    Protection(
        "no decryption", "Our key is never used.", "an encrypted Assertion beside a good one", encrypted,
        "encrypted", "one_assertion", _our_key_used,
    ),
)  # fmt: skip
