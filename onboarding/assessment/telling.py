"""Outcome, plan and answers in words, in the language of who reads: what pages and paper share."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from integrations.registry import kinds
from onboarding.assessment.comparing import Progress
from onboarding.assessment.language import (
    UNKNOWN,
    UNKNOWN_GAP,
    Answer,
    Choice,
    Day,
    Question,
    Questionnaire,
    Several,
    YesNo,
)
from onboarding.assessment.outcome import AreaResult, NeededConnector, OpenGap, Outcome, Standing
from onboarding.assessment.queries import HeldRound
from tenants.models import Stage

ELSEWHERE = frozenset({"spid", "cie", "legacy_export"})
"""Kinds that the product speaks with by other pages than Collegamenti."""


@dataclass(frozen=True, slots=True)
class ToldQuestion:
    """A question with its answer, and how many points it keeps its area from 100."""

    text: str
    answer: str
    score: int | None
    weight: int
    lost: str
    tone: str


@dataclass(frozen=True, slots=True)
class ToldArea:
    """An area in words."""

    key: str
    title: str
    lead: str
    score: int | None
    weight: int
    asked: int
    answered: int
    to_answer: int
    questions: list[ToldQuestion]


@dataclass(frozen=True, slots=True)
class ToldGap:
    """A gap in words; `blocks` is the name of the stage it keeps from beginning, or empty."""

    key: str
    title: str
    why: str
    blocks: str | Promise
    opened_by: list[str]


@dataclass(frozen=True, slots=True)
class ToldConnector:
    """A system in words; `is_ready`: the product speaks with systems of that kind today."""

    title: str
    note: str
    product: str
    is_ready: bool


@dataclass(frozen=True, slots=True)
class Teller:
    """Says things of one questionnaire in one language."""

    questionnaire: Questionnaire
    language: str

    def level(self, outcome: Outcome) -> str:
        """How the total is called; empty while there is none."""
        return "" if outcome.level is None else self.questionnaire.levels[outcome.level].title.told(self.language)

    def areas(self, held: HeldRound, outcome: Outcome) -> list[ToldArea]:
        """Every area with its questions."""
        results = {area.key: area for area in outcome.areas}
        return [
            ToldArea(
                key=area.key,
                title=area.title.told(self.language),
                lead=area.lead.told(self.language),
                score=results[area.key].score,
                weight=area.weight,
                asked=results[area.key].asked,
                answered=results[area.key].asked - results[area.key].to_answer,
                to_answer=results[area.key].to_answer,
                questions=self._questions(results[area.key], held),
            )
            for area in self.questionnaire.areas
        ]

    def _questions(self, area: AreaResult, held: HeldRound) -> list[ToldQuestion]:
        """Those that were asked, those that cost most first."""
        shown = sorted(
            (one for one in area.questions if one.standing is not Standing.NOT_ASKED), key=lambda one: -one.lost_tenths
        )
        found = []
        for one in shown:
            question = self.questionnaire.question(one.key)
            if question is None:
                continue
            missing = one.standing in {Standing.TO_ANSWER, Standing.SKIPPED}
            answer = "" if missing else self.answer(question, held.answers.get(one.key))
            tone = "neutral" if one.score is None else "success" if one.score >= 80 else "attention"
            found.append(
                ToldQuestion(self.question(question), answer, one.score, one.weight, _tenths(one.lost_tenths), tone)
            )
        return found

    def question(self, question: Question) -> str:
        """The question."""
        return question.text.told(self.language)

    def answer(self, question: Question, answer: Answer | None) -> str:
        """An answer as people say it."""
        if answer is None:
            return _("nessuna risposta")
        if answer == UNKNOWN:
            return _("Non lo so ancora")
        match question:
            case YesNo():
                return _("Sì") if answer == "yes" else _("No")
            case Choice() | Several():
                chosen = answer if isinstance(answer, tuple) else (str(answer),)
                labels = (option.label for option in question.options if option.value in chosen)
                return ", ".join(label.told(self.language) for label in labels)
            case Day():
                return f"{date.fromisoformat(str(answer)):%d/%m/%Y}"
            case _:
                return str(answer)

    def gap_title(self, key: str) -> str:
        """The name of a gap."""
        return self._gap(key)[0]

    def _gap(self, key: str) -> tuple[str, str]:
        unknown = self._unknown(key)
        if unknown is not None:
            finding = self.questionnaire.unknown
            title = finding.title.told(self.language).replace("{question}", self.question(unknown))
            return title, finding.why.told(self.language)
        gap = self.questionnaire.gaps.get(key)
        return (key, "") if gap is None else (gap.title.told(self.language), gap.why.told(self.language))

    def _unknown(self, gap: str) -> Question | None:
        root, _dot, question = gap.partition(".")
        return self.questionnaire.question(question) if root == UNKNOWN_GAP and question else None

    def gaps(self, gaps: Iterable[OpenGap]) -> list[ToldGap]:
        """Gaps in words."""
        return [
            ToldGap(
                key=gap.key,
                title=self._gap(gap.key)[0],
                why=self._gap(gap.key)[1],
                blocks=Stage(gap.blocks).label if gap.blocks else "",
                opened_by=[self.question(one) for key in gap.opened_by if (one := self.questionnaire.question(key))],
            )
            for gap in gaps
        ]

    def task(self, gap: str, key: str) -> str:
        """What a task asks for."""
        unknown = self._unknown(gap)
        if unknown is not None:
            return self.questionnaire.unknown.task.told(self.language).replace("{question}", self.question(unknown))
        held = self.questionnaire.gaps.get(gap)
        task = next((one for one in held.tasks if one.key == key), None) if held else None
        return key if task is None else task.title.told(self.language)

    def owner(self, key: str) -> str:
        """The role that does it."""
        owner = self.questionnaire.owners.get(key)
        return key if owner is None else owner.title.told(self.language)

    def connectors(self, needed: Iterable[NeededConnector]) -> list[ToldConnector]:
        """Systems in words."""
        ready = ELSEWHERE | set(kinds())
        return [
            ToldConnector(
                title=self.questionnaire.connectors[one.key].title.told(self.language),
                note=self.questionnaire.connectors[one.key].note.told(self.language),
                product=one.product,
                is_ready=one.kind in ready,
            )
            for one in needed
            if one.key in self.questionnaire.connectors
        ]


@dataclass(frozen=True, slots=True)
class ToldProgress:
    """The way from the round before, in words."""

    before: int | None
    after: int | None
    difference: str
    areas: list[tuple[str, int | None, int | None, str]]
    closed: list[str]
    still: list[str]
    new: list[str]


def told_progress(way: Progress, before: Teller, after: Teller) -> ToldProgress:
    """Titles are those of the later questionnaire; of what it no longer has, those of the earlier."""
    titles = {
        area.key: area.title.told(teller.language) for teller in (before, after) for area in teller.questionnaire.areas
    }
    return ToldProgress(
        before=way.before,
        after=way.after,
        difference=signed(way.difference),
        areas=[(titles[step.key], step.before, step.after, signed(step.difference)) for step in way.areas],
        closed=[before.gap_title(key) for key in way.closed_gaps],
        still=[after.gap_title(key) for key in way.still_open],
        new=[after.gap_title(key) for key in way.new_gaps],
    )


def signed(difference: int | None) -> str:
    """+5, -3 with a real minus sign, 0; empty where it is not known."""
    return "" if difference is None else f"{difference:+d}".replace("-", "\N{MINUS SIGN}").replace("+0", "0")


def long_day(day: date) -> str:
    """A day in words."""
    return date_format(day, "j F Y").lower()


def _tenths(value: int) -> str:
    """12 -> 1,2; 50 -> 5; nothing for 0."""
    whole, rest = divmod(value, 10)
    return "" if not value else f"{whole},{rest}" if rest else str(whole)
