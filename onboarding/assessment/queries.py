"""Reads of assessments. Each takes the Comune: there is no other way to a round, a sheet or a task."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

import msgspec
from django.db.models import QuerySet

from onboarding.assessment.language import Answer, Questionnaire, fits
from onboarding.assessment.models import AreaSheet, AssessmentRound, PlanTask
from onboarding.assessment.outcome import Outcome
from onboarding.assessment.questionnaire_files import questionnaire_of
from onboarding.assessment.rules import assess
from tenants.models import Municipality


def rounds_of(municipality: Municipality) -> QuerySet[AssessmentRound]:
    """The rounds of a Comune, the latest first."""
    return AssessmentRound.objects.filter(municipality=municipality).order_by("-number")


def tasks_of(municipality: Municipality) -> QuerySet[PlanTask]:
    """The tasks of a Comune, of whatever round."""
    return PlanTask.objects.filter(round__municipality=municipality).select_related("round")


def find_task(municipality: Municipality, public_id: UUID) -> PlanTask | None:
    """That task, if it is this Comune's."""
    return tasks_of(municipality).filter(public_id=public_id).first()


@dataclass(frozen=True, slots=True)
class HeldRound:
    """A round with its questionnaire, answers and sheets."""

    row: AssessmentRound
    questionnaire: Questionnaire
    sheets: dict[str, AreaSheet]
    answers: dict[str, Answer]

    @property
    def outcome(self) -> Outcome:
        """What was kept when it closed; while it is open, what the answers come to now."""
        if self.row.outcome is not None:
            return msgspec.convert(self.row.outcome, Outcome)
        return assess(self.questionnaire, self.answers, on=self.row.opened_on)


def held_round(row: AssessmentRound) -> HeldRound:
    """The round with its answers (one query)."""
    return held_rounds([row])[0]


def held_rounds(rows: Iterable[AssessmentRound]) -> list[HeldRound]:
    """Rounds with their answers, in the order given (one query)."""
    rows = list(rows)
    sheets: dict[int, dict[str, AreaSheet]] = {row.pk: {} for row in rows}
    for sheet in AreaSheet.objects.filter(round__in=rows).order_by("pk"):
        sheets[sheet.round_id][sheet.area] = sheet
    return [_held(row, sheets[row.pk]) for row in rows]


def _held(row: AssessmentRound, sheets: dict[str, AreaSheet]) -> HeldRound:
    questionnaire = questionnaire_of(row.questionnaire)
    answers = {key: value for sheet in sheets.values() for key, value in read_answers(sheet.answers).items()}
    return HeldRound(row, questionnaire, sheets, answers)


def read_answers(kept: dict[str, object]) -> dict[str, Answer]:
    """Answers as the rules take them: what JSON keeps as a list is a tuple."""
    return {key: _answer(value) for key, value in kept.items()}


def _answer(value: object) -> Answer:
    if isinstance(value, list | tuple):
        return tuple(str(each) for each in value)
    return value if isinstance(value, int) else str(value)


def carried_over(answers: dict[str, Answer], questionnaire: Questionnaire) -> dict[str, Answer]:
    """The answers that another questionnaire still understands: same question, a value it still admits."""
    asked = {question.key: question for area in questionnaire.areas for question in area.questions}
    return {key: value for key, value in answers.items() if key in asked and fits(asked[key], value)}
