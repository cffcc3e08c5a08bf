"""Answers to one area are saved. Two people at once lose nothing: what each changed is brought together."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from onboarding.assessment.comparing import merge
from onboarding.assessment.errors import AnswersConflict, AnswerUnfit, RoundClosed
from onboarding.assessment.hands import Hand
from onboarding.assessment.language import Answer, Area, fits
from onboarding.assessment.models import AreaSaving, AreaSheet, AssessmentRound
from onboarding.assessment.on_record import round_changed
from onboarding.assessment.queries import read_answers


@dataclass(frozen=True, slots=True)
class Saved:
    """The area as it stands now; `joined` names who had saved meanwhile, where her answers were kept beside."""

    version: int
    changed: tuple[str, ...]
    joined: str


@transaction.atomic
def save_area(
    *,
    round_: AssessmentRound,
    area: Area,
    answers: Mapping[str, Answer | None],
    version: int,
    hand: Hand,
    now: datetime,
) -> Saved:
    """Save what was answered to an area, written on top of `version` of it. None takes an answer away; a question that
    is not among `answers` stays as it is.

    Raises RoundClosed, AnswerUnfit, AnswersConflict.
    """
    row = AssessmentRound.objects.select_for_update().get(pk=round_.pk)
    if not row.is_open:
        raise RoundClosed
    _check(area, answers)
    sheet = AreaSheet.objects.select_for_update().get(round=row, area=area.key)
    theirs = read_answers(sheet.answers)
    base = theirs if version == sheet.version else _at(sheet, version)
    mine = {**base, **{key: value for key, value in answers.items() if value is not None}}
    for key in (key for key, value in answers.items() if value is None):
        mine.pop(key, None)
    merged = merge(base=base, mine=mine, theirs=theirs, keys=answers)
    if merged.conflicts:
        last = sheet.savings.order_by("-version")[0]
        raise AnswersConflict(
            who=last.saved_by,
            at=last.saved_at,
            conflicts=merged.conflicts,
            merged=merged.answers,
            theirs=theirs,
            version=sheet.version,
        )
    changed = tuple(sorted(key for key in answers if merged.answers.get(key) != theirs.get(key)))
    joined = "" if version == sheet.version else sheet.savings.order_by("-version")[0].saved_by
    if changed:
        _keep(sheet, merged.answers, changed, hand, now)
        round_changed(row, did="answered", hand=hand, now=now, area=area.key, questions=list(changed))
    return Saved(sheet.version, changed, joined)


def _check(area: Area, answers: Mapping[str, Answer | None]) -> None:
    asked = {question.key: question for question in area.questions}
    for key, value in answers.items():
        if key not in asked or (value is not None and not fits(asked[key], value)):
            raise AnswerUnfit(key)


def _at(sheet: AreaSheet, version: int) -> dict[str, Answer]:
    """The answers as that version had them; of an area nobody had saved, none."""
    saving = sheet.savings.filter(version=version).first()
    return {} if saving is None else read_answers(saving.answers)


def _keep(sheet: AreaSheet, answers: Mapping[str, Answer], changed: tuple[str, ...], hand: Hand, now: datetime) -> None:
    sheet.version, sheet.answers = sheet.version + 1, dict(answers)
    sheet.save(update_fields=["version", "answers"])
    AreaSaving.objects.create(
        sheet=sheet,
        version=sheet.version,
        answers=sheet.answers,
        changed=list(changed),
        saved_at=now,
        saved_by=hand.name,
        side=hand.side,
    )
