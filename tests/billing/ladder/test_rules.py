"""Who moves and why not, by values alone."""

from datetime import date, timedelta

import pytest

from sportello.billing.ladder.rules import Facts, Overdue, Step, WhyNot, decide, unknown_fields
from sportello.billing.ladder.setting import DEFAULTS

DUE = date(2026, 6, 30)
TAKEN = {
    Step.REMINDER: DUE + timedelta(days=30),
    Step.PLAN_OFFER: DUE + timedelta(days=60),
    Step.SOCIAL_CHECK: DUE + timedelta(days=90),
}


def told(days: int, facts: Facts | None = None, taken: dict[Step, date] | None = None, cents: int = 5000) -> object:
    debt = Overdue(1, 7, cents, DUE, taken or {})
    (decision,) = decide(DEFAULTS, [debt], {7: facts} if facts else {}, DUE + timedelta(days=days))
    return decision.step or decision.why_not


def test_each_step_has_its_day() -> None:
    assert [told(29), told(30)] == [WhyNot.EARLY, Step.REMINDER]
    reminded = {Step.REMINDER: TAKEN[Step.REMINDER]}
    assert [told(59, taken=reminded), told(60, taken=reminded)] == [WhyNot.EARLY, Step.PLAN_OFFER]


def test_nobody_climbs_two_steps_at_once_however_late_the_first() -> None:
    late = {Step.REMINDER: DUE + timedelta(days=300)}
    assert told(300) == Step.REMINDER
    assert [told(329, taken=late), told(330, taken=late)] == [WhyNot.EARLY, Step.PLAN_OFFER]


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        (Facts(exempt=True), WhyNot.EXEMPT),
        (Facts(has_plan=True), WhyNot.PLAN),
        (Facts(paused=True), WhyNot.PAUSED),
    ],
)
@pytest.mark.parametrize("steps", [0, 1, 2, 3])
def test_on_no_step_the_stopped_move(facts: Facts, why: WhyNot, steps: int) -> None:
    """L23: an exempt family never moves."""
    assert told(900, facts, dict(list(TAKEN.items())[:steps])) == why


def test_nobody_is_listed_without_a_word_of_the_social_services() -> None:
    """L23: and the word is of after they were asked about this debt."""
    asked = TAKEN[Step.SOCIAL_CHECK]
    assert told(900, None, TAKEN) == WhyNot.UNCHECKED
    assert told(900, Facts(collectable=True, checked_on=asked - timedelta(days=1)), TAKEN) == WhyNot.UNCHECKED
    assert told(900, Facts(collectable=False, checked_on=asked), TAKEN) == WhyNot.IN_NEED
    assert told(900, Facts(collectable=True, checked_on=asked), TAKEN) == Step.INJUNCTION
    ended = {**TAKEN, Step.INJUNCTION: DUE + timedelta(days=150)}
    assert told(900, Facts(collectable=True, checked_on=asked), ended) == WhyNot.ENDED


def test_what_a_payer_owes_counts_together_against_the_minimum() -> None:
    ladder = [type(one)(one.step, one.days, 3000, one.title, one.text) for one in DEFAULTS]
    day = DUE + timedelta(days=40)
    alone = decide(ladder, [Overdue(1, 7, 2000, DUE)], {}, day)
    both = decide(ladder, [Overdue(1, 7, 2000, DUE), Overdue(2, 7, 1000, DUE), Overdue(3, 8, 9, DUE)], {}, day)
    assert [one.why_not for one in alone] == [WhyNot.MINIMUM]
    assert [one.step or one.why_not for one in both] == [Step.REMINDER, Step.REMINDER, WhyNot.MINIMUM]


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("Gentile {nome}, {totale} entro il {entro} a {comune}, {ufficio}", []),
        ("{bambino} {0} {}", ["bambino", "0", ""]),
        ("{nome.__class__}", ["nome.__class__"]),
        ("Somma { totale", ["{ }"]),
    ],
)
def test_a_letter_names_what_it_may(text: str, unknown: list[str]) -> None:
    assert unknown_fields(text) == unknown
