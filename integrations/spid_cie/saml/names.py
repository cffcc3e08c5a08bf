"""The words of SAML, SPID and CIE that are written and read here."""

from typing import Final

SAML: Final = "urn:oasis:names:tc:SAML:2.0:assertion"
SAMLP: Final = "urn:oasis:names:tc:SAML:2.0:protocol"
MD: Final = "urn:oasis:names:tc:SAML:2.0:metadata"
DS: Final = "http://www.w3.org/2000/09/xmldsig#"
SPID: Final = "https://spid.gov.it/saml-extensions"
CIE: Final = "https://www.cartaidentita.interno.gov.it/saml-extensions"
XML: Final = "http://www.w3.org/XML/1998/namespace"
XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
NAMES: Final = {"saml": SAML, "samlp": SAMLP, "ds": DS}

ENTITY: Final = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity"
TRANSIENT: Final = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
BEARER: Final = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
BASIC: Final = "urn:oasis:names:tc:SAML:2.0:attrname-format:basic"
POST: Final = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
REDIRECT: Final = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
SUCCESS: Final = "urn:oasis:names:tc:SAML:2.0:status:Success"
RSA_SHA256: Final = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
SHA256: Final = "http://www.w3.org/2001/04/xmlenc#sha256"
SIGNATURE_ALGORITHMS: Final = frozenset(
    f"http://www.w3.org/2001/04/xmldsig-more#rsa-sha{bits}" for bits in (256, 384, 512)
)
DIGEST_ALGORITHMS: Final = frozenset(
    {SHA256, "http://www.w3.org/2001/04/xmldsig-more#sha384", "http://www.w3.org/2001/04/xmlenc#sha512"}
)
EXCLUSIVE: Final = frozenset(
    {"http://www.w3.org/2001/10/xml-exc-c14n#", "http://www.w3.org/2001/10/xml-exc-c14n#WithComments"}
)
INCLUSIVE: Final = frozenset(
    {"http://www.w3.org/TR/2001/REC-xml-c14n-20010315", "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments"}
)
ENVELOPED: Final = f"{DS}enveloped-signature"

LEVELS: Final = {f"https://www.spid.gov.it/SpidL{level}": level for level in (1, 2, 3)}
SPID_ATTRIBUTES: Final = ("spidCode", "name", "familyName", "fiscalNumber", "dateOfBirth", "email")
CIE_ATTRIBUTES: Final = ("name", "familyName", "dateOfBirth", "fiscalNumber")
EIDAS_MINIMUM: Final = ("spidCode", "name", "familyName", "dateOfBirth", "fiscalNumber")
EIDAS_FULL: Final = (*EIDAS_MINIMUM, "placeOfBirth", "address", "gender")
REQUIRED_ATTRIBUTES: Final = ("name", "familyName", "fiscalNumber", "dateOfBirth")


def level_uri(level: int) -> str:
    """The name of a level of assurance, 1 to 3."""
    return f"https://www.spid.gov.it/SpidL{level}"


def saml(name: str) -> str:
    """An element of assertions."""
    return f"{{{SAML}}}{name}"


def samlp(name: str) -> str:
    """An element of the protocol."""
    return f"{{{SAMLP}}}{name}"
