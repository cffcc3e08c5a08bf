"""What answers come to, in keys: the words are those of the questionnaire of that version. Kept when a round closes."""

from datetime import date
from enum import StrEnum

from msgspec import Struct

from onboarding.assessment.language import StageName


class Standing(StrEnum):
    """How a question stands."""

    ANSWERED = "answered"
    UNKNOWN = "unknown"
    TO_ANSWER = "to_answer"
    SKIPPED = "skipped"
    NOT_ASKED = "not_asked"


class QuestionResult(Struct, frozen=True):
    """A question's part of its area: `lost_tenths` are the tenths of a point it keeps the area from 100."""

    key: str
    standing: Standing
    score: int | None
    weight: int
    lost_tenths: int


class AreaResult(Struct, frozen=True):
    """An area: its score (None while nothing that counts is answered) and why."""

    key: str
    score: int | None
    questions: tuple[QuestionResult, ...]

    @property
    def asked(self) -> int:
        """How many questions want an answer."""
        return sum(one.standing not in {Standing.NOT_ASKED, Standing.SKIPPED} for one in self.questions)

    @property
    def to_answer(self) -> int:
        """How many still want one."""
        return sum(one.standing is Standing.TO_ANSWER for one in self.questions)


class OpenGap(Struct, frozen=True):
    """A gap, the questions whose answers opened it, and the stage it keeps from beginning."""

    key: str
    opened_by: tuple[str, ...]
    blocks: StageName | None


class PlannedTask(Struct, frozen=True):
    """A task of the plan."""

    gap: str
    key: str
    owner: str
    blocks: StageName | None
    due_on: date


class NeededConnector(Struct, frozen=True):
    """A system the Comune's desk must speak with; `product` is how the Comune calls its own."""

    key: str
    kind: str
    product: str
    asked_by: tuple[str, ...]


class Outcome(Struct, frozen=True):
    """The whole: `level` is the place in the questionnaire's levels."""

    score: int | None
    level: int | None
    areas: tuple[AreaResult, ...]
    gaps: tuple[OpenGap, ...]
    tasks: tuple[PlannedTask, ...]
    connectors: tuple[NeededConnector, ...]

    @property
    def to_answer(self) -> int:
        """How many questions still want an answer."""
        return sum(area.to_answer for area in self.areas)

    @property
    def asked(self) -> int:
        """How many questions want an answer at all."""
        return sum(area.asked for area in self.areas)
