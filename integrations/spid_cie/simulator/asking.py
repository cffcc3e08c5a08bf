"""A request arrives at the provider: its signature and every attribute are checked against the asker's metadata."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from lxml import etree
from onelogin.saml2.auth import OneLogin_Saml2_Auth
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from integrations.spid_cie.saml.names import DS, LEVELS, MD, RSA_SHA256, SAML, SAMLP, SPID, TRANSIENT, samlp
from integrations.spid_cie.saml.received import instant, text_of
from integrations.spid_cie.simulator.federation import DemoProvider, published_metadata

SPACES: Final = {"saml": SAML, "samlp": SAMLP, "md": MD, "ds": DS, "spid": SPID}
LARGEST: Final = 32 * 1024
FRESH: Final = timedelta(minutes=5)


class BadRequest(Exception):
    """The request is not what the rules want. `code`: that of SPID's table of errors."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(words)
        self.code = code


@dataclass(frozen=True, slots=True)
class Asked:
    """A verified request: who asks, where the answer goes, and for which attributes."""

    request_id: str
    issuer: str
    consumer_url: str
    level: int
    attributes: tuple[str, ...]
    minimum_age: int


def read_request(parameters: dict[str, str], *, provider: DemoProvider, now: datetime) -> Asked:
    """Raises BadRequest for the first thing that is not right."""
    root = _parsed(parameters.get("SAMLRequest", ""))
    issuer = _one(root, "saml:Issuer")
    name = text_of(issuer)
    metadata = published_metadata(name, now)
    if metadata is None:
        raise BadRequest(10, "Issuer unknown")
    _require_signature(parameters, metadata)
    _require(root.get("Version") == "2.0", 9, "Version")
    _require(len(root.get("ID", "")) >= 33, 11, "ID")
    issued = instant(root.get("IssueInstant"))
    _require(issued is not None and abs(issued - now) < FRESH, 13, "IssueInstant")
    _require(root.get("Destination") == provider.sso_url, 14, "Destination")
    _require(root.get("IsPassive") is None, 15, "IsPassive")
    _require(root.get("ForceAuthn") == "true", 8, "ForceAuthn")
    _require(issuer.get("NameQualifier") == name, 10, "Issuer NameQualifier")
    policy = _one(root, "samlp:NameIDPolicy")
    _require(policy is not None and policy.get("Format") == TRANSIENT and "AllowCreate" not in policy.attrib, 17, "")
    return Asked(
        request_id=root.get("ID"),
        issuer=name,
        consumer_url=_consumer(root, metadata),
        level=_level(root),
        attributes=_attributes(root, metadata),
        minimum_age=int(text_of(_one(root, "samlp:Extensions/spid:AgeLimit/spid:MinAge")) or 0),
    )


def signing_certificates(metadata: Any) -> list[str]:
    """The certificates with which the asker may sign."""
    found = metadata.xpath("//md:KeyDescriptor[@use='signing']//ds:X509Certificate", namespaces=SPACES)
    return [OneLogin_Saml2_Utils.format_cert(text_of(certificate)) for certificate in found]


def is_signed_by(parameters: dict[str, str], message: str, certificates: list[str]) -> bool:
    """Whether the query `message, RelayState, SigAlg` carries a signature of one of the certificates."""
    if parameters.get("SigAlg") != RSA_SHA256 or not parameters.get("Signature"):
        return False
    query = OneLogin_Saml2_Auth._build_sign_query(  # noqa: SLF001  # how the toolkit itself puts a query together
        parameters[message], parameters.get("RelayState"), parameters["SigAlg"], message
    )
    signature = OneLogin_Saml2_Utils.b64decode(parameters["Signature"])
    return any(
        OneLogin_Saml2_Utils.validate_binary_sign(query, signature, certificate, parameters["SigAlg"])
        for certificate in certificates
    )


def _parsed(encoded: str) -> Any:
    try:
        text = OneLogin_Saml2_Utils.decode_base64_and_inflate(encoded)
        root = etree.fromstring(text, etree.XMLParser(resolve_entities=False, no_network=True))
    except (ValueError, TypeError, etree.XMLSyntaxError) as error:
        raise BadRequest(8, "not a SAML request") from error
    _require(len(text) <= LARGEST and root.tag == samlp("AuthnRequest"), 8, "not a SAML request")
    return root


def _require_signature(parameters: dict[str, str], metadata: Any) -> None:
    _require(is_signed_by(parameters, "SAMLRequest", signing_certificates(metadata)), 5, "Signature")


def _consumer(root: Any, metadata: Any) -> str:
    _require("AssertionConsumerServiceURL" not in root.attrib and "ProtocolBinding" not in root.attrib, 16, "ACS")
    index = root.get("AssertionConsumerServiceIndex", "")
    found = metadata.xpath("//md:AssertionConsumerService[@index=$index]", namespaces=SPACES, index=index)
    _require(len(found) == 1, 16, "AssertionConsumerServiceIndex")
    return str(found[0].get("Location"))


def _attributes(root: Any, metadata: Any) -> tuple[str, ...]:
    index = root.get("AttributeConsumingServiceIndex", "")
    found = metadata.xpath("//md:AttributeConsumingService[@index=$index]", namespaces=SPACES, index=index)
    _require(len(found) == 1, 18, "AttributeConsumingServiceIndex")
    return tuple(one.get("Name") for one in found[0].iterfind(f"{{{MD}}}RequestedAttribute"))


def _level(root: Any) -> int:
    level = LEVELS.get(text_of(_one(root, "samlp:RequestedAuthnContext/saml:AuthnContextClassRef")), 0)
    _require(level > 0, 12, "RequestedAuthnContext")
    return level


def _one(root: Any, path: str) -> Any:
    return next(iter(root.xpath(path, namespaces=SPACES)), None)


def _require(true: bool, code: int, words: str) -> None:  # noqa: FBT001  # an assertion
    if not true:
        raise BadRequest(code, words)
