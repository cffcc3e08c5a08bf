"""For each check the answers that are wrong in that one way: really signed by the provider, perfect in all else."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import xmlsec

from integrations.spid_cie.saml.checks import ALL, Check
from integrations.spid_cie.saml.names import BEARER, ENTITY, TRANSIENT
from integrations.spid_cie.simulator.answers import written
from tests.spid_cie.crafting import (
    CONSUMER,
    EXPECTED,
    NOW,
    PROVIDER,
    REQUEST,
    US,
    Made,
    add,
    after,
    at,
    both,
    double,
    drop,
    outcome,
    put,
    remove,
    say,
)
from tests.spid_cie.odd_signatures import OUR_TRANSFORMS, Oddly, Style, with_manifest, with_path

ASSERTION = "saml:Assertion"
SUBJECT = f"{ASSERTION}/saml:Subject"
NAME_ID = f"{SUBJECT}/saml:NameID"
CONFIRMATION = f"{SUBJECT}/saml:SubjectConfirmation"
DATA = f"{CONFIRMATION}/saml:SubjectConfirmationData"
CONDITIONS = f"{ASSERTION}/saml:Conditions"
RESTRICTION = f"{CONDITIONS}/saml:AudienceRestriction"
STATEMENT = f"{ASSERTION}/saml:AuthnStatement"
CONTEXT = f"{STATEMENT}/saml:AuthnContext"
LEVEL = f"{CONTEXT}/saml:AuthnContextClassRef"
ATTRIBUTES = f"{ASSERTION}/saml:AttributeStatement"
LONG_AGO, LATER = written(NOW - timedelta(minutes=5)), written(NOW + timedelta(minutes=5))
NO_INSTANTS = {
    "empty": "",
    "not a date": "yesterday",
    "a date only": "2026-11-23",
    "without its zone": "2026-11-23T09:00:00",
    "with an offset": "2026-11-23T10:00:00+01:00",
    "on 31 February": "2026-02-31T09:00:00Z",
    "in the year 0": "0000-01-01T00:00:00Z",
    "after the end of time": "9999-12-31T23:59:59.999999999Z",
    "in Arabic digits": "٢٠٢٦-11-23T09:00:00Z",
}
NEARLY_OURS = {
    "empty": "",
    "of somebody else": "https://evil.example.it/spid/acs",
    "with something after it": f"{CONSUMER}.evil.example.it",
    "with a path below it": f"{CONSUMER}/x",
    "with a query": f"{CONSUMER}?next=x",
    "cut short": CONSUMER[:-1],
    "inside another address": f"https://evil.example.it/?{CONSUMER}",
    "over plain http": CONSUMER.replace("https", "http"),
    "in capitals": CONSUMER.upper(),
    "with a space": f" {CONSUMER}",
}
NEARLY_ENTITY = {"empty": "", "transient": TRANSIENT, "with something after it": f"{ENTITY}x", "cut short": ENTITY[:-1]}


def attribute(name: str) -> str:
    """Where one of the person's attributes stands."""
    return f"{ATTRIBUTES}/saml:Attribute[@Name='{name}']"


@dataclass(frozen=True)
class Case:
    """An answer that is refused with `code`; `words` say what is wrong."""

    code: str
    words: str
    made: Made | Oddly
    level: int = EXPECTED.level

    def __str__(self) -> str:
        return f"{self.code}: {self.words}"

    def outcome(self, checks: tuple[Check, ...] = ALL) -> str:
        """What becomes of it under these checks."""
        expected = replace(EXPECTED, is_cie=self.made.cie, level=self.level)
        return outcome(self.made.text(), checks=checks, expected=expected)


def _on_response() -> Iterator[Case]:
    yield _case("response_version", "missing", drop("", "Version"))
    for version in ("", "1.1", "2", "2.00", "3.0"):
        yield _case("response_version", f"«{version}»", put("", "Version", version))
    yield _case("response_id", "missing", drop("", "ID"), sign_response=False)
    yield _case("response_id", "empty", put("", "ID", ""), sign_response=False)
    yield _case("response_id", "longer than the log keeps", put("", "ID", "_" * 161))
    yield from _instants("response_issue_instant", "", "IssueInstant")
    yield _case("response_issued_before_request", "five minutes", put("", "IssueInstant", LONG_AGO))
    yield _case("response_issued_in_future", "five minutes", put("", "IssueInstant", LATER))
    yield from _requests("response_in_response_to", "")
    yield from _addresses("response_destination", "", "Destination")
    yield from _issuers("response_issuer", "saml:Issuer")
    for words, value in NEARLY_ENTITY.items():
        yield _case("response_issuer_format", words, put("saml:Issuer", "Format", value))
    yield _case("response_issuer_format", "CIE: transient", put("saml:Issuer", "Format", TRANSIENT), cie=True)


