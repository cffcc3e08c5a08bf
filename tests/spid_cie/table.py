"""Writes docs/spid-checks.md: each check in words, and what becomes of its wrong answers when it is switched off.

`python -m tests.spid_cie.table` writes the file; a test compares it.
"""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from integrations.spid_cie.saml.checks import ALL
from tests.spid_cie.cases import CASES
from tests.spid_cie.protections import PROTECTIONS

PAGE = Path(__file__).parents[2] / "docs" / "spid-checks.md"
BEGIN, END = "<!-- table: python -m tests.spid_cie.table -->", "<!-- end of the table -->"
RULES = {
    "response_version": "The Response is of version 2.0.",
    "response_id": "The Response has an ID, of at most 160 characters.",
    "response_issue_instant": "The Response says when it was issued, in UTC.",
    "response_issued_before_request": "Not before the request (60 seconds of skew).",
    "response_issued_in_future": "Not later than now (60 seconds of skew).",
    "response_in_response_to": "The Response answers the request of this login.",
    "response_destination": "Destination is our consumer address, to the letter.",
    "response_issuer": "The Response was issued by the provider that was asked.",
    "response_issuer_format": "The Format of its Issuer is `entity` or absent.",
    "one_assertion": "One Assertion in the whole document, encrypted ones counted.",
    "assertion_place": "The Assertion is a child of the Response.",
    "assertion_version": "The Assertion is of version 2.0.",
    "assertion_id": "The Assertion has an ID, of at most 160 characters.",
    "assertion_issue_instant": "The Assertion says when it was issued, in UTC.",
    "assertion_issued_before_request": "Not before the request (60 seconds of skew).",
    "assertion_issued_in_future": "Not later than now (60 seconds of skew).",
    "assertion_issuer": "The Assertion was issued by the provider that was asked.",
    "assertion_issuer_format": "The Format of its Issuer is `entity`; CIE: or absent.",
    "encrypted": "Nothing is encrypted.",
    "name_id": "There is a NameID, not empty.",
    "name_id_format": "It is transient.",
    "name_qualifier": "It has a NameQualifier.",
    "one_confirmation": "One SubjectConfirmation.",
    "confirmation_method": "Its Method is bearer.",
    "confirmation_data": "It has its data.",
    "recipient": "Recipient is our consumer address, to the letter.",
    "confirmation_in_response_to": "The confirmation answers the request of this login.",
    "confirmation_not_on_or_after": "The confirmation says until when it is good.",
    "confirmation_too_early": "A beginning, if it has one, has come (60 seconds of skew).",
    "confirmation_over": "It is still good (60 seconds of skew).",
    "one_conditions": "One Conditions element.",
    "not_before": "The conditions say from when they hold.",
    "too_early": "They hold already (60 seconds of skew).",
    "not_on_or_after": "The conditions say until when they hold.",
    "too_late": "They still hold (60 seconds of skew).",
    "audience": "One audience: our entity, to the letter.",
    "one_authn_statement": "One AuthnStatement.",
    "session_over": "The end of the provider's session, if given, has not come.",
    "one_level": "One AuthnContextClassRef.",
    "level": "A SPID level, the one asked for or higher.",
    "attributes": "There are attributes.",
    "attribute_name": "Each has a name.",
    "attribute_twice": "None comes twice.",
    "one_value": "Each has one value.",
    "required_attributes": "Name, family name, fiscal number and date of birth are there, not empty.",
    "name_length": "Names fit an account: at most 80 letters.",
    "birth_date": "The date of birth is a date: ages are reckoned from it.",
    "weak_algorithm": "Signatures are RSA with SHA-256 or better, digests SHA-256 or better.",
    "signature_reference": "Each signature refers once, to the element in which it stands: no file, no address.",
    "signature_transforms": "Only the transforms of SAML core 5.4: no stylesheet, no path.",
}


def table() -> str:
    """The table, between its two marks."""
    head = ["| check | rule | when it is off, its wrong answers are |", "|---|---|---|"]
    checks = [f"| `{check.code}` | {RULES[check.code]} | {_turned(check.code)} |" for check in ALL]
    other = [f"| {one.name} | {one.rule} | {one.words}: **{one.off}** (on: `{one.on}`) |" for one in PROTECTIONS]
    return "\n".join([BEGIN, *head, *checks, *other, END])


def without(code: str) -> dict[str, str]:
    """What becomes of the wrong answers of a check when it alone is off: words -> outcome."""
    rest = tuple(check for check in ALL if check.code != code)
    return {case.words: case.outcome(rest) for case in CASES if case.code == code}


def _turned(code: str) -> str:
    return "; ".join(_grouped(without(code)))


def _grouped(outcomes: dict[str, str]) -> Iterator[str]:
    """Accepted ones first, then those that another check refuses, in the order of their codes."""
    ordered = sorted(outcomes.items(), key=lambda one: (one[1] != "accepted", one[1]))
    for outcome, cases in groupby(ordered, key=lambda one: one[1]):
        names = ", ".join(words.replace("|", "\\|") for words, _outcome in cases)
        yield f"**accepted**: {names}" if outcome == "accepted" else f"`{outcome}`: {names}"


def written(page: str) -> str:
    """The page with a fresh table."""
    before, _mark, rest = page.partition(BEGIN)
    _old, _mark, after = rest.partition(END)
    return f"{before}{table()}{after}"


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text()))
