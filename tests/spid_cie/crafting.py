"""Answers made to measure: perfect ones, and such as are wrong in one way, signed after they were spoilt.

No database: `outcome` asks the checks and the signature verification alone, at the instant `NOW`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

from lxml import etree
from onelogin.saml2.settings import OneLogin_Saml2_Settings

from integrations.spid_cie.certificates import Pair, bare, make_pair
from integrations.spid_cie.saml.checks import ALL, Check
from integrations.spid_cie.saml.names import NAMES
from integrations.spid_cie.saml.received import Expected
from integrations.spid_cie.saml.response import Authenticated, Refused, Response
from integrations.spid_cie.saml.toolkit import Peer, ServiceProvider, settings_for
from integrations.spid_cie.simulator import answers

type Spoil = Callable[[Any], None]

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CONSUMER = "https://accesso.example.it/spid/acs"
US = "https://accesso.example.it/pub-ag-full/c_a662"
PROVIDER = "https://idp.example.it"
REQUEST = "_" + "a1" * 16
PERSON = {
    "spidCode": "PROV0000000001",
    "name": "Prova",
    "familyName": "Cittadina",
    "fiscalNumber": "TINIT-GDASDV00A01H501J",
    "dateOfBirth": "2000-01-01",
    "email": "prova@example.it",
}
ANSWER = answers.Answer(
    issuer=PROVIDER,
    audience=US,
    consumer_url=CONSUMER,
    request_id=REQUEST,
    level=2,
    attributes=PERSON,
    name_id="_" + "b2" * 16,
    now=NOW,
)
EXPECTED = Expected(
    request_id=REQUEST,
    begun_at=NOW,
    consumer_url=CONSUMER,
    entity_id=US,
    provider=PROVIDER,
    is_cie=False,
    level=2,
    now=NOW,
)


@cache
def pair_named(name: str) -> Pair:
    """A key by its name, made once in a run: the provider's is `provider`."""
    return make_pair(entity_id=name, organization=name, ipa_code="demo", city="Bari", now=NOW, bits=2048)


@cache
def settings_trusting(*names: str) -> OneLogin_Saml2_Settings:
    """The toolkit's settings for a provider with the certificates of these keys."""
    ours = pair_named("ours")
    us = ServiceProvider(US, CONSUMER, "https://accesso.example.it/spid/slo", ours.key.decode(), ours.certificate)
    certificates = tuple(bare(pair_named(name).certificate) for name in names)
    return settings_for(us, Peer(PROVIDER, f"{PROVIDER}/sso", "", certificates, is_cie=False))


@dataclass(frozen=True)
class Made:
    """How a perfect answer is spoilt and which of its two elements the provider then signs."""

    spoil: Spoil | None = None
    cie: bool = False
    sign_assertion: bool = True
    sign_response: bool = True
    key: str = "provider"

    def text(self, answer: answers.Answer = ANSWER) -> bytes:
        """The signed message."""
        known = {name: answer.attributes[name] for name in CIE_ORDER} if self.cie else answer.attributes
        root = answers.success(
            replace(answer, is_cie=self.cie, attributes=known, level=3 if self.cie else answer.level)
        )
        if self.spoil is not None:
            self.spoil(root)
        return answers.sign(root, pair_named(self.key), assertion=self.sign_assertion, response=self.sign_response)


CIE_ORDER = ("name", "familyName", "dateOfBirth", "fiscalNumber")


def read(
    message: bytes,
    *,
    checks: tuple[Check, ...] = ALL,
    expected: Expected = EXPECTED,
    trusting: tuple[str, ...] = ("provider",),
) -> Authenticated:
    """What a message says, by way of the checks. Raises Refused."""
    return read_encoded(answers.encoded(message), checks=checks, expected=expected, trusting=trusting)


def read_encoded(
    words: str,
    *,
    checks: tuple[Check, ...] = ALL,
    expected: Expected = EXPECTED,
    trusting: tuple[str, ...] = ("provider",),
) -> Authenticated:
    """The same for what stands in the form. Raises Refused."""
    response = Response.parse(words)
    if response.failure() is not None:
        raise Refused("failure")
    return response.verified(settings_trusting(*trusting), expected, checks=checks)


def outcome(message: bytes, **how: Any) -> str:
    """`accepted`, or the code of the refusal."""
    try:
        read(message, **how)
    except Refused as refused:
        return refused.code
    return "accepted"


def at(root: Any, path: str) -> Any:
    """The one element at a path, from the Response; the Response itself for the empty path."""
    found = root.xpath(path, namespaces=NAMES) if path else [root]
    assert len(found) >= 1, path
    return found[0]


def put(path: str, name: str, value: str) -> Spoil:
    """Writes an attribute."""
    return lambda root: at(root, path).set(name, value)


def drop(path: str, name: str) -> Spoil:
    """Takes an attribute away."""

    def spoil(root: Any) -> None:
        del at(root, path).attrib[name]

    return spoil


def say(path: str, text: str) -> Spoil:
    """Writes the text of an element."""

    def spoil(root: Any) -> None:
        at(root, path).text = text

    return spoil


def remove(path: str) -> Spoil:
    """Takes an element away."""
    return lambda root: at(root, path).getparent().remove(at(root, path))


def double(path: str) -> Spoil:
    """Writes an element twice."""

    def spoil(root: Any) -> None:
        found = at(root, path)
        found.addnext(etree.fromstring(etree.tostring(found)))

    return spoil


def element(xml: str) -> Any:
    """An element, written with the prefixes `saml`, `samlp`, `ds`."""
    spaces = " ".join(f'xmlns:{prefix}="{space}"' for prefix, space in NAMES.items())
    return etree.fromstring(f"<x {spaces}>{xml}</x>")[0]


def add(path: str, xml: str) -> Spoil:
    """Adds an element as the last one inside another."""
    return lambda root: at(root, path).append(element(xml))


def after(path: str, xml: str) -> Spoil:
    """Adds an element behind another."""
    return lambda root: at(root, path).addnext(element(xml))


def both(*spoils: Spoil) -> Spoil:
    """One way of being wrong that needs several strokes."""

    def spoil(root: Any) -> None:
        for one in spoils:
            one(root)

    return spoil
