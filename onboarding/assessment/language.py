"""The language of questionnaires: what a file of `questionnaires/` may say. An unknown key is an error.

Every text is told in Italian and in English. What an answer brings stands beside it: a score from 0 to 100, the gaps
it opens, the connectors it implies. `consistency.check` finds what types cannot: names that lead nowhere, circles.
"""

from datetime import date
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct

type Key = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
type Score = Annotated[int, Meta(ge=0, le=100)]
type Weight = Annotated[int, Meta(ge=0, le=100)]
type Days = Annotated[int, Meta(ge=1, le=730)]
type Side = Literal["central", "comune"]
type StageName = Literal["configuration", "dry_runs", "shadow_month", "go_live", "live"]
STAGES: Final[tuple[StageName, ...]] = ("configuration", "dry_runs", "shadow_month", "go_live", "live")
"""The stages a gap may keep a Comune out of, in their order (those of `tenants.models.Stage` after the first)."""

UNKNOWN: Final = "?"
"""The answer of who does not know yet: it scores nothing and opens a gap of its own."""

UNKNOWN_GAP: Final = "unknown"
FIND_OUT: Final = "find_out"
"""Its gap is `unknown.<question>`, with the one task `find_out`."""


class Words(Struct, frozen=True, forbid_unknown_fields=True):
    """A text in the two languages of the product."""

    it: Annotated[str, Meta(min_length=1)]
    en: Annotated[str, Meta(min_length=1)]

    def told(self, language: str) -> str:
        """The text for who reads that language."""
        return self.en if language.startswith("en") else self.it


class Effect(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What an answer brings. `score` counts only where the question has a weight."""

    score: Score = 0
    gaps: tuple[str, ...] = ()
    connectors: tuple[str, ...] = ()


class Option(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An answer to choose. In a question of several, `score` adds up to at most 100, `alone` excludes the others and
    `missing` are the gaps that stay open while it is not chosen.
    """

    value: Key
    label: Words
    score: Score = 0
    gaps: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    connectors: tuple[str, ...] = ()
    alone: bool = False


class Band(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """From `start` (included) to `below` (excluded); for a date, days from the day of the round."""

    start: int | None = msgspec.field(default=None, name="from")
    below: int | None = None
    score: Score = 0
    gaps: tuple[str, ...] = ()
    connectors: tuple[str, ...] = ()

    def holds(self, value: int) -> bool:
        """Whether the value lies inside."""
        return (self.start is None or value >= self.start) and (self.below is None or value < self.below)


class Condition(Struct, frozen=True, forbid_unknown_fields=True):
    """Holds when the answer to an earlier question is, or contains, one of these values."""

    question: str
    among: tuple[str, ...]


class Asked(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind"):
    """What every question says. `weight` 0: it is asked to know, not to score. `when`: all conditions must hold."""

    key: Key
    text: Words
    help: Words | None = None
    weight: Weight = 1
    optional: bool = False
    when: tuple[Condition, ...] = ()


class YesNo(Asked, frozen=True, kw_only=True, tag="yes_no"):
    """Yes or no."""

    yes: Effect
    no: Effect


class Choice(Asked, frozen=True, kw_only=True, tag="choice"):
    """One of the options."""

    options: Annotated[tuple[Option, ...], Meta(min_length=2)]


class Several(Asked, frozen=True, kw_only=True, tag="several"):
    """Any of the options."""

    options: Annotated[tuple[Option, ...], Meta(min_length=2)]


class Number(Asked, frozen=True, kw_only=True, tag="number"):
    """A whole number between two limits."""

    least: int = 0
    most: int = 1_000_000
    bands: tuple[Band, ...] = ()


class Day(Asked, frozen=True, kw_only=True, tag="date"):
    """A date."""

    bands: tuple[Band, ...] = ()


class Text(Asked, frozen=True, kw_only=True, tag="text"):
    """Free words: never scored."""

    weight: Annotated[int, Meta(ge=0, le=0)] = 0
    longest: Annotated[int, Meta(ge=1, le=2000)] = 300


type Question = YesNo | Choice | Several | Number | Day | Text


class Area(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A part of the questionnaire that is filled in and saved by itself. `owner` finds out what is not known yet."""

    key: Key
    title: Words
    lead: Words
    weight: Annotated[int, Meta(ge=1, le=100)]
    owner: str
    questions: Annotated[tuple[Question, ...], Meta(min_length=1)]


class Owner(Struct, frozen=True, forbid_unknown_fields=True):
    """A role that tasks are given to, and on whose side it is."""

    title: Words
    side: Side


class Task(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What closes a gap: who, within how many days, after which other tasks (`gap.task`) if those are in the plan."""

    key: Key
    title: Words
    owner: str
    days: Days
    after: tuple[str, ...] = ()


class Gap(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is missing, why it matters, which stage may not begin before it is closed (none: it only betters)."""

    title: Words
    why: Words
    blocks: StageName | None = None
    tasks: Annotated[tuple[Task, ...], Meta(min_length=1)]


class Connector(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A system to speak with. `kind` is that of `integrations` where the product has one; `named_by` is the question
    whose text names the Comune's own product.
    """

    kind: Key
    title: Words
    note: Words
    named_by: str | None = None


class Finding(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What an unknown answer opens: a gap and its task. `{question}` in the texts is the question."""

    title: Words
    why: Words
    task: Words
    days: Days


class Level(Struct, frozen=True, forbid_unknown_fields=True):
    """How a total is called from a score on."""

    start: Score = msgspec.field(name="from")
    title: Words


class Questionnaire(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One version, never changed once it has been answered: a change is the next version."""

    version: Annotated[int, Meta(ge=1)]
    title: Words
    changed: Words
    areas: Annotated[tuple[Area, ...], Meta(min_length=1)]
    owners: dict[str, Owner]
    gaps: dict[str, Gap]
    connectors: dict[str, Connector]
    unknown: Finding
    levels: Annotated[tuple[Level, ...], Meta(min_length=1)]

    def area(self, key: str) -> Area | None:
        """The area of that key."""
        return next((area for area in self.areas if area.key == key), None)

    def question(self, key: str) -> Question | None:
        """The question of that key, in whatever area."""
        return next((one for area in self.areas for one in area.questions if one.key == key), None)


type Answer = str | int | tuple[str, ...]
"""What is kept of an answer: a value, `yes` or `no`, values, a number, an ISO date, a text, or UNKNOWN."""


def has_unknown(question: Question) -> bool:
    """Whether one may answer that one does not know yet: wherever the answer matters."""
    return not isinstance(question, Text) and not question.optional


def fits(question: Question, answer: object) -> bool:
    """Whether this is an answer to the question."""
    if answer == UNKNOWN:
        return has_unknown(question)
    match question:
        case YesNo():
            found = answer in ("yes", "no")
        case Choice():
            found = answer in {option.value for option in question.options}
        case Several():
            found = _fits_several(question, answer)
        case Number():
            is_whole = isinstance(answer, int) and not isinstance(answer, bool)
            found = is_whole and question.least <= int(str(answer)) <= question.most
        case Day():
            found = isinstance(answer, str) and _is_day(answer)
        case Text():
            found = isinstance(answer, str) and 0 < len(answer) <= question.longest
    return found


def _fits_several(question: Several, answer: object) -> bool:
    if not isinstance(answer, tuple | list) or not answer or len(set(answer)) != len(answer):
        return False
    chosen = [option for option in question.options if option.value in answer]
    return len(chosen) == len(answer) and (len(chosen) == 1 or not any(option.alone for option in chosen))


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
