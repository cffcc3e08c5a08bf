"""A round is opened, and closed: from then on its answers are what they are, and its plan is there to be worked off."""

from datetime import datetime

import msgspec
from django.db import transaction

from onboarding.assessment.errors import AnswersMissing, RoundClosed, RoundOpen
from onboarding.assessment.hands import Hand
from onboarding.assessment.models import AreaSaving, AreaSheet, AssessmentRound, PlanTask, TaskChange, TaskState
from onboarding.assessment.on_record import round_changed
from onboarding.assessment.outcome import Outcome, PlannedTask
from onboarding.assessment.queries import carried_over, held_round, rounds_of
from onboarding.assessment.questionnaire_files import latest
from onboarding.assessment.rules import plan
from tenants.models import Municipality


@transaction.atomic
def open_round(*, municipality: Municipality, hand: Hand, now: datetime) -> AssessmentRound:
    """Open a round on the latest questionnaire, with the answers of the round before that it still understands.

    Raises RoundOpen.
    """
    Municipality.objects.select_for_update().get(pk=municipality.pk)  # two who open at once: one waits, and is told
    before = rounds_of(municipality).first()
    if before is not None and before.is_open:
        raise RoundOpen
    questionnaire = latest()
    made = AssessmentRound.objects.create(
        municipality=municipality,
        number=1 if before is None else before.number + 1,
        questionnaire=questionnaire.version,
        opened_on=now.date(),
        opened_at=now,
        opened_by=hand.name,
    )
    known = {} if before is None else carried_over(held_round(before).answers, questionnaire)
    for area in questionnaire.areas:
        answers = {one.key: known[one.key] for one in area.questions if one.key in known}
        sheet = AreaSheet.objects.create(round=made, area=area.key, version=1 if answers else 0, answers=answers)
        if answers:
            AreaSaving.objects.create(
                sheet=sheet,
                version=1,
                answers=answers,
                changed=sorted(answers),
                saved_at=now,
                saved_by="",
                side=hand.side,
            )
    round_changed(made, did="opened", hand=hand, now=now, municipality=municipality.belfiore_code, number=made.number)
    return made


@transaction.atomic
def close_round(*, round_: AssessmentRound, hand: Hand, now: datetime) -> AssessmentRound:
    """Keep the outcome, freeze the answers, and make the tasks of the plan.

    Tasks of earlier rounds that are still to do are replaced; where the same task is in the new plan it keeps its
    date and who does it, so that a new round does not grant more time. Raises RoundClosed, AnswersMissing.
    """
    row = AssessmentRound.objects.select_for_update().get(pk=round_.pk)
    if not row.is_open:
        raise RoundClosed
    held = held_round(row)
    if held.outcome.to_answer:
        raise AnswersMissing(held.outcome.to_answer)
    # The plan counts its days from when it is decided, not from the first question.
    tasks = plan(held.questionnaire, held.outcome.gaps, on=now.date())
    outcome = msgspec.structs.replace(held.outcome, tasks=tasks)
    row.closed_at, row.closed_by, row.score = now, hand.name, outcome.score
    row.outcome = msgspec.to_builtins(outcome)
    row.save(update_fields=["closed_at", "closed_by", "score", "outcome"])
    _make_plan(row, outcome, hand, now)
    round_changed(row, did="closed", hand=hand, now=now, score=outcome.score, gaps=len(outcome.gaps))
    return row


def _make_plan(row: AssessmentRound, outcome: Outcome, hand: Hand, now: datetime) -> None:
    waiting = {
        (task.gap, task.key): task
        for task in PlanTask.objects.select_for_update(of=("self",)).filter(
            round__municipality=row.municipality_id, state=TaskState.OPEN
        )
    }
    PlanTask.objects.bulk_create(
        [_task(row, planned, waiting.get((planned.gap, planned.key))) for planned in outcome.tasks]
    )
    for task in waiting.values():
        task.state, task.version = TaskState.REPLACED, task.version + 1
        task.save(update_fields=["state", "version"])
        TaskChange.objects.create(
            task=task,
            changed_at=now,
            changed_by=hand.name,
            side=hand.side,
            changes=[["state", TaskState.OPEN, TaskState.REPLACED]],
        )


def _task(row: AssessmentRound, planned: PlannedTask, before: PlanTask | None) -> PlanTask:
    return PlanTask(
        round=row,
        gap=planned.gap,
        key=planned.key,
        owner=planned.owner,
        owner_name=before.owner_name if before else "",
        blocks=planned.blocks or "",
        planned_for=planned.due_on,
        due_on=before.due_on if before else planned.due_on,
    )
