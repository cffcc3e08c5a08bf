"""What the types of the language cannot say: names that lead nowhere, things said twice, circles, holes. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

from onboarding.assessment.language import (
    UNKNOWN_GAP,
    Band,
    Choice,
    Day,
    Effect,
    Number,
    Option,
    Question,
    Questionnaire,
    Several,
    YesNo,
)


def faults(questionnaire: Questionnaire) -> list[str]:
    """Every fault as `place: what`, in the order of the file; empty when the questionnaire may be asked."""
    return [*_keys(questionnaire), *_questions(questionnaire), *_plan(questionnaire), *_levels(questionnaire)]


def _keys(questionnaire: Questionnaire) -> Iterator[str]:
    yield from _twice("areas", (area.key for area in questionnaire.areas))
    yield from _twice("questions", (one.key for area in questionnaire.areas for one in area.questions))
    for area in questionnaire.areas:
        if area.owner not in questionnaire.owners:
            yield f"{area.key}.owner: {area.owner} is no owner"
        if not any(one.weight for one in area.questions):
            yield f"{area.key}: no question counts"


def _twice(place: str, keys: Iterable[str]) -> Iterator[str]:
    yield from (f"{place}: {key} stands twice" for key, times in Counter(keys).items() if times > 1)


def _questions(questionnaire: Questionnaire) -> Iterator[str]:
    earlier: dict[str, Question] = {}
    opened: set[str] = set()
    implied: set[str] = set()
    for question in (one for area in questionnaire.areas for one in area.questions):
        for condition in question.when:
            yield from _condition(question, condition.question, condition.among, earlier)
        earlier[question.key] = question
        opened |= set(_gaps_of(question))
        implied |= set(_connectors_of(question))
        yield from _values(question)
    yield from (f"gaps: {key} is opened but not written" for key in sorted(opened - set(questionnaire.gaps)))
    yield from (f"gaps.{key}: no answer opens it" for key in sorted(set(questionnaire.gaps) - opened))
    yield from (
        f"connectors: {key} is implied but not written" for key in sorted(implied - set(questionnaire.connectors))
    )
    yield from (f"connectors.{key}: no answer implies it" for key in sorted(set(questionnaire.connectors) - implied))
    for key, connector in questionnaire.connectors.items():
        if connector.named_by is not None and connector.named_by not in earlier:
            yield f"connectors.{key}.named_by: {connector.named_by} is no question"


def _condition(question: Question, key: str, among: tuple[str, ...], earlier: dict[str, Question]) -> Iterator[str]:
    asked = earlier.get(key)
    if asked is None:
        yield f"{question.key}.when: {key} is not asked before"
        return
    known = {"yes", "no"} if isinstance(asked, YesNo) else set()
    if isinstance(asked, Choice | Several):
        known = {option.value for option in asked.options}
    yield from (f"{question.key}.when: {value} is no answer to {key}" for value in among if value not in known)


def _values(question: Question) -> Iterator[str]:
    if isinstance(question, Choice | Several):
        yield from _twice(question.key, (option.value for option in question.options))
    if isinstance(question, Choice) and any(option.missing or option.alone for option in question.options):
        yield f"{question.key}: missing and alone are for questions of several"
    if isinstance(question, Several) and question.weight and _reached(question) < 100:
        yield f"{question.key}: all its options together do not reach 100"
    if isinstance(question, Number | Day):
        yield from _bands(question.key, question.bands, weighs=question.weight > 0)


def _reached(question: Several) -> int:
    together = sum(option.score for option in question.options if not option.alone)
    return max([together, *(option.score for option in question.options if option.alone)])


def _bands(key: str, bands: tuple[Band, ...], *, weighs: bool) -> Iterator[str]:
    """Bands cover every value, each once."""
    if weighs and not bands:
        yield f"{key}: it counts, so it needs bands"
    if not bands:
        return
    if bands[0].start is not None or bands[-1].below is not None:
        yield f"{key}: the first band has no beginning, the last no end"
    for one, following in pairwise(bands):
        if one.below is None or one.below != following.start:
            yield f"{key}: each band begins where the one before ends"


def _gaps_of(question: Question) -> Iterator[str]:
    for effect in _effects(question):
        yield from effect.gaps
    if isinstance(question, Several):
        yield from (gap for option in question.options for gap in option.missing)


def _connectors_of(question: Question) -> Iterator[str]:
    return (one for effect in _effects(question) for one in effect.connectors)


def _effects(question: Question) -> tuple[Effect | Option | Band, ...]:
    match question:
        case YesNo():
            return (question.yes, question.no)
        case Choice() | Several():
            return question.options
        case Number() | Day():
            return question.bands
        case _:
            return ()


def _plan(questionnaire: Questionnaire) -> Iterator[str]:
    if UNKNOWN_GAP in questionnaire.gaps:
        yield f"gaps.{UNKNOWN_GAP}: the name is taken by what nobody knows yet"
    tasks = {f"{gap}.{task.key}": task for gap, held in questionnaire.gaps.items() for task in held.tasks}
    for gap, held in questionnaire.gaps.items():
        yield from _twice(f"gaps.{gap}.tasks", (task.key for task in held.tasks))
    for name, task in tasks.items():
        if task.owner not in questionnaire.owners:
            yield f"{name}.owner: {task.owner} is no owner"
        yield from (f"{name}.after: {other} is no task" for other in task.after if other not in tasks)
    waits = {name: [other for other in task.after if other in tasks] for name, task in tasks.items()}
    yield from (f"{name}.after: it waits for itself" for name in waits if _comes_back(name, waits))


def _comes_back(name: str, waits: dict[str, list[str]]) -> bool:
    waiting, seen = list(waits[name]), set()
    while waiting:
        other = waiting.pop()
        if other == name:
            return True
        if other not in seen:
            seen.add(other)
            waiting += waits[other]
    return False


def _levels(questionnaire: Questionnaire) -> Iterator[str]:
    starts = [level.start for level in questionnaire.levels]
    if starts[0] != 0 or starts != sorted(set(starts)):
        yield "levels: from 0, each higher than the one before"
