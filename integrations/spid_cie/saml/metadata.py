"""The metadata of an entity: built with lxml, so that every value is escaped, and signed by the toolkit.

The same facts give the same bytes: the ID is a digest of the content, and nothing in it is about today.
SPID: technical rules, metadata; Avviso 19 for aggregators. CIE: federation manual, metadata.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from lxml import etree
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from integrations.spid_cie.saml.names import (
    BASIC,
    CIE,
    CIE_ATTRIBUTES,
    DS,
    EIDAS_FULL,
    EIDAS_MINIMUM,
    MD,
    POST,
    REDIRECT,
    RSA_SHA256,
    SAMLP,
    SHA256,
    SPID,
    SPID_ATTRIBUTES,
    TRANSIENT,
    XML,
)

type Element = Any  # the stubs of lxml call it `_Element`
SIGNED_BOOLEANS: Final = {"AuthnRequestsSigned": "true", "WantAssertionsSigned": "true"}


@dataclass(frozen=True, slots=True)
class Aggregator:
    """Who federates the Comuni for SPID, and is CIE's technical partner: the Città metropolitana."""

    name: str
    ipa_code: str
    vat_number: str
    fiscal_code: str
    belfiore_code: str
    province: str
    email: str
    phone: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What the metadata of one entity say. `certificates`: base64 DER in one line, the one that signs first."""

    entity_id: str
    consumer_url: str
    logout_url: str
    ipa_code: str
    belfiore_code: str
    organization: str
    organization_url: str
    email: str
    phone: str
    certificates: tuple[str, ...]
    aggregator: Aggregator | None


def spid_metadata(facts: Facts) -> Element:
    """Unsigned metadata for SPID; aggregated when there is an aggregator, direct otherwise."""
    root = _root(facts, {"spid": SPID})
    descriptor = _descriptor(root, facts)
    _service(descriptor, 0, _it("Servizi scolastici", "Accesso ai servizi scolastici del Comune"), SPID_ATTRIBUTES)
    _service(descriptor, 99, _it("eIDAS Natural Person Minimum Attribute Set"), EIDAS_MINIMUM)
    _service(descriptor, 100, _it("eIDAS Natural Person Full Attribute Set"), EIDAS_FULL)
    _organization(root, facts, languages=("it",))
    if facts.aggregator is None:
        _public_contact(root, facts)
    else:
        _aggregator_contact(root, facts.aggregator)
        _aggregated_contact(root, facts)
    return root


def cie_metadata(facts: Facts, partner: Aggregator) -> Element:
    """Unsigned metadata for CIE: there is no aggregator, the partner is the technical contact."""
    root = _root(facts, {"cie": CIE})
    descriptor = _descriptor(root, facts)
    _service(descriptor, 0, _it(f"urn:uuid:{_uuid(facts)}", "Accesso ai servizi scolastici"), CIE_ATTRIBUTES)
    _organization(root, facts, languages=("it", "en"))
    extensions = _contact(root, "administrative", facts.organization, facts.email, facts.phone)
    _in(extensions, CIE, "Public")
    _in(extensions, CIE, "IPACode", facts.ipa_code)
    _in(extensions, CIE, "Municipality", facts.belfiore_code.upper())
    _in(extensions, CIE, "Province", partner.province)
    _in(extensions, CIE, "Country", "IT")
    extensions = _contact(root, "technical", partner.name, partner.email, partner.phone)
    _in(extensions, CIE, "Public")
    _in(extensions, CIE, "IPACode", partner.ipa_code)
    _in(extensions, CIE, "Municipality", partner.belfiore_code.upper())
    _in(extensions, CIE, "Province", partner.province)
    _in(extensions, CIE, "Country", "IT")
    return root


def signed(root: Element, *, key: str, certificate: str) -> bytes:
    """The metadata as published: RSA-SHA256 over the whole, made by the toolkit."""
    root.set("ID", f"_{sha256(etree.tostring(root, method='c14n')).hexdigest()[:32]}")
    text = etree.tostring(root, encoding="unicode")
    result = OneLogin_Saml2_Utils.add_sign(text, key, certificate, sign_algorithm=RSA_SHA256, digest_algorithm=SHA256)
    return result if isinstance(result, bytes) else result.encode()


def _root(facts: Facts, extension: dict[str, str]) -> Element:
    spaces: dict[str, str] = {"md": MD, "ds": DS, "samlp": SAMLP, **extension}
    return etree.Element(f"{{{MD}}}EntityDescriptor", nsmap=spaces, entityID=facts.entity_id)


def _descriptor(root: Element, facts: Facts) -> Element:
    descriptor = _in(root, MD, "SPSSODescriptor", **SIGNED_BOOLEANS, protocolSupportEnumeration=SAMLP)
    for certificate in facts.certificates:
        key = _in(descriptor, MD, "KeyDescriptor", use="signing")
        _in(_in(_in(key, DS, "KeyInfo"), DS, "X509Data"), DS, "X509Certificate", certificate)
    _in(descriptor, MD, "SingleLogoutService", Binding=REDIRECT, Location=facts.logout_url)
    _in(descriptor, MD, "NameIDFormat", TRANSIENT)
    _in(
        descriptor,
        MD,
        "AssertionConsumerService",
        Binding=POST,
        Location=facts.consumer_url,
        index="0",
        isDefault="true",
    )
    return descriptor


def _service(descriptor: Element, index: int, words: Sequence[tuple[str, str]], attributes: Sequence[str]) -> None:
    service = _in(descriptor, MD, "AttributeConsumingService", index=str(index))
    for name, text in words:
        _in(service, MD, name, text, **{f"{{{XML}}}lang": "it"})
    for attribute in attributes:
        _in(service, MD, "RequestedAttribute", Name=attribute, NameFormat=BASIC)


def _it(name: str, description: str = "") -> list[tuple[str, str]]:
    return [("ServiceName", name), *([("ServiceDescription", description)] if description else [])]


def _organization(root: Element, facts: Facts, *, languages: Sequence[str]) -> None:
    organization = _in(root, MD, "Organization")
    for name, text in (
        ("OrganizationName", facts.organization),
        ("OrganizationDisplayName", facts.organization),
        ("OrganizationURL", facts.organization_url),
    ):
        for language in languages:
            _in(organization, MD, name, text, **{f"{{{XML}}}lang": language})


def _public_contact(root: Element, facts: Facts) -> None:
    extensions = _contact(root, "other", "", facts.email, facts.phone)
    _in(extensions, SPID, "IPACode", facts.ipa_code)
    _in(extensions, SPID, "Public")


def _aggregator_contact(root: Element, aggregator: Aggregator) -> None:
    extensions = _contact(root, "other", aggregator.name, aggregator.email, aggregator.phone, role="aggregator")
    _in(extensions, SPID, "VATNumber", aggregator.vat_number)
    _in(extensions, SPID, "FiscalCode", aggregator.fiscal_code)
    _in(extensions, SPID, "IPACode", aggregator.ipa_code)
    _in(extensions, SPID, "PublicServicesFullAggregator")


def _aggregated_contact(root: Element, facts: Facts) -> None:
    extensions = _contact(root, "other", facts.organization, "", "", role="aggregated")
    _in(extensions, SPID, "IPACode", facts.ipa_code)
    _in(extensions, SPID, "Public")


def _contact(root: Element, kind: str, company: str, email: str, phone: str, *, role: str = "") -> Element:
    """A contact, and its extensions to fill."""
    contact = _in(root, MD, "ContactPerson", contactType=kind)
    if role:
        contact.set(f"{{{SPID}}}entityType", f"spid:{role}")
    extensions = _in(contact, MD, "Extensions")
    for name, text in (("Company", company), ("EmailAddress", email), ("TelephoneNumber", phone)):
        if text:
            _in(contact, MD, name, text)
    return extensions


def _uuid(facts: Facts) -> str:
    """CIE wants a UUID as the name of a set of attributes: one that follows from the entity."""
    digest = sha256(f"{facts.entity_id} 0".encode()).hexdigest()
    return f"{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-8{digest[17:20]}-{digest[20:32]}"


def _in(parent: Element, space: str, name: str, text: str | None = None, **attributes: str) -> Element:
    child = etree.SubElement(parent, f"{{{space}}}{name}", attributes)
    child.text = text
    return child
