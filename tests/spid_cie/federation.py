"""A federation that signs its list of providers, with real keys."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import xmlsec
from lxml import etree

from integrations.spid_cie.certificates import Pair, bare, make_pair
from integrations.spid_cie.saml.names import DS, MD, POST, REDIRECT, SAMLP
from sportello.kernel import clock


@cache
def pair(name: str) -> Pair:
    """A key of somebody; the same for the same name."""
    return make_pair(
        entity_id=f"https://{name}.example.org",
        organization=name,
        ipa_code=name,
        city="Roma",
        now=clock.now(),
        bits=2048,
    )


@dataclass(frozen=True)
class Idp:
    """A provider as the list says it."""

    name: str
    sso: str = ""
    binding: str = REDIRECT
    certificates: tuple[str, ...] = ("one",)

    @property
    def entity_id(self) -> str:
        return f"https://{self.name}.example.org/idp"


def listed(idps: Iterable[Idp], **attributes: str) -> Any:
    """The list, unsigned."""
    root = etree.Element(f"{{{MD}}}EntitiesDescriptor", nsmap={"md": MD, "ds": DS}, ID="_list", **attributes)
    for idp in idps:
        entity = etree.SubElement(root, f"{{{MD}}}EntityDescriptor", entityID=idp.entity_id)
        descriptor = etree.SubElement(entity, f"{{{MD}}}IDPSSODescriptor", protocolSupportEnumeration=SAMLP)
        for word in idp.certificates:
            key = etree.SubElement(descriptor, f"{{{MD}}}KeyDescriptor", use="signing")
            data = etree.SubElement(etree.SubElement(key, f"{{{DS}}}KeyInfo"), f"{{{DS}}}X509Data")
            etree.SubElement(data, f"{{{DS}}}X509Certificate").text = bare(pair(word).certificate)
        sso = idp.sso or f"https://{idp.name}.example.org/sso"
        etree.SubElement(descriptor, f"{{{MD}}}SingleLogoutService", Binding=REDIRECT, Location=f"{sso}/slo")
        etree.SubElement(descriptor, f"{{{MD}}}SingleSignOnService", Binding=POST, Location=f"{sso}/post")
        etree.SubElement(descriptor, f"{{{MD}}}SingleSignOnService", Binding=idp.binding, Location=sso)
        organization = etree.SubElement(entity, f"{{{MD}}}Organization")
        etree.SubElement(organization, f"{{{MD}}}OrganizationDisplayName").text = f"Gestore {idp.name}"
    return root


def signed(
    root: Any,
    by: str = "agid",
    *,
    shown: str = "",
    method: Any = xmlsec.Transform.RSA_SHA256,
    uri: str = "#_list",
    canonical: Any = xmlsec.Transform.EXCL_C14N,
) -> bytes:
    """The list, signed by somebody; `shown` puts somebody else's certificate beside the signature."""
    signature = xmlsec.template.create(root, xmlsec.Transform.EXCL_C14N, method, ns="ds")
    root.insert(0, signature)
    digest = xmlsec.Transform.SHA1 if method == xmlsec.Transform.RSA_SHA1 else xmlsec.Transform.SHA256
    reference = xmlsec.template.add_reference(signature, digest, uri=uri)
    xmlsec.template.add_transform(reference, xmlsec.Transform.ENVELOPED)
    xmlsec.template.add_transform(reference, canonical)
    data = etree.SubElement(xmlsec.template.ensure_key_info(signature), f"{{{DS}}}X509Data")
    etree.SubElement(data, f"{{{DS}}}X509Certificate").text = bare(pair(shown or by).certificate)
    xmlsec.tree.add_ids(root, ["ID"])
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(pair(by).key, xmlsec.KeyFormat.PEM)
    context.sign(signature)
    return bytes(etree.tostring(root))
