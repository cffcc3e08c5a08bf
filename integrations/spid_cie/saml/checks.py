"""What an answer must say, one check a line of the rules. Each may be read, tested and switched off by itself.

SPID technical rules (single-sign-on.rst) and CIE's differences. The signature is the toolkit's matter; these checks
trust nothing before it was verified. They are run before it because they are cheap, and because xmlsec does what a
signature tells it (reads files, transforms) before it finds out that the signature is nobody's.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from integrations.spid_cie.saml.names import (
    BEARER,
    DIGEST_ALGORITHMS,
    ENTITY,
    ENVELOPED,
    EXCLUSIVE,
    INCLUSIVE,
    REQUIRED_ATTRIBUTES,
    SIGNATURE_ALGORITHMS,
    TRANSIENT,
)
from integrations.spid_cie.saml.received import SKEW, Received, day, instant, text_of

LONGEST_ID: Final = 160  # what the log keeps of one
LONGEST_NAME: Final = 80  # what an account keeps of one


@dataclass(frozen=True, slots=True)
class Check:
    """`code` is the stable reason of a refusal; `holds` tells whether the answer is right in this respect."""

    code: str
    holds: Callable[[Received], bool]


def failed(received: Received, checks: tuple[Check, ...]) -> str | None:
    """The code of the first check that does not hold; None when all do."""
    return next((check.code for check in checks if not check.holds(received)), None)


def _about_now(moment: datetime | None, r: Received) -> bool:
    return moment is not None and moment <= r.expected.now + SKEW


def _not_before_request(moment: datetime | None, r: Received) -> bool:
    return moment is not None and moment >= r.expected.begun_at.replace(microsecond=0) - SKEW


def _not_over(moment: datetime | None, r: Received) -> bool:
    return moment is not None and r.expected.now - SKEW < moment  # this way round: the year 9999 bears no addition


def _issuer(r: Received, *, of_assertion: bool) -> object:
    return r.first(r.assertion if of_assertion else r.response, "saml:Issuer")


def _attribute(element: object, name: str) -> str | None:
    return None if element is None else element.get(name)  # type: ignore[attr-defined]  # an lxml element


def _issued(element: object) -> datetime | None:
    return instant(_attribute(element, "IssueInstant"))


def _response_issuer_format(r: Received) -> bool:
    """SPID: absent or `entity`."""
    return _attribute(_issuer(r, of_assertion=False), "Format") in {None, ENTITY}


def _assertion_issuer_format(r: Received) -> bool:
    """SPID: `entity`; CIE writes none."""
    allowed = {None, ENTITY} if r.expected.is_cie else {ENTITY}
    return _attribute(_issuer(r, of_assertion=True), "Format") in allowed


def _id(element: object) -> bool:
    return 0 < len(_attribute(element, "ID") or "") <= LONGEST_ID


def _confirmation_begun(r: Received) -> bool:
    """A bearer's confirmation needs no beginning; one that is written must have come."""
    begins = _attribute(r.confirmation_data, "NotBefore")
    return begins is None or _about_now(instant(begins), r)


def _session_not_over(r: Received) -> bool:
    ends = [_attribute(statement, "SessionNotOnOrAfter") for statement in r.statements]
    return all(end is None or _not_over(instant(end), r) for end in ends)


def _values(element: object) -> list[str]:
    return [text_of(value) for value in Received.found(element, "saml:AttributeValue")]


def _no_attribute_twice(r: Received) -> bool:
    names = [attribute.get("Name") for attribute in r.attributes]
    return len(names) == len(set(names))


def _required_attributes(r: Received) -> bool:
    given = {attribute.get("Name") for attribute in r.attributes if any(_values(attribute))}
    return given.issuperset(REQUIRED_ATTRIBUTES)


def _audience(r: Received) -> bool:
    return [text_of(audience) for audience in r.audiences] == [r.expected.entity_id]


def _short_names(r: Received) -> bool:
    named = [attribute for attribute in r.attributes if attribute.get("Name") in {"name", "familyName"}]
    return all(len(value) <= LONGEST_NAME for attribute in named for value in _values(attribute))


def _birth_date(r: Received) -> bool:
    """Ages are reckoned from it: one that cannot be read must not pass for "not known"."""
    born = [attribute for attribute in r.attributes if attribute.get("Name") == "dateOfBirth"]
    return all(day(value) is not None for attribute in born for value in _values(attribute))


def _algorithms(r: Received, path: str) -> set[str]:
    return {_attribute(element, "Algorithm") or "" for one in r.signatures for element in r.found(one, path)}


def _strong_algorithms(r: Received) -> bool:
    methods = _algorithms(r, ".//ds:SignatureMethod")
    return methods <= SIGNATURE_ALGORITHMS and _algorithms(r, ".//ds:DigestMethod") <= DIGEST_ALGORITHMS


def _reference(r: Received) -> bool:
    """Each signature covers the element in which it stands and nothing else: no file, no address, no other element."""
    return all(
        [_attribute(reference, "URI") for reference in r.found(one, ".//ds:Reference")]
        == [f"#{_attribute(one.getparent(), 'ID') or ''}"]
        for one in r.signatures
    )