def _on_assertion() -> Iterator[Case]:
    yield _case("one_assertion", "none", remove(ASSERTION))
    yield _case("one_assertion", "two equal", double(ASSERTION), sign_assertion=False)
    yield _case("one_assertion", "a second one in Advice", after(CONDITIONS, f"<saml:Advice>{SECOND}</saml:Advice>"))
    yield _case("one_assertion", "an encrypted one in Advice", after(CONDITIONS, ENCRYPTED_ADVICE))
    yield _case("assertion_place", "inside the extensions", _into_extensions, sign_assertion=False)
    yield _case("assertion_version", "missing", drop(ASSERTION, "Version"))
    for version in ("", "1.1", "2", "3.0"):
        yield _case("assertion_version", f"«{version}»", put(ASSERTION, "Version", version))
    yield _case("assertion_id", "missing", drop(ASSERTION, "ID"), sign_assertion=False)
    yield _case("assertion_id", "empty", put(ASSERTION, "ID", ""), sign_assertion=False)
    yield _case("assertion_id", "longer than the log keeps", put(ASSERTION, "ID", "_" * 161))
    yield from _instants("assertion_issue_instant", ASSERTION, "IssueInstant")
    yield _case("assertion_issued_before_request", "five minutes", put(ASSERTION, "IssueInstant", LONG_AGO))
    yield _case("assertion_issued_in_future", "five minutes", put(ASSERTION, "IssueInstant", LATER))
    yield from _issuers("assertion_issuer", f"{ASSERTION}/saml:Issuer")
    issuer = f"{ASSERTION}/saml:Issuer"
    yield _case("assertion_issuer_format", "missing", drop(issuer, "Format"))
    for words, value in NEARLY_ENTITY.items():
        yield _case("assertion_issuer_format", words, put(issuer, "Format", value))
    yield _case("assertion_issuer_format", "CIE: transient", put(issuer, "Format", TRANSIENT), cie=True)
    yield _case("encrypted", "an encrypted attribute", add(ATTRIBUTES, ENCRYPTED_ATTRIBUTE))


def _on_subject() -> Iterator[Case]:
    yield _case("name_id", "no subject", remove(SUBJECT))
    yield _case("name_id", "missing", remove(NAME_ID))
    yield _case("name_id", "empty", say(NAME_ID, ""))
    yield _case("name_id", "blank", say(NAME_ID, " \n "))
    yield _case("name_id_format", "missing", drop(NAME_ID, "Format"))
    for value in ("", ENTITY, f"{TRANSIENT}x", TRANSIENT[:-1]):
        yield _case("name_id_format", f"«{value}»", put(NAME_ID, "Format", value))
    yield _case("name_qualifier", "missing", drop(NAME_ID, "NameQualifier"))
    yield _case("name_qualifier", "empty", put(NAME_ID, "NameQualifier", ""))
    yield _case("one_confirmation", "none", remove(CONFIRMATION))
    yield _case("one_confirmation", "two", double(CONFIRMATION))
    yield _case("confirmation_method", "missing", drop(CONFIRMATION, "Method"))
    for value in ("", BEARER[:-1], f"{BEARER}s", BEARER.replace("bearer", "sender-vouches")):
        yield _case("confirmation_method", f"«{value}»", put(CONFIRMATION, "Method", value))
    yield _case("confirmation_data", "missing", remove(DATA))
    yield from _addresses("recipient", DATA, "Recipient")
    yield from _requests("confirmation_in_response_to", DATA)
    yield from _instants("confirmation_not_on_or_after", DATA, "NotOnOrAfter")
    yield _case("confirmation_too_early", "five minutes", put(DATA, "NotBefore", LATER))
    yield _case("confirmation_too_early", "not a date", put(DATA, "NotBefore", "tomorrow"))
    yield _case("confirmation_over", "five minutes", put(DATA, "NotOnOrAfter", LONG_AGO))


