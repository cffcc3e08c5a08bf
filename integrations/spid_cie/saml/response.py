"""The answer of a provider: parsed, checked, its signature verified. Knows no database and no HTTP."""

from dataclasses import dataclass
from typing import Any, Final

from lxml import etree
from onelogin.saml2.errors import OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError
from onelogin.saml2.response import OneLogin_Saml2_Response
from onelogin.saml2.settings import OneLogin_Saml2_Settings
from onelogin.saml2.utils import OneLogin_Saml2_Utils
from onelogin.saml2.xml_utils import OneLogin_Saml2_XML
from onelogin.saml2.xmlparser import DTDForbidden, EntitiesForbidden, NotSupportedError

from integrations.spid_cie.saml.checks import ALL, Check, failed
from integrations.spid_cie.saml.names import NAMES, SUCCESS, saml, samlp
from integrations.spid_cie.saml.received import Expected, Received, text_of

MAX_BYTES: Final = 256 * 1024
SCHEMA: Final = "saml-schema-protocol-2.0.xsd"
RESPONSE_SIGNATURE: Final = OneLogin_Saml2_Utils.RESPONSE_SIGNATURE_XPATH
ASSERTION_SIGNATURE: Final = OneLogin_Saml2_Utils.ASSERTION_SIGNATURE_XPATH
SIGNATURE_CODES: Final = {
    OneLogin_Saml2_ValidationError.INVALID_SIGNATURE: "signature",
    OneLogin_Saml2_ValidationError.NO_SIGNATURE_FOUND: "unsigned",
    OneLogin_Saml2_ValidationError.NO_SIGNED_ASSERTION: "unsigned",
    OneLogin_Saml2_ValidationError.NO_SIGNED_MESSAGE: "unsigned",
    OneLogin_Saml2_ValidationError.DEPRECATED_SIGNATURE_METHOD: "weak_algorithm",
    OneLogin_Saml2_ValidationError.DEPRECATED_DIGEST_METHOD: "weak_algorithm",
    OneLogin_Saml2_ValidationError.INVALID_XML_FORMAT: "schema",
}


class Refused(Exception):
    """The answer is not good. `code` is the stable reason; nothing of the message is repeated."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Failure:
    """The provider says that the person was not authenticated: the code of its table, 0 when it gives none."""

    code: int


@dataclass(frozen=True)
class Authenticated:
    """What a verified answer says. `attributes` have their names in the federation."""

    response_id: str
    assertion_id: str
    name_id: str
    level: int
    attributes: dict[str, str]

    def __repr__(self) -> str:
        return f"Authenticated(level {self.level})"  # a traceback must not carry a person's data


class Response(OneLogin_Saml2_Response):  # type: ignore[misc]  # the toolkit has no types
    """The toolkit's answer, with the checks of SPID and CIE before its own and its signature verification."""

    document: Any

    def _decrypt_assertion(self, _xml: Any) -> Any:
        """Encryption is no part of SPID and CIE: our key is never used on what a stranger sends."""
        raise Refused("encrypted")

    @classmethod
    def parse(cls, encoded: str) -> "Response":
        """Raises Refused for what is not base64 of a small XML document without DTD. Whose it is shows only then."""
        if len(encoded) > MAX_BYTES:
            raise Refused("too_large")
        try:
            return cls(None, encoded)
        except (DTDForbidden, EntitiesForbidden, NotSupportedError) as error:
            raise Refused("doctype") from error
        except (etree.XMLSyntaxError, ValueError, TypeError, SyntaxError) as error:
            raise Refused("not_xml") from error

    @property
    def request_id(self) -> str:
        """The request that it says it answers."""
        return self.document.get("InResponseTo") or ""

    def failure(self) -> Failure | None:
        """What the provider says went wrong; None for a success. Not verified: good for choosing a text, no more."""
        codes = self._query("/samlp:Response/samlp:Status/samlp:StatusCode")
        if len(codes) != 1:
            raise Refused("status")
        if codes[0].get("Value") == SUCCESS:
            return None
        message = text_of(next(iter(self._query("/samlp:Response/samlp:Status/samlp:StatusMessage")), None))
        number = message.removeprefix("ErrorCode nr")
        return Failure(int(number) if number.isascii() and number.isdigit() and len(number) < 3 else 0)

    def verified(
        self, settings: OneLogin_Saml2_Settings, expected: Expected, *, checks: tuple[Check, ...] = ALL
    ) -> Authenticated:
        """Who she is, once every check holds and the signature is the provider's. Raises Refused."""
        self._settings = settings
        received = Received(self.document, expected)
        code = failed(received, checks)
        if code is not None:
            raise Refused(code)
        try:
            self._require_provider(received.assertion)
        except OneLogin_Saml2_ValidationError as error:
            raise Refused(SIGNATURE_CODES.get(error.code, f"toolkit_{error.code}")) from error
        except (OneLogin_Saml2_Error, etree.Error, ValueError, TypeError, KeyError, IndexError) as error:
            raise Refused("toolkit") from error
        return _told(received)

    def _require_provider(self, assertion: Any) -> None:
        """Signatures that are all the provider's, over a document of the shape of SAML.

        The parts of the toolkit's `is_valid` that no check of ours does better. Not all of it: it reads the clock by
        itself and knows its own idea of skew. The assertion that is read must be the one that was signed.
        """
        signed = self.process_signed_elements()
        if saml("Assertion") not in signed:
            raise Refused("unsigned")  # the signature of the Response is optional in SPID, this one is not
        if isinstance(OneLogin_Saml2_XML.validate_xml(self.document, SCHEMA), str):
            raise Refused("schema")
        places = [ASSERTION_SIGNATURE, *([RESPONSE_SIGNATURE] if samlp("Response") in signed else [])]
        certificates = self._settings.get_idp_data()["x509certMulti"]["signing"]
        for place in places:
            if not OneLogin_Saml2_Utils.validate_sign(self.document, xpath=place, multicerts=certificates):
                raise Refused("signature")
        if OneLogin_Saml2_XML.query(self.document, f"{ASSERTION_SIGNATURE}/..") != [assertion]:
            raise Refused("signature")


def _told(received: Received) -> Authenticated:
    return Authenticated(
        response_id=received.response.get("ID"),
        assertion_id=received.assertion.get("ID"),
        name_id=text_of(received.name_id),
        level=received.level,
        attributes={
            attribute.get("Name"): text_of(attribute.find("saml:AttributeValue", namespaces=NAMES))
            for attribute in received.attributes
        },
    )
