"""Answers to a whole questionnaire, for tests: what a Comune that is ready, or is not, would say."""

from datetime import date, timedelta

from onboarding.assessment.language import (
    UNKNOWN,
    Answer,
    Band,
    Choice,
    Day,
    Number,
    Question,
    Questionnaire,
    Several,
    Text,
    YesNo,
    has_unknown,
)

THE_DAY = date(2026, 11, 23)


def ready(questionnaire: Questionnaire) -> dict[str, Answer]:
    """The best answer to every question."""
    return {one.key: _best(one) for area in questionnaire.areas for one in area.questions}


def ignorant(questionnaire: Questionnaire) -> dict[str, Answer]:
    """ "I do not know yet" wherever one may say so."""
    asked = (one for area in questionnaire.areas for one in area.questions)
    return {one.key: UNKNOWN if has_unknown(one) else _best(one) for one in asked}


def _best(question: Question) -> Answer:
    match question:
        case YesNo():
            return "yes" if question.yes.score >= question.no.score else "no"
        case Choice():
            return max(question.options, key=lambda option: option.score).value
        case Several():
            alone = [option for option in question.options if option.alone and option.score == 100]
            chosen = alone or [option for option in question.options if not option.alone]
            return tuple(option.value for option in chosen)
        case Number():
            return question.most if not question.bands else _inside(max(question.bands, key=lambda band: band.score))
        case Day():
            days = _inside(max(question.bands, key=lambda band: band.score)) if question.bands else 0
            return (THE_DAY + timedelta(days=days)).isoformat()
        case Text():
            return "Programma di prova"


def _inside(band: Band) -> int:
    return band.start if band.start is not None else (band.below or 1) - 1