def _transforms(r: Received) -> bool:
    """Those of SAML core 5.4 alone: stylesheets and paths are programs of a stranger."""
    canonical = _algorithms(r, ".//ds:CanonicalizationMethod")
    used = _algorithms(r, ".//ds:Transform")
    return used <= EXCLUSIVE | {ENVELOPED} and canonical <= EXCLUSIVE | INCLUSIVE


RESPONSE: tuple[Check, ...] = (
    Check("response_version", lambda r: r.response.get("Version") == "2.0"),
    Check("response_id", lambda r: _id(r.response)),
    Check("response_issue_instant", lambda r: _issued(r.response) is not None),
    Check("response_issued_before_request", lambda r: _not_before_request(_issued(r.response), r)),
    Check("response_issued_in_future", lambda r: _about_now(_issued(r.response), r)),
    Check("response_in_response_to", lambda r: r.response.get("InResponseTo") == r.expected.request_id),
    Check("response_destination", lambda r: r.response.get("Destination") == r.expected.consumer_url),
    Check("response_issuer", lambda r: text_of(_issuer(r, of_assertion=False)) == r.expected.provider),
    Check("response_issuer_format", _response_issuer_format),
)
ASSERTION: tuple[Check, ...] = (
    Check("one_assertion", lambda r: len(r.assertions) == 1),
    Check("assertion_place", lambda r: r.assertion is not None),
    Check("assertion_version", lambda r: _attribute(r.assertion, "Version") == "2.0"),
    Check("assertion_id", lambda r: _id(r.assertion)),
    Check("assertion_issue_instant", lambda r: _issued(r.assertion) is not None),
    Check("assertion_issued_before_request", lambda r: _not_before_request(_issued(r.assertion), r)),
    Check("assertion_issued_in_future", lambda r: _about_now(_issued(r.assertion), r)),
    Check("assertion_issuer", lambda r: text_of(_issuer(r, of_assertion=True)) == r.expected.provider),
    Check("assertion_issuer_format", _assertion_issuer_format),
    Check("encrypted", lambda r: not r.found(r.response, "//saml:EncryptedID | //saml:EncryptedAttribute")),
)
SUBJECT: tuple[Check, ...] = (
    Check("name_id", lambda r: bool(text_of(r.name_id))),
    Check("name_id_format", lambda r: _attribute(r.name_id, "Format") == TRANSIENT),
    Check("name_qualifier", lambda r: bool(_attribute(r.name_id, "NameQualifier"))),
    Check("one_confirmation", lambda r: len(r.found(r.assertion, "saml:Subject/saml:SubjectConfirmation")) == 1),
    Check("confirmation_method", lambda r: _attribute(r.confirmation, "Method") == BEARER),
    Check("confirmation_data", lambda r: r.confirmation_data is not None),
    Check("recipient", lambda r: _attribute(r.confirmation_data, "Recipient") == r.expected.consumer_url),
    Check(
        "confirmation_in_response_to",
        lambda r: _attribute(r.confirmation_data, "InResponseTo") == r.expected.request_id,
    ),
    Check(
        "confirmation_not_on_or_after",
        lambda r: instant(_attribute(r.confirmation_data, "NotOnOrAfter")) is not None,
    ),
    Check("confirmation_too_early", _confirmation_begun),
    Check("confirmation_over", lambda r: _not_over(instant(_attribute(r.confirmation_data, "NotOnOrAfter")), r)),
)
CONDITIONS: tuple[Check, ...] = (
    Check("one_conditions", lambda r: len(r.found(r.assertion, "saml:Conditions")) == 1),
    Check("not_before", lambda r: instant(_attribute(r.conditions, "NotBefore")) is not None),
    Check("too_early", lambda r: _about_now(instant(_attribute(r.conditions, "NotBefore")), r)),
    Check("not_on_or_after", lambda r: instant(_attribute(r.conditions, "NotOnOrAfter")) is not None),
    Check("too_late", lambda r: _not_over(instant(_attribute(r.conditions, "NotOnOrAfter")), r)),
    Check("audience", _audience),
)
STATEMENTS: tuple[Check, ...] = (
    Check("one_authn_statement", lambda r: len(r.statements) == 1),
    Check("session_over", _session_not_over),
    Check("one_level", lambda r: len(r.levels) == 1),
    Check("level", lambda r: r.level >= r.expected.level),  # a provider may always do more
    Check("attributes", lambda r: bool(r.attributes)),
    Check("attribute_name", lambda r: all(attribute.get("Name") for attribute in r.attributes)),
    Check("attribute_twice", _no_attribute_twice),
    Check("one_value", lambda r: all(len(_values(attribute)) == 1 for attribute in r.attributes)),
    Check("required_attributes", _required_attributes),
    Check("name_length", _short_names),
    Check("birth_date", _birth_date),
)
SIGNATURES: tuple[Check, ...] = (
    Check("weak_algorithm", _strong_algorithms),
    Check("signature_reference", _reference),
    Check("signature_transforms", _transforms),
)
ALL: tuple[Check, ...] = (*RESPONSE, *ASSERTION, *SUBJECT, *CONDITIONS, *STATEMENTS, *SIGNATURES)
