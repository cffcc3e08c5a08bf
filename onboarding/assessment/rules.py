"""From answers to score, gaps, plan and connectors. The same answers on the same day give the same outcome.

Shares are exact fractions until they are shown: a score is rounded once, half up. What is not answered yet counts
neither for nor against; what is not known counts as nothing and opens a gap.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from onboarding.assessment.language import (
    FIND_OUT,
    STAGES,
    UNKNOWN,
    UNKNOWN_GAP,
    Answer,
    Area,
    Band,
    Choice,
    Day,
    Effect,
    Number,
    Option,
    Question,
    Questionnaire,
    Several,
    StageName,
    Text,
    YesNo,
    fits,
)
from onboarding.assessment.outcome import (
    AreaResult,
    NeededConnector,
    OpenGap,
    Outcome,
    PlannedTask,
    QuestionResult,
    Standing,
)

type Answers = Mapping[str, Answer]


def applies(questionnaire: Questionnaire, question: Question, answers: Answers) -> bool:
    """Whether the question is asked, given the answers so far; a condition on a question not asked does not hold."""
    return all(
        _condition_holds(questionnaire, condition.question, condition.among, answers) for condition in question.when
    )


def _condition_holds(questionnaire: Questionnaire, key: str, among: tuple[str, ...], answers: Answers) -> bool:
    asked = questionnaire.question(key)
    given = answers.get(key)
    if asked is None or given is None or not applies(questionnaire, asked, answers):
        return False
    values = given if isinstance(given, tuple) else (given,)
    return any(value in among for value in values)


def assess(questionnaire: Questionnaire, answers: Answers, *, on: date) -> Outcome:
    """What the answers mean on the day of the round."""
    seen = [_area(questionnaire, area, answers, on) for area in questionnaire.areas]
    areas = tuple(area.result for area in seen)
    effects = [(key, effect) for area in seen for key, effect in area.effects]
    exact = _mean((area.exact, weight.weight) for area, weight in zip(seen, questionnaire.areas, strict=True))
    score = None if exact is None else _rounded(exact)
    gaps = _gaps(questionnaire, areas, effects)
    return Outcome(
        score=score,
        level=None if score is None else _level(questionnaire, score),
        areas=areas,
        gaps=gaps,
        tasks=plan(questionnaire, gaps, on=on),
        connectors=_connectors(questionnaire, answers, effects),
    )


@dataclass(frozen=True, slots=True)
class _Seen:
    """An area with its exact score and what its answers bring."""

    result: AreaResult
    exact: Fraction | None
    effects: tuple[tuple[str, Effect], ...]


def _area(questionnaire: Questionnaire, area: Area, answers: Answers, on: date) -> _Seen:
    judged = [_judge(questionnaire, question, answers, on) for question in area.questions]
    counted = [(question, effect) for question, standing, effect in judged if _counts(question, standing)]
    whole = sum(question.weight for question, _effect in counted)
    exact = Fraction(sum(question.weight * effect.score for question, effect in counted), whole) if whole else None
    results = tuple(
        QuestionResult(
            key=question.key,
            standing=standing,
            score=effect.score if _counts(question, standing) else None,
            weight=question.weight,
            lost_tenths=_rounded(Fraction(10 * question.weight * (100 - effect.score), whole))
            if _counts(question, standing)
            else 0,
        )
        for question, standing, effect in judged
    )
    result = AreaResult(key=area.key, score=None if exact is None else _rounded(exact), questions=results)
    return _Seen(result, exact, tuple((question.key, effect) for question, _standing, effect in judged))


def _counts(question: Question, standing: Standing) -> bool:
    return question.weight > 0 and standing in {Standing.ANSWERED, Standing.UNKNOWN}


def _judge(
    questionnaire: Questionnaire, question: Question, answers: Answers, on: date
) -> tuple[Question, Standing, Effect]:
    if not applies(questionnaire, question, answers):
        return question, Standing.NOT_ASKED, Effect()
    given = answers.get(question.key)
    if given is None or not fits(question, given):
        return question, Standing.SKIPPED if question.optional else Standing.TO_ANSWER, Effect()
    if given == UNKNOWN:
        return question, Standing.UNKNOWN, Effect()
    return question, Standing.ANSWERED, effect_of(question, given, on)


def effect_of(question: Question, answer: Answer, on: date) -> Effect:
    """What a known answer brings."""
    match question:
        case YesNo():
            return question.yes if answer == "yes" else question.no
        case Choice():
            return _of_options([option for option in question.options if option.value == answer])
        case Several():
            return _of_several(question, answer)
        case Number():
            return _of_band(question.bands, int(str(answer)))
        case Day():
            return _of_band(question.bands, (date.fromisoformat(str(answer)) - on).days)
        case Text():
            return Effect()


def _of_several(question: Several, answer: Answer) -> Effect:
    chosen = answer if isinstance(answer, tuple) else (str(answer),)
    found = _of_options([option for option in question.options if option.value in chosen])
    missing = tuple(gap for option in question.options if option.value not in chosen for gap in option.missing)
    return Effect(score=found.score, gaps=(*found.gaps, *missing), connectors=found.connectors)


def _of_options(options: Iterable[Option]) -> Effect:
    held = list(options)
    return Effect(
        score=min(100, sum(option.score for option in held)),
        gaps=tuple(gap for option in held for gap in option.gaps),
        connectors=tuple(one for option in held for one in option.connectors),
    )


def _of_band(bands: tuple[Band, ...], value: int) -> Effect:
    found = next((band for band in bands if band.holds(value)), None)
    return Effect() if found is None else Effect(score=found.score, gaps=found.gaps, connectors=found.connectors)


def _gaps(
    questionnaire: Questionnaire, areas: tuple[AreaResult, ...], effects: list[tuple[str, Effect]]
) -> tuple[OpenGap, ...]:
    """Those that keep a stage from beginning first, in the order of the stages; then as the questionnaire has them."""
    opened: dict[str, list[str]] = {}
    for key, effect in effects:
        for gap in effect.gaps:
            opened.setdefault(gap, []).append(key)
    known = [
        OpenGap(key=key, opened_by=tuple(opened[key]), blocks=gap.blocks)
        for key, gap in questionnaire.gaps.items()
        if key in opened
    ]
    unknown = [
        OpenGap(key=f"{UNKNOWN_GAP}.{question.key}", opened_by=(question.key,), blocks=None)
        for area in areas
        for question in area.questions
        if question.standing is Standing.UNKNOWN
    ]
    return tuple(sorted([*known, *unknown], key=lambda gap: stage_place(gap.blocks)))


def stage_place(stage: StageName | None) -> int:
    """Where a stage comes; after all of them for a gap that keeps nothing waiting."""
    return len(STAGES) if stage is None else STAGES.index(stage)


def plan(questionnaire: Questionnaire, gaps: Iterable[OpenGap], *, on: date) -> tuple[PlannedTask, ...]:
    """At least one task for every gap, each due so many days after the day or after the last task it waits for."""
    needed = dict(_tasks(questionnaire, gaps))
    due: dict[str, date] = {}

    def due_on(name: str) -> date:
        if name not in due:
            _task, days, after = needed[name]
            begins = max([on, *(due_on(earlier) for earlier in after if earlier in needed)])
            due[name] = begins + timedelta(days=days)
        return due[name]

    return tuple(
        PlannedTask(gap=task.gap, key=task.key, owner=task.owner, blocks=task.blocks, due_on=due_on(name))
        for name, (task, _days, _after) in sorted(
            needed.items(), key=lambda item: (due_on(item[0]), stage_place(item[1][0].blocks), item[0])
        )
    )


@dataclass(frozen=True, slots=True)
class _Undated:
    gap: str
    key: str
    owner: str
    blocks: StageName | None


def _tasks(
    questionnaire: Questionnaire, gaps: Iterable[OpenGap]
) -> Iterator[tuple[str, tuple[_Undated, int, tuple[str, ...]]]]:
    for gap in gaps:
        root, _dot, question = gap.key.partition(".")
        if root == UNKNOWN_GAP and question:
            owner = next(
                area.owner for area in questionnaire.areas if any(one.key == question for one in area.questions)
            )
            yield f"{gap.key}.{FIND_OUT}", (_Undated(gap.key, FIND_OUT, owner, None), questionnaire.unknown.days, ())
            continue
        for task in questionnaire.gaps[gap.key].tasks:
            undated = _Undated(gap.key, task.key, task.owner, gap.blocks)
            yield f"{gap.key}.{task.key}", (undated, task.days, task.after)


def _connectors(
    questionnaire: Questionnaire, answers: Answers, effects: list[tuple[str, Effect]]
) -> tuple[NeededConnector, ...]:
    asked: dict[str, list[str]] = {}
    for key, effect in effects:
        for connector in effect.connectors:
            asked.setdefault(connector, []).append(key)
    return tuple(
        NeededConnector(
            key=key,
            kind=connector.kind,
            product=str(answers.get(connector.named_by or "", "")),
            asked_by=tuple(asked[key]),
        )
        for key, connector in questionnaire.connectors.items()
        if key in asked
    )


def _mean(parts: Iterable[tuple[Fraction | None, int]]) -> Fraction | None:
    held = [(value, weight) for value, weight in parts if value is not None]
    whole = sum(weight for _value, weight in held)
    return sum((value * weight for value, weight in held), Fraction(0)) / whole if whole else None


def _rounded(value: Fraction) -> int:
    return int(value + Fraction(1, 2))


def _level(questionnaire: Questionnaire, score: int) -> int:
    return max(place for place, level in enumerate(questionnaire.levels) if score >= level.start)
