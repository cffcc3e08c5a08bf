"""Rounds of assessment for tests, filled in by hand or whole."""

from collections.abc import Mapping
from datetime import datetime

from onboarding.assessment.answering import save_area
from onboarding.assessment.hands import Hand
from onboarding.assessment.language import Answer
from onboarding.assessment.models import AssessmentRound
from onboarding.assessment.queries import held_round
from onboarding.assessment.questionnaire_files import latest
from onboarding.assessment.rounds import close_round, open_round
from sportello.kernel import clock
from tenants.models import Municipality
from tests.onboarding.assessment.answers import ready

CENTRAL = Hand(account=1, name="Nina Centrale", side="central")
CHIEF = Hand(account=2, name="Ada Prima", side="comune")


def filled_round(
    municipality: Municipality, answers: Mapping[str, Answer] | None = None, *, now: datetime | None = None
) -> AssessmentRound:
    """An open round with an answer to every question: the best one, but for those named."""
    moment = now or clock.now()
    made = open_round(municipality=municipality, hand=CENTRAL, now=moment)
    given = {**ready(latest()), **(answers or {})}
    for area in latest().areas:
        sheet = held_round(made).sheets[area.key]
        save_area(
            round_=made,
            area=area,
            answers={one.key: given[one.key] for one in area.questions},
            version=sheet.version,
            hand=CHIEF,
            now=moment,
        )
    return made


def closed_round(
    municipality: Municipality, answers: Mapping[str, Answer] | None = None, *, now: datetime | None = None
) -> AssessmentRound:
    """The same, closed."""
    moment = now or clock.now()
    return close_round(round_=filled_round(municipality, answers, now=moment), hand=CENTRAL, now=moment)
