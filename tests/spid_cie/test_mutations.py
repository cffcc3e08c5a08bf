"""Each protection switched off by itself: at least one wrong answer then fares differently, so none is idle."""

from typing import Any

import pytest

from integrations.spid_cie.saml.checks import ALL, Check
from tests.spid_cie.protections import PROTECTIONS, Protection
from tests.spid_cie.table import PAGE, RULES, without, written

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


def test_old_algorithms_are_refused_twice_over() -> None:
    """SHA-1 by us and by the toolkit: its `rejectDeprecatedAlgorithm` stays on."""
    outcomes: dict[str, Any] = without("weak_algorithm")
    assert {words for words, outcome in outcomes.items() if outcome == "weak_algorithm"} == {
        f"{of} {how} with SHA-1" for of in ("assertion", "response") for how in ("signed", "digested")
    }
