"""Signatures that are the provider's own and true, but not as SAML wants them; a stranger's look the same."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import xmlsec
from lxml import etree

from integrations.spid_cie.saml.names import DS, NAMES, saml
from integrations.spid_cie.simulator import answers
from tests.spid_cie.crafting import ANSWER, pair_named

XPATH = "http://www.w3.org/TR/1999/REC-xpath-19991116"
OUR_TRANSFORMS = (xmlsec.Transform.ENVELOPED, xmlsec.Transform.EXCL_C14N)


@dataclass(frozen=True)
class Style:
    """How an element is signed. `uris` are what the signature covers; None stands for the element itself."""

    method: Any = xmlsec.Transform.RSA_SHA256
    digest: Any = xmlsec.Transform.SHA256
    canonical: Any = xmlsec.Transform.EXCL_C14N
    transforms: tuple[Any, ...] = OUR_TRANSFORMS
    uris: tuple[str | None, ...] = (None,)
    certificate: bool = True
    before: Callable[[Any], None] | None = None


def sign(element: Any, style: Style = Style(), key: str = "provider") -> None:
    """Signs an element where it stands, after its issuer."""
    pair = pair_named(key)
    signature = xmlsec.template.create(element, style.canonical, style.method, ns="ds")
    element.find(saml("Issuer")).addnext(signature)
    for uri in style.uris:
        covered = f"#{element.get('ID')}" if uri is None else uri
        reference = xmlsec.template.add_reference(signature, style.digest, uri=covered)
        for transform in style.transforms:
            xmlsec.template.add_transform(reference, transform)
    if style.certificate:
        xmlsec.template.add_x509_data(xmlsec.template.ensure_key_info(signature))
    if style.before is not None:
        style.before(signature)
    xmlsec.tree.add_ids(element.getroottree().getroot(), ["ID"])
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(pair.key, xmlsec.KeyFormat.PEM, None)
    context.key.load_cert_from_memory(pair.certificate, xmlsec.KeyFormat.PEM)
    context.sign(signature)


@dataclass(frozen=True)
class Oddly:
    """A perfect answer whose assertion, or response, is signed in an odd style."""

    style: Style
    response: bool = False
    cie: bool = False

    def text(self, answer: answers.Answer = ANSWER) -> bytes:
        """The message; with `response` the assertion is signed as usual, and around it the response oddly."""
        root = etree.fromstring(etree.tostring(answers.success(replace(answer, is_cie=self.cie))))
        sign(root.find(saml("Assertion")), Style() if self.response else self.style)
        if self.response:
            sign(root, self.style)
        return bytes(etree.tostring(root))


def with_path(expression: str) -> Callable[[Any], None]:
    """Adds an XPath transform to the first reference."""

    def before(signature: Any) -> None:
        transforms = _inside(signature, "Transforms")
        transform = etree.SubElement(transforms, f"{{{DS}}}Transform", Algorithm=XPATH)
        etree.SubElement(transform, f"{{{DS}}}XPath").text = expression

    return before


def with_manifest(signature: Any) -> None:
    """Adds references that are read although the signature does not need them."""
    thing = etree.SubElement(signature, f"{{{DS}}}Object")
    manifest = etree.SubElement(thing, f"{{{DS}}}Manifest")
    manifest.append(etree.fromstring(etree.tostring(_inside(signature, "Reference"))))


def _inside(signature: Any, name: str) -> Any:
    """By XPath: `find` does not see the elements that xmlsec has made."""
    return signature.xpath(f".//ds:{name}", namespaces=NAMES)[0]
