"""Score, gaps, plan, connectors and progress: counted by hand on a small questionnaire, and true of any answers."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.assessment.comparing import merge, progress
from onboarding.assessment.language import (
    UNKNOWN,
    Answer,
    Choice,
    Day,
    Number,
    Question,
    Several,
    Text,
    YesNo,
    fits,
    has_unknown,
)
from onboarding.assessment.outcome import Standing
from onboarding.assessment.questionnaire_files import latest, read_questionnaire
from onboarding.assessment.rules import assess
from tests.onboarding.assessment.answers import THE_DAY, ignorant, ready

SMALL = read_questionnaire(Path(__file__).with_name("small.toml").read_text())
REAL = latest()
WORST = {"has_lead": "no", "how": "so_so", "papers": ("none",), "ends": "2026-12-01"}


def test_the_score_is_the_weighted_mean_of_the_areas() -> None:
    answers = {"has_lead": "yes", "how": "so_so", "papers": ("one",), "people": 1, "ends": "2027-06-01"}
    outcome = assess(SMALL, answers, on=THE_DAY)
    # The areas come to 87.5 and 65, weighing 30 and 10: together 81.875.
    assert [area.score for area in outcome.areas] == [88, 65]
    assert (outcome.score, outcome.level) == (82, 1)
    lost = {one.key: one.lost_tenths for area in outcome.areas for one in area.questions}
    assert lost == {"has_lead": 0, "how": 125, "why": 0, "papers": 100, "people": 250, "ends": 0}


def test_an_answer_opens_its_gaps_and_a_gap_its_tasks() -> None:
    outcome = assess(SMALL, WORST, on=THE_DAY)
    assert outcome.score == 9  # first: 12.5 of 100; second: 0
    assert [(gap.key, gap.blocks) for gap in outcome.gaps] == [
        ("no_lead", "configuration"),
        ("ends_soon", "dry_runs"),
        ("no_one", "live"),
        ("so_so", None),
    ]
    assert [(task.gap, task.key, task.due_on) for task in outcome.tasks] == [
        ("no_one", "write", date(2026, 11, 26)),
        ("no_lead", "find", date(2026, 12, 3)),
        ("no_lead", "appoint", date(2026, 12, 8)),
        ("ends_soon", "extend", date(2026, 12, 23)),
        ("so_so", "better", date(2026, 12, 28)),
    ]
    assert [one.key for one in outcome.connectors] == ["post"]


def test_a_task_waits_only_for_what_is_in_the_plan() -> None:
    outcome = assess(SMALL, {**WORST, "has_lead": "yes"}, on=THE_DAY)
    better = next(task for task in outcome.tasks if task.key == "better")
    assert better.due_on == THE_DAY + timedelta(days=20)


def test_a_question_whose_condition_does_not_hold_is_not_asked() -> None:
    outcome = assess(SMALL, {**WORST, "people": 5}, on=THE_DAY)
    standing = {one.key: one.standing for area in outcome.areas for one in area.questions}
    assert standing["people"] is Standing.NOT_ASKED
    assert assess(SMALL, WORST, on=THE_DAY).score == outcome.score


def test_what_is_not_answered_counts_neither_way_and_is_to_complete() -> None:
    outcome = assess(SMALL, {"has_lead": "yes"}, on=THE_DAY)
    assert [(area.score, area.to_answer) for area in outcome.areas] == [(100, 1), (None, 3)]
    assert outcome.score == 100
    assert assess(SMALL, {}, on=THE_DAY).score is None


def test_what_is_not_known_counts_as_nothing_and_becomes_a_task_of_the_area() -> None:
    outcome = assess(SMALL, {"has_lead": UNKNOWN, "how": "well"}, on=THE_DAY)
    assert outcome.areas[0].score == 25
    assert [gap.key for gap in outcome.gaps] == ["unknown.has_lead"]
    assert [(task.key, task.owner, task.due_on) for task in outcome.tasks] == [
        ("find_out", "them", THE_DAY + timedelta(days=7))
    ]


def test_several_answers_add_up_to_a_hundred_at_most() -> None:
    both = assess(SMALL, {"papers": ("one", "two")}, on=THE_DAY)
    assert both.areas[1].score == 100
    assert both.gaps == ()


def test_a_date_counts_from_the_day_of_the_round() -> None:
    answers = {"ends": "2026-12-23"}
    assert assess(SMALL, answers, on=THE_DAY).score == 100
    assert assess(SMALL, answers, on=THE_DAY + timedelta(days=1)).score == 0


def test_a_reassessment_shows_the_way_made() -> None:
    before = assess(SMALL, WORST, on=THE_DAY)
    after = assess(SMALL, {**WORST, "has_lead": "yes", "people": UNKNOWN}, on=THE_DAY)
    way = progress(before, after)
    assert way.closed_gaps == ("no_lead",)
    assert way.still_open == ("ends_soon", "no_one", "so_so")
    assert way.new_gaps == ("unknown.people",)
    assert [(step.key, step.before, step.after, step.difference) for step in way.areas] == [
        ("first", 13, 88, 75),
        ("second", 0, 0, 0),
    ]


def test_a_comune_that_is_ready_has_no_gap() -> None:
    outcome = assess(REAL, ready(REAL), on=THE_DAY)
    assert (outcome.score, outcome.gaps, outcome.tasks, outcome.to_answer) == (100, (), (), 0)


def test_a_comune_that_knows_nothing_scores_nothing_and_has_it_all_to_find_out() -> None:
    outcome = assess(REAL, ignorant(REAL), on=THE_DAY)
    assert (outcome.score, outcome.to_answer) == (0, 0)
    assert {gap.key.partition(".")[0] for gap in outcome.gaps} == {"unknown"}
    assert len(outcome.tasks) == len(outcome.gaps) > 30


def _answer_to(question: Question) -> st.SearchStrategy[Answer | None]:
    kinds: list[st.SearchStrategy[Answer | None]] = [st.none()]
    if has_unknown(question):
        kinds.append(st.just(UNKNOWN))
    match question:
        case YesNo():
            kinds.append(st.sampled_from(["yes", "no"]))
        case Choice():
            kinds.append(st.sampled_from([option.value for option in question.options]))
        case Several():
            values = [option.value for option in question.options]
            some = st.lists(st.sampled_from(values), min_size=1, unique=True).map(tuple)
            kinds.append(some.filter(lambda answer: fits(question, answer)))
        case Number():
            kinds.append(st.integers(question.least, question.most))
        case Day():
            kinds.append(st.dates(date(2026, 1, 1), date(2028, 1, 1)).map(date.isoformat))
        case Text():
            kinds.append(st.just("testo"))
    return st.one_of(kinds)


ANY = st.fixed_dictionaries({one.key: _answer_to(one) for area in REAL.areas for one in area.questions}).map(
    lambda answers: {key: value for key, value in answers.items() if value is not None}
)


@given(ANY)
def test_the_same_answers_give_the_same_outcome(answers: dict[str, Answer]) -> None:
    again = dict(reversed(list(answers.items())))
    assert assess(REAL, answers, on=THE_DAY) == assess(REAL, again, on=THE_DAY)


@given(ANY)
def test_every_gap_yields_a_task_and_every_task_has_its_gap(answers: dict[str, Answer]) -> None:
    outcome = assess(REAL, answers, on=THE_DAY)
    assert {task.gap for task in outcome.tasks} == {gap.key for gap in outcome.gaps}
    assert all(task.due_on > THE_DAY for task in outcome.tasks)
    assert all(task.owner in REAL.owners for task in outcome.tasks)


@given(ANY)
def test_the_points_lost_explain_the_score(answers: dict[str, Answer]) -> None:
    for area in assess(REAL, answers, on=THE_DAY).areas:
        if area.score is None:
            continue
        lost = sum(one.lost_tenths for one in area.questions) / 10
        assert abs(100 - lost - area.score) <= 0.5 + 0.05 * len(area.questions)


@given(ANY)
def test_a_score_lies_between_its_areas(answers: dict[str, Answer]) -> None:
    outcome = assess(REAL, answers, on=THE_DAY)
    scores = [area.score for area in outcome.areas if area.score is not None]
    if scores:
        assert outcome.score is not None
        assert min(scores) - 1 <= outcome.score <= max(scores) + 1


@given(ANY, ANY)
def test_progress_names_each_gap_once(before: dict[str, Answer], after: dict[str, Answer]) -> None:
    old, new = assess(REAL, before, on=THE_DAY), assess(REAL, after, on=THE_DAY)
    way = progress(old, new)
    assert sorted([*way.closed_gaps, *way.still_open]) == sorted(gap.key for gap in old.gaps)
    assert sorted([*way.new_gaps, *way.still_open]) == sorted(gap.key for gap in new.gaps)


KEYS = ("a", "b", "c")
SOME = st.dictionaries(st.sampled_from(KEYS), st.integers(0, 2))


@given(SOME, SOME, SOME)
def test_a_merge_loses_nothing(base: dict[str, int], mine: dict[str, int], theirs: dict[str, int]) -> None:
    merged = merge(base=base, mine=mine, theirs=theirs, keys=KEYS)
    for key in KEYS:
        own, other, first, kept = mine.get(key), theirs.get(key), base.get(key), merged.answers.get(key)
        if own == first:
            assert kept == other
        elif other in (first, own):
            assert kept == own
        else:
            assert (kept, key in merged.conflicts) == (own, True)


@pytest.mark.parametrize("answer", [True, "perhaps", 3, (), ("one", "none"), ("one", "one"), "23/11/2026"])
def test_what_is_no_answer_fits_nowhere(answer: object) -> None:
    for key in ("has_lead", "how", "papers", "ends"):
        question = SMALL.question(key)
        assert question is not None
        assert not fits(question, answer)
