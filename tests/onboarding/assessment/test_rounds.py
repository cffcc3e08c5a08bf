"""Rounds, answers and plan in the database: what is refused, what is kept, what never changes again."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from onboarding.assessment import questionnaire_files
from onboarding.assessment.answering import Saved, save_area
from onboarding.assessment.comparing import progress
from onboarding.assessment.errors import (
    AnswersConflict,
    AnswersMissing,
    AnswerUnfit,
    NothingChanged,
    RoundClosed,
    RoundOpen,
    TaskChangedMeanwhile,
    TaskReasonMissing,
    TaskStateRefused,
)
from onboarding.assessment.hands import Hand
from onboarding.assessment.language import Answer, Area, Questionnaire
from onboarding.assessment.models import AreaSaving, AreaSheet, AssessmentRound, PlanTask, TaskState
from onboarding.assessment.plan_changes import STEPS, TaskFacts, change_task
from onboarding.assessment.queries import held_round, rounds_of
from onboarding.assessment.questionnaire_files import latest
from onboarding.assessment.rounds import close_round, open_round
from sportello.audit.models import Action, Event
from sportello.kernel import clock
from tenants.current import in_schema
from tenants.models import Municipality
from tests.onboarding.assessment.rounds import CENTRAL, CHIEF, closed_round, filled_round

NOW = clock.now()


def area(key: str) -> Area:
    found = latest().area(key)
    assert found is not None
    return found


def save(row: AssessmentRound, answers: Mapping[str, Answer | None], *, version: int, hand: Hand = CENTRAL) -> Saved:
    return save_area(
        round_=row, area=area("organisation"), answers=answers, version=version, hand=hand, now=clock.now()
    )


def kept(row: AssessmentRound) -> dict[str, Answer]:
    return {key: value for key, value in held_round(row).answers.items() if key in {"project_lead", "joining_act"}}


@pytest.fixture
def open_one(bari: Municipality) -> AssessmentRound:
    return open_round(municipality=bari, hand=CENTRAL, now=NOW)


def test_one_round_at_a_time(bari: Municipality, open_one: AssessmentRound) -> None:
    with pytest.raises(RoundOpen):
        open_round(municipality=bari, hand=CENTRAL, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        AssessmentRound.objects.create(
            municipality=bari, number=2, questionnaire=1, opened_on=NOW.date(), opened_at=NOW, opened_by="x"
        )


def test_two_people_on_different_questions_lose_nothing(open_one: AssessmentRound) -> None:
    save(open_one, {"project_lead": "with_act", "joining_act": None}, version=0)
    saved = save(open_one, {"project_lead": None, "joining_act": "yes"}, version=0, hand=CHIEF)
    assert (saved.version, saved.joined) == (2, "Nina Centrale")
    assert kept(open_one) == {"project_lead": "with_act", "joining_act": "yes"}


def test_two_people_on_one_question_are_told_and_nothing_is_overwritten(open_one: AssessmentRound) -> None:
    save(open_one, {"project_lead": "with_act", "joining_act": "no"}, version=0)
    with pytest.raises(AnswersConflict) as clash:
        save(open_one, {"project_lead": "nobody", "joining_act": None}, version=0, hand=CHIEF)
    assert clash.value.conflicts == ("project_lead",)
    assert clash.value.merged["project_lead"] == "nobody"
    assert clash.value.merged["joining_act"] == "no"
    assert "Nina Centrale ha salvato" in str(clash.value)
    assert kept(open_one) == {"project_lead": "with_act", "joining_act": "no"}
    save(open_one, {"project_lead": "nobody", "joining_act": "no"}, version=clash.value.version, hand=CHIEF)
    assert kept(open_one) == {"project_lead": "nobody", "joining_act": "no"}


def test_every_saving_is_kept_with_who_and_when(open_one: AssessmentRound) -> None:
    save(open_one, {"project_lead": "with_act"}, version=0)
    save(open_one, {"project_lead": "nobody"}, version=1, hand=CHIEF)
    save(open_one, {"project_lead": "nobody"}, version=2)
    savings = AreaSaving.objects.filter(sheet__round=open_one).order_by("version")
    assert [(one.version, one.saved_by, one.side, one.changed) for one in savings] == [
        (1, "Nina Centrale", "central", ["project_lead"]),
        (2, "Ada Prima", "comune", ["project_lead"]),
    ]
    did = [event.details["did"] for event in Event.objects.filter(action=Action.ASSESSMENT_CHANGED).order_by("pk")]
    assert did == ["opened", "answered", "answered"]


def test_saving_at_once_from_two_threads_keeps_both(transactional_db: None) -> None:
    bari = Municipality.objects.get(slug="bari")
    with in_schema(bari.schema_name):
        row = open_round(municipality=bari, hand=CENTRAL, now=NOW)
    mine = [("project_lead", "with_act"), ("joining_act", "yes"), ("regulations", "all"), ("office_people", 3)]

    def write(pair: tuple[str, Answer]) -> None:
        try:
            with in_schema(bari.schema_name):
                save(row, dict([pair]), version=0)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, mine))
    sheet = AreaSheet.objects.get(round=row, area="organisation")
    assert (sheet.version, sheet.answers) == (4, dict(mine))


def test_what_is_no_answer_is_refused(open_one: AssessmentRound) -> None:
    for answers in ({"project_lead": "perhaps"}, {"spid": "ready"}, {"office_people": -1}):
        with pytest.raises(AnswerUnfit):
            save(open_one, answers, version=0)


def test_a_round_closes_when_all_is_answered(open_one: AssessmentRound) -> None:
    with pytest.raises(AnswersMissing) as missing:
        close_round(round_=open_one, hand=CENTRAL, now=NOW)
    assert "Restano" in str(missing.value)


def test_a_closed_round_is_frozen_in_the_database_too(bari: Municipality) -> None:
    row = closed_round(bari, {"project_lead": "nobody"})
    with pytest.raises(RoundClosed):
        save(row, {"project_lead": "with_act"}, version=1)
    with pytest.raises(RoundClosed):
        close_round(round_=row, hand=CENTRAL, now=NOW)
    for rows in (
        AssessmentRound.objects.filter(pk=row.pk),
        AreaSheet.objects.filter(round=row),
        AreaSaving.objects.filter(sheet__round=row),
    ):
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            rows.update(id=F("id"))
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            rows._raw_delete(rows.db)


def test_the_plan_counts_from_the_day_it_is_decided(bari: Municipality) -> None:
    row = filled_round(bari, {"project_lead": "nobody"}, now=NOW - timedelta(days=30))
    close_round(round_=row, hand=CENTRAL, now=NOW)
    task = PlanTask.objects.get(round=row)
    assert (task.gap, task.key, task.blocks) == ("no_lead", "appoint", "configuration")
    assert task.due_on == NOW.date() + timedelta(days=20)
    row.refresh_from_db()
    assert held_round(row).outcome.tasks[0].due_on == task.due_on


def test_a_new_round_starts_from_the_answers_and_carries_the_tasks(bari: Municipality) -> None:
    first = closed_round(bari, {"project_lead": "nobody", "joining_act": "no"}, now=NOW - timedelta(days=90))
    late = PlanTask.objects.get(round=first, gap="no_lead")
    facts = TaskFacts(TaskState.OPEN, late.due_on, "Segretario generale")
    change_task(task=late, facts=facts, note="", version=1, hand=CHIEF, now=NOW)
    second = open_round(municipality=bari, hand=CENTRAL, now=NOW)
    assert kept(second) == {"project_lead": "nobody", "joining_act": "no"}
    sheet = held_round(second).sheets["organisation"]
    save(second, {"joining_act": "yes"}, version=sheet.version)
    close_round(round_=second, hand=CENTRAL, now=NOW)
    tasks = {(task.gap, task.key): task for task in PlanTask.objects.filter(round=second)}
    assert list(tasks) == [("no_lead", "appoint")]
    carried = tasks["no_lead", "appoint"]
    assert (carried.due_on, carried.owner_name) == (late.due_on, "Segretario generale")
    assert carried.planned_for == NOW.date() + timedelta(days=20)
    assert set(PlanTask.objects.filter(round=first).values_list("state", flat=True)) == {TaskState.REPLACED}
    assert [row.score for row in rounds_of(bari)] == [second_score(bari), first.score]


def second_score(municipality: Municipality) -> int | None:
    latest_row = rounds_of(municipality).first()
    assert latest_row is not None
    assert latest_row.score is not None
    assert latest_row.score > 85
    return latest_row.score


def test_two_who_open_at_once_open_one(transactional_db: None) -> None:
    bari = Municipality.objects.get(slug="bari")

    def begin(_turn: int) -> bool:
        try:
            with in_schema(bari.schema_name):
                open_round(municipality=bari, hand=CENTRAL, now=NOW)
        except RoundOpen:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(begin, range(3))) == [False, False, True]


def newer_version() -> Questionnaire:
    """The next version: another option, a question less, one more, an area more."""
    text = (questionnaire_files.FOLDER / "1.toml").read_text()
    assert '"with_act"' in text
    text = text.replace("version = 1", "version = 2", 1).replace('"with_act"', '"by_decree"')
    assert 'key = "regulations"' in text
    text = text.replace('key = "regulations"', 'key = "rulebooks"')
    area = text[text.index('[[areas]]\nkey = "people"') : text.index("# --- 7. Legal")]
    area = area[: area.index("[[areas.questions]]", area.index("[[areas.questions]]") + 1)]
    more = area.replace('key = "people"', 'key = "deputies"').replace('key = "administrators"', 'key = "deputy_count"')
    return questionnaire_files.read_questionnaire(text.replace("# --- 7. Legal", f"{more}\n# --- 7. Legal"))


def test_a_new_round_asks_the_newest_version_and_is_compared(
    bari: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = closed_round(bari, {"joining_act": "no"}, now=NOW - timedelta(days=90))
    both = {1: questionnaire_files.questionnaire_of(1), 2: newer_version()}
    monkeypatch.setattr(questionnaire_files, "questionnaires", lambda: both)
    second = held_round(open_round(municipality=bari, hand=CENTRAL, now=NOW))
    assert (first.questionnaire, second.row.questionnaire) == (1, 2)
    assert second.answers["joining_act"] == "no"
    for changed in ("project_lead", "rulebooks", "regulations", "deputy_count"):
        assert changed not in second.answers
    assert second.outcome.to_answer == 3
    way = progress(held_round(first).outcome, second.outcome)
    assert way.still_open == ("no_joining_act",)
    assert [(step.key, step.before is None, step.after is None) for step in way.areas if step.key == "deputies"] == [
        ("deputies", True, True)
    ]
    assert "deputies" not in {area.key for area in held_round(first).outcome.areas}


def test_a_task_goes_only_where_the_table_says(bari: Municipality) -> None:
    row = closed_round(bari, {"project_lead": "nobody"})
    task = PlanTask.objects.get(round=row)
    for before in TaskState:
        for after in TaskState:
            PlanTask.objects.filter(pk=task.pk).update(
                state=before, done_on=NOW.date() if before == TaskState.DONE else None, version=1
            )
            facts = TaskFacts(after, task.due_on, "")
            if after in STEPS[before]:
                change_task(task=task, facts=facts, note="perché sì", version=1, hand=CHIEF, now=NOW)
            elif after != before:
                with pytest.raises(TaskStateRefused):
                    change_task(task=task, facts=facts, note="perché sì", version=1, hand=CHIEF, now=NOW)


def test_who_changes_a_task_says_why_and_is_kept(bari: Municipality) -> None:
    task = PlanTask.objects.get(round=closed_round(bari, {"project_lead": "nobody"}))
    later = task.due_on + timedelta(days=9)
    with pytest.raises(NothingChanged):
        change_task(
            task=task, facts=TaskFacts(TaskState.OPEN, task.due_on, ""), note="", version=1, hand=CHIEF, now=NOW
        )
    with pytest.raises(TaskReasonMissing):
        change_task(
            task=task, facts=TaskFacts(TaskState.DROPPED, task.due_on, ""), note=" ", version=1, hand=CHIEF, now=NOW
        )
    change_task(task=task, facts=TaskFacts(TaskState.DONE, later, "Ada"), note="", version=1, hand=CHIEF, now=NOW)
    with pytest.raises(TaskChangedMeanwhile, match="Ada Prima"):
        change_task(task=task, facts=TaskFacts(TaskState.OPEN, later, ""), note="x", version=1, hand=CENTRAL, now=NOW)
    held = PlanTask.objects.get(pk=task.pk)
    assert (held.state, held.done_on, held.due_on) == (TaskState.DONE, NOW.date(), later)
    change = held.changes.get()
    assert (change.changed_by, change.side) == ("Ada Prima", "comune")
    assert change.changes == [
        ["state", "open", "done"],
        ["due_on", task.due_on.isoformat(), later.isoformat()],
        ["owner_name", "", "Ada"],
    ]


def test_a_comune_without_a_schema_is_assessed_too(db: None) -> None:
    made = Municipality.objects.create(
        schema_name="c_z001", belfiore_code="Z001", istat_code="072901", name="Prova", slug="prova"
    )
    with in_schema(settings.CENTRAL_SCHEMA):
        assert closed_round(made).score == 100
