"""Reading a federation's list of providers as it was signed: the signature first, then what it covers.

The signer is pinned: its certificate comes from the deployment, never from the list. Pure: bytes in, providers out.
Sources: SPID technical rules, registry; SAML 2.0 metadata.
"""

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from lxml import etree
from onelogin.saml2.errors import OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from integrations.spid_cie.saml.names import DS, MD, REDIRECT, RSA_SHA256, SHA256
from sportello.kernel.errors import DomainError

type Element = Any  # the stubs of lxml call it `_Element`
BIGGEST: Final = 5 * 1024 * 1024
NAMES: Final = {"md": MD, "ds": DS}
RSA_SHA512: Final = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512"
SHA512: Final = "http://www.w3.org/2001/04/xmlenc#sha512"
TRANSFORMS: Final = {
    "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
    "http://www.w3.org/2001/10/xml-exc-c14n#",
    "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
}


class RegistryRefused(DomainError):
    """The list is not taken; the last good copy stays. `reason` never changes: for logs and tests."""

    def __init__(self, reason: str, sentence: str | Promise) -> None:
        super().__init__(sentence)
        self.reason = reason


class SignerChanged(RegistryRefused):
    """Signed with another certificate than the pinned one: a change announced by the federation, or an attack."""

    def __init__(self, signer: str) -> None:
        super().__init__(
            "signer",
            _("L'elenco è firmato con un certificato diverso da quello atteso: chiedi conferma alla federazione."),
        )
        self.signer = signer


@dataclass(frozen=True, slots=True)
class Listed:
    """A provider as the list has it. `certificates`: base64 of the DER, in one line each."""

    entity_id: str
    name: str
    sso_url: str
    slo_url: str
    certificates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Registry:
    """A list whose signature is good. `signer`: SHA-256 of the certificate that signed it."""

    signer: str
    providers: tuple[Listed, ...]
    left_out: tuple[str, ...]


def read_registry(content: bytes, *, pinned: str, now: datetime) -> Registry:
    """The providers of a signed list (one, or an aggregate); `pinned` is the signer's certificate, PEM.

    Those that cannot be used (no https address for redirects, no certificate) are named in `left_out`.
    Raises RegistryRefused, SignerChanged.
    """
    root = _parsed(content)
    signer = _verified(root, content, pinned)
    until = root.get("validUntil", "")
    if until and _moment(until) <= now:
        raise RegistryRefused("expired", _("L'elenco è scaduto."))
    entities = [root] if root.tag == f"{{{MD}}}EntityDescriptor" else root.findall("md:EntityDescriptor", NAMES)
    providers, left_out = [], []
    for entity in entities:
        if entity.find("md:IDPSSODescriptor", NAMES) is None:
            continue
        listed = _listed(entity)
        if listed is None:
            left_out.append(str(entity.get("entityID", ""))[:255])
        else:
            providers.append(listed)
    unique = {one.entity_id: one for one in providers}
    return Registry(signer, tuple(unique.values()), tuple(left_out))


def read_provider(content: bytes) -> Listed:
    """The one provider of metadata that somebody handed over; whoever brings them vouches for them.

    Raises RegistryRefused.
    """
    root = _parsed(content)
    listed = _listed(root) if root.find("md:IDPSSODescriptor", NAMES) is not None else None
    if listed is None:
        raise RegistryRefused(
            "no_provider", _("Il documento non descrive un gestore con indirizzo https e certificato.")
        )
    return listed


def entity_ids(text: str) -> set[str]:
    """Which providers a kept copy lists; it was verified when it was kept."""
    root = etree.fromstring(text.encode(), _parser())
    entities = [root] if root.tag == f"{{{MD}}}EntityDescriptor" else root.findall("md:EntityDescriptor", NAMES)
    return {str(entity.get("entityID")) for entity in entities if entity.find("md:IDPSSODescriptor", NAMES) is not None}


def fingerprint_of_pinned(pinned: str) -> str:
    """SHA-256 of the pinned certificate. Raises RegistryRefused when it is none."""
    try:
        return x509.load_pem_x509_certificate(pinned.encode()).fingerprint(hashes.SHA256()).hex()
    except ValueError as error:
        raise RegistryRefused("pinned", _("Il certificato atteso della federazione non è leggibile.")) from error


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def _parsed(content: bytes) -> Element:
    if len(content) > BIGGEST:
        raise RegistryRefused("too_big", _("L'elenco supera 5 MB."))
    try:
        content.decode()
        root = etree.fromstring(content, _parser())
    except (UnicodeDecodeError, etree.XMLSyntaxError) as error:
        raise RegistryRefused("no_xml", _("L'elenco non è un documento XML valido.")) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise RegistryRefused("dtd", _("L'elenco contiene una DTD: non è ammessa."))
    if root.tag not in {f"{{{MD}}}EntitiesDescriptor", f"{{{MD}}}EntityDescriptor"}:
        raise RegistryRefused("no_metadata", _("Il documento non è un elenco di gestori."))
    return root


