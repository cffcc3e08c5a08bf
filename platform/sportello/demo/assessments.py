"""Assessments of the demo: some Comuni have two rounds behind them, some one that is open, some none yet."""

import random
from datetime import datetime, timedelta
from typing import Final

from onboarding.assessment.answering import save_area
from onboarding.assessment.hands import Hand
from onboarding.assessment.language import Answer, Choice, Day, Number, Question, Several, Text, YesNo
from onboarding.assessment.models import AssessmentRound, PlanTask, TaskState
from onboarding.assessment.plan_changes import TaskFacts, change_task
from onboarding.assessment.queries import held_round, rounds_of
from onboarding.assessment.questionnaire_files import latest
from onboarding.assessment.rounds import close_round, open_round
from onboarding.board.gathering import gather_signs
from tenants.current import in_schema
from tenants.migration_states import MigrationState, migration_states
from tenants.models import Municipality, Stage
from tenants.stages import move_to_stage, next_stages

TEAM: Final = "Nina Centrale"
KINDS: Final = 4
"""Every so many Comuni one goes two rounds and on to the dry runs, one a round, one has begun, one has not."""


def assess_some(*, now: datetime) -> int:
    """Give the Comuni that nobody has assessed what their turn says, gather the signs of all; says how many are new."""
    new = 0
    ready = [schema for schema, state in migration_states().items() if state is MigrationState.ALIGNED]
    for turn, municipality in enumerate(Municipality.objects.filter(schema_name__in=ready).order_by("istat_code")):
        with in_schema(municipality.schema_name):
            if not rounds_of(municipality).exists() and municipality.stage != Stage.LIVE:
                new += 1
                _assess(municipality, turn % KINDS, now)
        gather_signs(municipality=municipality, now=now)
    return new


def _assess(municipality: Municipality, turn: int, now: datetime) -> None:
    dice = random.Random(f"{municipality.belfiore_code}:assessment")  # noqa: S311 -- an invention, no secret
    if turn >= KINDS - 2:
        moment = now - timedelta(days=dice.randint(10, 50))
        _move(municipality, Stage.ASSESSMENT, "manca la valutazione", moment)
    if turn == KINDS - 1:
        return
    lead = Hand(account=0, name=f"Ufficio scuola di {municipality.name}", side="comune")
    first = _round(municipality, dice, lead, now - timedelta(days=dice.randint(60, 90)), whole=turn < KINDS - 2)
    if turn == KINDS - 2:
        return
    _close(first, now - timedelta(days=dice.randint(40, 55)))
    _work_off(municipality, dice, lead, now - timedelta(days=dice.randint(5, 20)))
    if turn == 0:
        again = _round(municipality, dice, lead, now - timedelta(days=4), whole=True)
        _close(again, now - timedelta(days=3))
        _move(municipality, Stage.DRY_RUNS, "pronti a provare i file", now - timedelta(days=2))


def _move(municipality: Municipality, stage: Stage, reason: str, moment: datetime) -> None:
    if stage in next_stages(Stage(municipality.stage)):
        move_to_stage(municipality=municipality, stage=stage, by=TEAM, reason=reason, now=moment)


def _round(
    municipality: Municipality, dice: random.Random, lead: Hand, moment: datetime, *, whole: bool
) -> AssessmentRound:
    """A round with answers by the dice; of one that is not whole, the first three areas."""
    made = open_round(municipality=municipality, hand=_team(), now=moment)
    for area in latest().areas[: None if whole else 3]:
        sheet = held_round(made).sheets[area.key]
        answers = {one.key: _answer(one, dice, moment) for one in area.questions}
        save_area(
            round_=made, area=area, answers=answers, version=sheet.version, hand=lead, now=moment + timedelta(hours=1)
        )
    return made


def _close(row: AssessmentRound, moment: datetime) -> None:
    close_round(round_=row, hand=_team(), now=moment)


def _team() -> Hand:
    return Hand(account=0, name=TEAM, side="central")


def _work_off(municipality: Municipality, dice: random.Random, lead: Hand, moment: datetime) -> None:
    """Half of the tasks that came first are done."""
    for task in PlanTask.objects.filter(round__municipality=municipality).order_by("due_on", "pk")[:12]:
        if dice.random() < 0.5:
            facts = TaskFacts(TaskState.DONE, task.due_on, lead.name)
            change_task(task=task, facts=facts, note="", version=task.version, hand=lead, now=moment)


def _answer(question: Question, dice: random.Random, moment: datetime) -> Answer:
    match question:
        case YesNo():
            return dice.choice(["yes", "yes", "no"])
        case Choice():
            return dice.choice([*question.options, question.options[0]]).value
        case Several():
            together = [option.value for option in question.options if not option.alone]
            return tuple(dice.sample(together, dice.randint(1, len(together))))
        case Number():
            return dice.randint(question.least, min(question.most, 6 if question.bands else 900))
        case Day():
            return (moment.date() + timedelta(days=dice.randint(30, 600))).isoformat()
        case Text():
            return "Programma in uso"
