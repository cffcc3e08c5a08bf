"""Who moves to which step, and why not: values in, decisions out. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby
from string import Formatter
from typing import Final


class Step(StrEnum):
    """The steps in their order."""

    REMINDER = "reminder"
    PLAN_OFFER = "plan_offer"
    SOCIAL_CHECK = "social_check"
    INJUNCTION = "injunction"


class WhyNot(StrEnum):
    """Why an overdue notice stays where it is."""

    EXEMPT = "exempt"
    PLAN = "plan"
    PAUSED = "paused"
    MINIMUM = "minimum"
    EARLY = "early"
    UNCHECKED = "unchecked"
    IN_NEED = "in_need"
    ENDED = "ended"


FIELDS: Final = ("nome", "totale", "entro", "comune", "ufficio")
"""What a letter may name."""


@dataclass(frozen=True, slots=True)
class StepRule:
    """So many days after the notice was due, from so many overdue cents of the payer on; the words of its letter."""

    step: Step
    days: int
    minimum_cents: int
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Overdue:
    """A notice whose day has passed, what is still due of it, and when it took which step."""

    position: int
    payer: int
    cents: int
    due_on: date
    taken: Mapping[Step, date] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a payer. `collectable`: the last word of the social services, with its day; None without one."""

    exempt: bool = False
    has_plan: bool = False
    paused: bool = False
    collectable: bool | None = None
    checked_on: date | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """The step that an overdue notice takes, or why none."""

    debt: Overdue
    step: Step | None
    why_not: WhyNot | None = None


def unknown_fields(text: str) -> list[str]:
    """What a letter names and nobody knows; a stray bracket is told as it stands.

    >>> unknown_fields("Gentile {nome}, {cognome}")
    ['cognome']
    """
    try:
        named = [name for _text, name, spec, how in Formatter().parse(text) if name is not None or spec or how]
    except ValueError:
        return ["{ }"]
    return [name or "" for name in named if name not in FIELDS]


def decide(
    ladder: Sequence[StepRule], debts: Iterable[Overdue], facts: Mapping[int, Facts], today: date
) -> list[Decision]:
    """One decision for each debt; a payer's overdue sums count together against the minimum."""
    found: list[Decision] = []
    for payer, group in groupby(sorted(debts, key=lambda one: (one.payer, one.position)), key=lambda one: one.payer):
        held = list(group)
        total = sum(one.cents for one in held)
        found += [_decide(ladder, one, facts.get(payer, Facts()), total, today) for one in held]
    return found


def _decide(ladder: Sequence[StepRule], debt: Overdue, facts: Facts, total: int, today: date) -> Decision:
    rest = [rule for rule in ladder if rule.step not in debt.taken]
    if not rest:
        return Decision(debt, None, WhyNot.ENDED)
    rule = rest[0]
    why = _stopped(facts) or _not_yet(ladder, rule, debt, total, today)
    if why is None and rule.step == Step.INJUNCTION:
        why = _unchecked(debt, facts)
    return Decision(debt, None, why) if why else Decision(debt, rule.step)


def _stopped(facts: Facts) -> WhyNot | None:
    if facts.exempt:
        return WhyNot.EXEMPT
    if facts.has_plan:
        return WhyNot.PLAN
    return WhyNot.PAUSED if facts.paused else None


def _not_yet(ladder: Sequence[StepRule], rule: StepRule, debt: Overdue, total: int, today: date) -> WhyNot | None:
    """Days run from the due day, and between two steps as many as lie between them: nobody climbs two at once."""
    earliest = debt.due_on + timedelta(days=rule.days)
    before = [one for one in ladder if one.step in debt.taken]
    if before:
        earliest = max(earliest, debt.taken[before[-1].step] + timedelta(days=max(1, rule.days - before[-1].days)))
    if today < earliest:
        return WhyNot.EARLY
    return WhyNot.MINIMUM if total < rule.minimum_cents else None


def _unchecked(debt: Overdue, facts: Facts) -> WhyNot | None:
    """Nobody is listed without a word of the social services, asked for after this notice took that step."""
    asked = debt.taken.get(Step.SOCIAL_CHECK)
    if asked is None or facts.checked_on is None or facts.checked_on < asked:
        return WhyNot.UNCHECKED
    return None if facts.collectable else WhyNot.IN_NEED
