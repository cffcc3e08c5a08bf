"""One correctly signed answer wrong in exactly one way, for every way; and the good ones that look unusual."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from lxml import etree

from integrations.spid_cie.saml.checks import ALL
from integrations.spid_cie.saml.names import BASIC, saml
from integrations.spid_cie.simulator import answers
from integrations.spid_cie.simulator.answers import written
from tests.spid_cie.cases import (
    ASSERTION,
    ATTRIBUTES,
    CASES,
    CONDITIONS,
    DATA,
    LATER,
    LEVEL,
    NAME_ID,
    STATEMENT,
    Case,
    attribute,
)
from tests.spid_cie.crafting import (
    ANSWER,
    EXPECTED,
    NOW,
    PERSON,
    Made,
    Spoil,
    add,
    both,
    drop,
    outcome,
    pair_named,
    put,
    read,
    remove,
    say,
)


def test_every_check_has_a_case_of_its_own() -> None:
    assert {case.code for case in CASES} == {check.code for check in ALL}
    assert len({check.code for check in ALL}) == len(ALL)
    assert len({str(case) for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_an_answer_wrong_in_one_way_is_refused_for_that(case: Case) -> None:
    assert case.outcome() == case.code


def _millis(root: Any) -> None:
    for element in root.iter():
        for name in ("IssueInstant", "NotBefore", "NotOnOrAfter", "AuthnInstant"):
            if name in element.attrib:
                element.set(name, element.get(name).replace("Z", ".123Z"))


GOOD: dict[str, Made] = {
    "as it should be": Made(),
    "response issuer without format": Made(drop("saml:Issuer", "Format")),
    "milliseconds": Made(_millis),
    "level 3 for 2": Made(say(LEVEL, "https://www.spid.gov.it/SpidL3")),
    "only the assertion signed": Made(sign_response=False),
    "with a session index": Made(put(STATEMENT, "SessionIndex", "_1")),
    "with the end of the session": Made(put(STATEMENT, "SessionNotOnOrAfter", LATER)),
    "good until the end of the calendar": Made(
        both(*(put(path, "NotOnOrAfter", "9999-12-31T23:59:59Z") for path in (DATA, CONDITIONS)))
    ),
    "confirmation with a beginning": Made(put(DATA, "NotBefore", written(NOW))),
    "without email": Made(remove(attribute("email"))),
    "with an attribute nobody asked for": Made(
        add(
            ATTRIBUTES,
            f'<saml:Attribute Name="gender" NameFormat="{BASIC}">'
            "<saml:AttributeValue>F</saml:AttributeValue></saml:Attribute>",
        )
    ),
    "blanks around the level": Made(say(LEVEL, "\n  https://www.spid.gov.it/SpidL2\n ")),
    "an email nobody can write to": Made(say(f"{attribute('email')}/saml:AttributeValue", "x")),
    "a consent": Made(put("", "Consent", "urn:oasis:names:tc:SAML:2.0:consent:obtained")),
}


@pytest.mark.parametrize("made", GOOD.values(), ids=GOOD)
def test_good_answers_that_look_unusual_are_taken(made: Made) -> None:
    read_person = read(made.text()).attributes
    assert {name: read_person[name] for name in PERSON if name != "email"} == {
        name: value for name, value in PERSON.items() if name != "email"
    }


@pytest.mark.parametrize("sign_response", [True, False])
def test_an_answer_of_cie_is_taken_as_cie_and_not_as_spid(sign_response: bool) -> None:
    """Issuers without format, four attributes, level 3."""
    message = Made(cie=True, sign_response=sign_response).text()
    taken = read(message, expected=replace(EXPECTED, is_cie=True))
    assert (taken.level, set(taken.attributes)) == (3, {"name", "familyName", "dateOfBirth", "fiscalNumber"})
    assert outcome(message) == "assertion_issuer_format"


def test_a_provider_may_sign_with_either_of_its_two_certificates() -> None:
    for key in ("provider", "provider's next"):
        assert outcome(Made(key=key).text(), trusting=("provider", "provider's next")) == "accepted"
        assert outcome(Made(key=key).text(), trusting=("provider's next", "provider")) == "accepted"
    assert outcome(Made(key="provider's next").text()) == "signature"
    assert outcome(Made(key="third").text(), trusting=("provider", "provider's next")) == "signature"


@pytest.mark.parametrize("minutes", [1, 4, 14])
def test_an_answer_may_take_its_time_as_long_as_it_is_still_good(minutes: int) -> None:
    later = NOW + timedelta(minutes=minutes)
    late = replace(ANSWER, now=later)
    assert outcome(Made().text(late), expected=replace(EXPECTED, now=later)) == "accepted"


COMMENTS: dict[str, Callable[[str], str]] = {
    "before": lambda words: f"<!-- x -->{words}",
    "within": lambda words: f"{words[:3]}<!-- x -->{words[3:]}",
    "after": lambda words: f"{words}<!-- x -->",
    "a processing instruction": lambda words: f"{words[:3]}<?x y?>{words[3:]}",
}


def _with_comments(path: str, words: str, written_as: Callable[[str], str]) -> Spoil:
    def spoil(root: Any) -> None:
        value = root.xpath(path, namespaces={"saml": saml("")[1:-1]})[0]
        fresh = etree.fromstring(f"<x>{written_as(words)}</x>")
        value.text = fresh.text
        value.extend(fresh)

    return spoil


@pytest.mark.parametrize("written_as", COMMENTS.values(), ids=COMMENTS)
@pytest.mark.parametrize("name", ["fiscalNumber", "name", "NameID"])
def test_a_comment_inside_a_value_cuts_nothing_off(name: str, written_as: Callable[[str], str]) -> None:
    """Before signing: the provider itself wrote it. Afterwards: see the attacks."""
    words = ANSWER.name_id if name == "NameID" else PERSON[name]
    path = NAME_ID if name == "NameID" else f"{attribute(name)}/saml:AttributeValue"
    root = answers.success(ANSWER)
    _with_comments(path, words, written_as)(root)
    taken = read(answers.sign(root, pair_named("provider")))
    assert (taken.attributes[name] if name != "NameID" else taken.name_id) == words


@pytest.mark.parametrize(
    "spoil",
    [
        add("", "<saml:Issuer>x</saml:Issuer>"),
        add(ASSERTION, "<saml:Subject><saml:NameID>x</saml:NameID></saml:Subject>"),
        add("", "<samlp:Unknown/>"),
        put("", "Unknown", "x"),
        drop(STATEMENT, "AuthnInstant"),
    ],
    ids=["two issuers", "two subjects", "an unknown element", "an unknown attribute", "no instant of login"],
)
def test_what_no_check_looks_at_is_kept_out_by_the_schema(spoil: Spoil) -> None:
    assert outcome(Made(spoil).text()) == "schema"
