"""The provider's signed answers, good and spoilt. Signatures are made by the toolkit."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any, Final

from lxml import etree
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from integrations.spid_cie.certificates import Pair
from integrations.spid_cie.saml.names import (
    BASIC,
    BEARER,
    ENTITY,
    RSA_SHA256,
    SAML,
    SAMLP,
    SHA256,
    SUCCESS,
    TRANSIENT,
    XSI,
    level_uri,
    saml,
    samlp,
)

LIFETIME: Final = timedelta(minutes=5)
RESPONDER: Final = "urn:oasis:names:tc:SAML:2.0:status:Responder"
AUTHN_FAILED: Final = "urn:oasis:names:tc:SAML:2.0:status:AuthnFailed"
NAMESPACES: Final[dict[str, str]] = {
    "samlp": SAMLP,
    "saml": SAML,
    "xs": "http://www.w3.org/2001/XMLSchema",
    "xsi": XSI,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered to whom. CIE leaves the formats of the issuers out."""

    issuer: str
    audience: str
    consumer_url: str
    request_id: str
    level: int
    attributes: dict[str, str]
    name_id: str
    now: datetime
    is_cie: bool = False


def success(answer: Answer) -> Any:
    """An unsigned Response with one Assertion."""
    root = _response(answer, status=SUCCESS)
    root.append(_assertion(answer))
    return root


def error(answer: Answer, code: int) -> Any:
    """A Response that says why nobody was authenticated (SPID's table of errors)."""
    root = _response(answer, status=RESPONDER)
    status = root.find(samlp("Status"))
    _in(status[0], samlp("StatusCode"), Value=AUTHN_FAILED)
    _in(status, samlp("StatusMessage")).text = f"ErrorCode nr{code:02}"
    return root


def sign(root: Any, pair: Pair, *, assertion: bool = True, response: bool = True) -> bytes:
    """Signs Assertion, Response or both, in this order: the outer signature covers the inner one."""
    root = etree.fromstring(etree.tostring(root))
    inner = root.find(saml("Assertion"))
    if inner is not None and assertion:
        at = root.index(inner)
        root.remove(inner)
        root.insert(at, etree.fromstring(_signed(etree.tostring(inner), pair)))
    text: bytes = etree.tostring(root)
    return _signed(text, pair) if response else text


def encoded(message: bytes) -> str:
    """As it travels in a form."""
    return str(OneLogin_Saml2_Utils.b64encode(message))


def _signed(text: bytes, pair: Pair) -> bytes:
    signed = OneLogin_Saml2_Utils.add_sign(
        text.decode(), pair.key.decode(), pair.certificate, sign_algorithm=RSA_SHA256, digest_algorithm=SHA256
    )
    return signed if isinstance(signed, bytes) else signed.encode()


def _response(answer: Answer, *, status: str) -> Any:
    root = etree.Element(samlp("Response"), nsmap=NAMESPACES)
    root.set("ID", f"_{token_hex(16)}")
    root.set("Version", "2.0")
    root.set("IssueInstant", written(answer.now))
    root.set("InResponseTo", answer.request_id)
    root.set("Destination", answer.consumer_url)
    _issuer(root, answer)
    _in(_in(root, samlp("Status")), samlp("StatusCode"), Value=status)
    return root


def _assertion(answer: Answer) -> Any:
    root = etree.Element(saml("Assertion"), nsmap={key: NAMESPACES[key] for key in ("saml", "xs", "xsi")})
    root.set("ID", f"_{token_hex(16)}")
    root.set("Version", "2.0")
    root.set("IssueInstant", written(answer.now))
    _issuer(root, answer)
    until = written(answer.now + LIFETIME)
    subject = _in(root, saml("Subject"))
    _in(subject, saml("NameID"), Format=TRANSIENT, NameQualifier=answer.issuer).text = answer.name_id
    confirmation = _in(subject, saml("SubjectConfirmation"), Method=BEARER)
    _in(
        confirmation,
        saml("SubjectConfirmationData"),
        InResponseTo=answer.request_id,
        NotOnOrAfter=until,
        Recipient=answer.consumer_url,
    )
    conditions = _in(root, saml("Conditions"), NotBefore=written(answer.now), NotOnOrAfter=until)
    _in(_in(conditions, saml("AudienceRestriction")), saml("Audience")).text = answer.audience
    statement = _in(root, saml("AuthnStatement"), AuthnInstant=written(answer.now))
    _in(_in(statement, saml("AuthnContext")), saml("AuthnContextClassRef")).text = level_uri(answer.level)
    attributes = _in(root, saml("AttributeStatement"))
    for name, value in answer.attributes.items():
        one = _in(_in(attributes, saml("Attribute"), Name=name, NameFormat=BASIC), saml("AttributeValue"))
        one.set(f"{{{XSI}}}type", "xs:date" if name == "dateOfBirth" else "xs:string")
        one.text = value
    return root


def _issuer(parent: Any, answer: Answer) -> None:
    issuer = _in(parent, saml("Issuer"))
    issuer.text = answer.issuer
    if not answer.is_cie:
        issuer.set("Format", ENTITY)


def written(moment: datetime) -> str:
    """A point in time as SPID writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _in(parent: Any, name: str, **attributes: str) -> Any:
    return etree.SubElement(parent, name, attributes)