def _on_conditions() -> Iterator[Case]:
    yield _case("one_conditions", "none", remove(CONDITIONS))
    yield _case("one_conditions", "two", double(CONDITIONS))
    yield from _instants("not_before", CONDITIONS, "NotBefore")
    yield _case("too_early", "five minutes", put(CONDITIONS, "NotBefore", LATER))
    yield from _instants("not_on_or_after", CONDITIONS, "NotOnOrAfter")
    yield _case("too_late", "five minutes", put(CONDITIONS, "NotOnOrAfter", LONG_AGO))
    audience = f"{RESTRICTION}/saml:Audience"
    yield _case("audience", "no restriction", remove(RESTRICTION))
    yield _case("audience", "an empty restriction", remove(audience))
    yield _case("audience", "ours twice", double(audience))
    yield _case("audience", "two restrictions", double(RESTRICTION))
    yield _case("audience", "ours and another's", add(RESTRICTION, "<saml:Audience>https://x.it</saml:Audience>"))
    for value in ("", "https://x.it", f"{US}x", US[:-1], f"{US}/", f"https://x.it/?{US}", US.upper()):
        yield _case("audience", f"«{value}»", say(audience, value))


def _on_statements() -> Iterator[Case]:
    yield _case("one_authn_statement", "none", remove(STATEMENT))
    yield _case("one_authn_statement", "two", double(STATEMENT))
    yield _case("one_authn_statement", "a second one without a level", after(STATEMENT, ANOTHER_STATEMENT))
    yield _case("session_over", "five minutes", put(STATEMENT, "SessionNotOnOrAfter", LONG_AGO))
    yield _case("session_over", "not a date", put(STATEMENT, "SessionNotOnOrAfter", "never"))
    yield _case("one_level", "no context", remove(CONTEXT))
    yield _case("one_level", "missing", remove(LEVEL))
    yield _case("one_level", "two", double(LEVEL))
    for value in ("SpidL1", "SpidL0", "SpidL4", "SpidL22", "spidl2", "SpidL", ""):
        yield _case("level", f"«{value}»", say(LEVEL, f"https://www.spid.gov.it/{value}"))
    yield _case("level", "empty", say(LEVEL, ""))
    yield _case("level", "without its address", say(LEVEL, "SpidL2"))
    yield Case("level", "2 where 3 was asked", Made(), level=3)
    yield _case("attributes", "no statement", remove(ATTRIBUTES))
    yield _case("attributes", "an empty statement", _no_attributes)
    yield _case("attribute_name", "missing", drop(attribute("email"), "Name"))
    yield _case("attribute_name", "empty", put(attribute("email"), "Name", ""))
    yield _case("attribute_twice", "in one statement", double(attribute("fiscalNumber")))
    yield _case("attribute_twice", "in a second statement", double(ATTRIBUTES))
    yield _case("one_value", "two", double(f"{attribute('fiscalNumber')}/saml:AttributeValue"))
    yield _case("one_value", "none", remove(f"{attribute('email')}/saml:AttributeValue"))
    for name in ("name", "familyName", "fiscalNumber", "dateOfBirth"):
        yield _case("required_attributes", f"{name} missing", remove(attribute(name)))
    for name in ("name", "familyName", "fiscalNumber"):
        value = f"{attribute(name)}/saml:AttributeValue"
        yield _case("required_attributes", f"{name} empty", say(value, ""))
        yield _case("required_attributes", f"{name} blank", say(value, " \n\t"))
    yield _case("required_attributes", "named in small letters", put(attribute("fiscalNumber"), "Name", "fiscalnumber"))
    for name in ("name", "familyName"):
        yield _case("name_length", f"{name} of 81 letters", say(f"{attribute(name)}/saml:AttributeValue", "è" * 81))
    for born in ("1.1.2000", "2000-02-30", "20000101", "2000-W01-1", "2000-01-01T00:00:00Z", "٢٠٠٠-01-01"):
        value = f"{attribute('dateOfBirth')}/saml:AttributeValue"
        yield _case("birth_date", f"«{born}»", both(say(value, born), _as_words(value)))


