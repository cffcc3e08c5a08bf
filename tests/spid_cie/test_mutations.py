"""Each protection switched off by itself: at least one wrong answer then fares differently, so none is idle."""

from typing import Any

import pytest
from onelogin.saml2.xml_utils import OneLogin_Saml2_XML

from integrations.spid_cie.saml.checks import ALL, Check
from integrations.spid_cie.saml.names import saml
from tests.spid_cie.crafting import Made, outcome, read, settings_trusting
from tests.spid_cie.protections import PROTECTIONS, Protection
from tests.spid_cie.table import PAGE, RULES, without, written
from tests.spid_cie.wrapping import THIEF, lie_before_the_original, wrapped

SECOND_NETS = {
    "response_issue_instant",
    "assertion_place",
    "assertion_issue_instant",
    "confirmation_data",
    "one_conditions",
    "confirmation_not_on_or_after",
    "not_before",
    "not_on_or_after",
    "one_level",
    "attributes",
}
"""Checks whose wrong answers another check catches too: what they add is the right reason in the log."""


@pytest.mark.parametrize("check", ALL, ids=lambda check: check.code)
def test_without_a_check_its_wrong_answers_are_no_longer_refused_for_it(check: Check) -> None:
    outcomes = without(check.code).values()
    assert set(outcomes) != {check.code}
    assert ("accepted" not in outcomes) == (check.code in SECOND_NETS)


@pytest.mark.parametrize("protection", PROTECTIONS, ids=lambda one: f"{one.name}: {one.words}")
def test_without_a_protection_an_answer_fares_differently(protection: Protection) -> None:
    assert protection.outcomes() == (protection.on, protection.off)


def test_the_page_of_the_checks_is_up_to_date() -> None:
    assert set(RULES) == {check.code for check in ALL}
    assert PAGE.read_text() == written(PAGE.read_text()), "python -m tests.spid_cie.table"


def test_old_algorithms_are_refused_twice_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """SHA-1 by us and by the toolkit's `rejectDeprecatedAlgorithm`; with both off it enters."""
    ours_off = without("weak_algorithm")
    old = {f"{of} {how} with SHA-1" for of in ("assertion", "response") for how in ("signed", "digested")}
    assert {words for words, outcome in ours_off.items() if outcome == "weak_algorithm"} == old
    monkeypatch.setitem(settings_trusting("provider").get_security_data(), "rejectDeprecatedAlgorithm", value=False)
    assert set(without("weak_algorithm").values()) == {"accepted"}


def test_a_wrapped_lie_needs_two_nets_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """The assertions are counted, and the one that is read must be the signed one; with both off the lie enters."""
    counting_off = tuple(check for check in ALL if check.code != "one_assertion")
    message = wrapped(Made(sign_response=False).text(), lie_before_the_original)
    assert [outcome(message), outcome(message, checks=counting_off)] == ["one_assertion", "signature"]
    query = OneLogin_Saml2_XML.query

    def trusting(document: Any, path: str, *more: Any) -> Any:
        return [document.find(saml("Assertion"))] if path.endswith("/..") else query(document, path, *more)

    monkeypatch.setattr(OneLogin_Saml2_XML, "query", staticmethod(trusting))
    assert read(message, checks=counting_off).attributes["fiscalNumber"] == THIEF