def _verified(root: Element, content: bytes, pinned: str) -> str:
    """The fingerprint of the signer. The signature is the root's own and covers the whole document."""
    expected = fingerprint_of_pinned(pinned)
    signatures = root.findall("ds:Signature", NAMES)
    if len(signatures) != 1:
        raise RegistryRefused("unsigned", _("L'elenco non è firmato."))
    _covers(root, signatures[0])
    shown = signatures[0].findtext("ds:KeyInfo/ds:X509Data/ds:X509Certificate", "", NAMES)
    if shown.strip() and (signer := _fingerprint(shown)) != expected:
        raise SignerChanged(signer)
    try:
        OneLogin_Saml2_Utils.validate_metadata_sign(content, cert=pinned, raise_exceptions=True)
    except (OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError, xmlsec.Error) as error:
        raise _bad_signature() from error
    return expected


def _covers(root: Element, signature: Element) -> None:
    """One reference, to the root, with the transforms of SAML alone (core, 5.4.4), nothing weaker than SHA-256."""
    references = signature.findall("ds:SignedInfo/ds:Reference", NAMES)
    identifier = root.get("ID", "")
    if len(references) != 1 or not identifier or references[0].get("URI") != f"#{identifier}":
        raise _bad_signature()
    if len(root.xpath("//*[@ID=$it]", it=identifier)) != 1:  # libxml2 takes the first of two: not to be relied on
        raise _bad_signature()
    transforms = {one.get("Algorithm") for one in references[0].findall("ds:Transforms/ds:Transform", NAMES)}
    method = _algorithm(signature, "ds:SignedInfo/ds:SignatureMethod")
    digest = _algorithm(references[0], "ds:DigestMethod")
    if not transforms <= TRANSFORMS or method not in {RSA_SHA256, RSA_SHA512} or digest not in {SHA256, SHA512}:
        raise _bad_signature()


def _algorithm(parent: Element, path: str) -> str:
    found = parent.find(path, NAMES)
    return "" if found is None else str(found.get("Algorithm", ""))


def _bad_signature() -> RegistryRefused:
    return RegistryRefused("signature", _("La firma dell'elenco non è valida."))


def _listed(entity: Element) -> Listed | None:
    descriptor = entity.find("md:IDPSSODescriptor", NAMES)
    certificates = tuple(dict.fromkeys(_certificates(descriptor)))
    sso = _redirect(descriptor, "SingleSignOnService")
    identifier = str(entity.get("entityID", ""))
    if not sso or not certificates or not 0 < len(identifier) <= 255:
        return None
    return Listed(
        identifier, _name(entity) or identifier[:120], sso, _redirect(descriptor, "SingleLogoutService"), certificates
    )


def _redirect(descriptor: Element, name: str) -> str:
    found = [
        str(one.get("Location", ""))
        for one in descriptor.findall(f"md:{name}", NAMES)
        if one.get("Binding") == REDIRECT and str(one.get("Location", "")).startswith("https://")
    ]
    return found[0] if found and len(found[0]) <= 255 else ""


def _certificates(descriptor: Element) -> list[str]:
    keys = [key for key in descriptor.findall("md:KeyDescriptor", NAMES) if key.get("use", "signing") == "signing"]
    words = [word for key in keys for word in key.findall("ds:KeyInfo/ds:X509Data/ds:X509Certificate", NAMES)]
    found = ("".join((word.text or "").split()) for word in words)
    return [one for one in found if _fingerprint(one)]


def _name(entity: Element) -> str:
    """What people are shown: the display name, in Italian where there is one."""
    for path in ("md:OrganizationDisplayName", "md:OrganizationName"):
        found = entity.findall(f"md:Organization/{path}", NAMES)
        found.sort(key=lambda one: one.get("{http://www.w3.org/XML/1998/namespace}lang") != "it")
        if found and (found[0].text or "").strip():
            return " ".join(found[0].text.split())[:120]
    return ""


def _fingerprint(words: str) -> str:
    """SHA-256 of a certificate in base64; empty when it is none."""
    try:
        der = base64.b64decode("".join(words.split()), validate=True)
        return x509.load_der_x509_certificate(der).fingerprint(hashes.SHA256()).hex()
    except (binascii.Error, ValueError):
        return ""


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise RegistryRefused("expired", _("La scadenza dell'elenco non è leggibile.")) from error
    if moment.tzinfo is None:
        raise RegistryRefused("expired", _("La scadenza dell'elenco non è leggibile."))
    return moment