def _on_signatures() -> Iterator[Case]:
    transform = xmlsec.Transform
    for response in (False, True):
        of = "response" if response else "assertion"
        for words, style in (
            ("signed with SHA-1", Style(method=transform.RSA_SHA1)),
            ("digested with SHA-1", Style(digest=transform.SHA1)),
            ("digested with SHA-224", Style(digest=transform.SHA224)),
        ):
            yield Case("weak_algorithm", f"{of} {words}", Oddly(style, response))
        for words, style in (
            ("covering the whole document", Style(uris=("",))),
            ("covering itself twice", Style(uris=(None, None))),
            ("with a manifest", Style(before=with_manifest)),
        ):
            yield Case("signature_reference", f"{of} {words}", Oddly(style, response))
        for words, style in (
            ("with an XPath", Style(before=with_path("true()"))),
            ("with inclusive canonicalization", Style(transforms=(OUR_TRANSFORMS[0], transform.C14N))),
        ):
            yield Case("signature_transforms", f"{of} {words}", Oddly(style, response))


def _case(code: str, words: str, spoil: Any, **how: Any) -> Case:
    return Case(code, words, Made(spoil, **how))


def _instants(code: str, path: str, name: str) -> Iterator[Case]:
    yield _case(code, "missing", drop(path, name))
    for words, value in NO_INSTANTS.items():
        yield _case(code, words, put(path, name, value))


def _requests(code: str, path: str) -> Iterator[Case]:
    yield _case(code, "missing", drop(path, "InResponseTo"))
    for value in ("", "_another", f"{REQUEST}x", REQUEST[:-1], REQUEST.upper()):
        yield _case(code, f"«{value[:9]}…{value[-3:]}»", put(path, "InResponseTo", value))


def _addresses(code: str, path: str, name: str) -> Iterator[Case]:
    yield _case(code, "missing", drop(path, name))
    for words, value in NEARLY_OURS.items():
        yield _case(code, words, put(path, name, value))


def _issuers(code: str, path: str) -> Iterator[Case]:
    yield _case(code, "missing", _unnamed(path), sign_response=path != "saml:Issuer", sign_assertion="/" not in path)
    for value in ("", "https://evil.example.it", f"{PROVIDER}x", PROVIDER[:-1], f"{PROVIDER}/", PROVIDER.upper()):
        yield _case(code, f"«{value}»", say(path, value))


def _unnamed(path: str) -> Any:
    """Without its issuer, after which the signature would stand: that element stays unsigned."""
    return remove(path)


def _into_extensions(root: Any) -> None:
    """Where the schema allows anything, but where nobody looks for a statement about a person."""
    assertion = at(root, ASSERTION)
    add("", "<samlp:Extensions/>")(root)
    extensions = root[-1]
    root.remove(extensions)
    root.insert(1, extensions)
    extensions.append(assertion)


def _no_attributes(root: Any) -> None:
    del at(root, ATTRIBUTES)[:]


def _as_words(path: str) -> Any:
    return put(path, "{http://www.w3.org/2001/XMLSchema-instance}type", "xs:string")


SECOND = (
    f'<saml:Assertion ID="_second" Version="2.0" IssueInstant="{written(NOW)}">'
    f"<saml:Issuer>{PROVIDER}</saml:Issuer><saml:Subject><saml:NameID>other</saml:NameID></saml:Subject></saml:Assertion>"
)
SECRET = (
    '<xenc:EncryptedData xmlns:xenc="http://www.w3.org/2001/04/xmlenc#"><xenc:CipherData>'
    "<xenc:CipherValue>AAAA</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>"
)
ENCRYPTED_ATTRIBUTE = f"<saml:EncryptedAttribute>{SECRET}</saml:EncryptedAttribute>"
ENCRYPTED_ADVICE = f"<saml:Advice><saml:EncryptedAssertion>{SECRET}</saml:EncryptedAssertion></saml:Advice>"
ANOTHER_STATEMENT = (
    f'<saml:AuthnStatement AuthnInstant="{written(NOW)}"><saml:AuthnContext>'
    "<saml:AuthnContextDeclRef>urn:x</saml:AuthnContextDeclRef></saml:AuthnContext></saml:AuthnStatement>"
)
CASES: tuple[Case, ...] = (
    *_on_response(),
    *_on_assertion(),
    *_on_subject(),
    *_on_conditions(),
    *_on_statements(),
    *_on_signatures(),
)
