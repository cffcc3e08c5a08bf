"""Two rounds side by side, and two people's answers brought together. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from onboarding.assessment.language import Answer
from onboarding.assessment.outcome import Outcome


@dataclass(frozen=True, slots=True)
class AreaStep:
    """An area in two rounds; None where a round has no such area, or nothing that counts."""

    key: str
    before: int | None
    after: int | None

    @property
    def difference(self) -> int | None:
        """Points won; None where one of the two is not known."""
        return None if self.before is None or self.after is None else self.after - self.before


@dataclass(frozen=True, slots=True)
class Progress:
    """What changed from the round before. Every gap of either round stands in exactly one of the three lists."""

    before: int | None
    after: int | None
    areas: tuple[AreaStep, ...]
    closed_gaps: tuple[str, ...]
    still_open: tuple[str, ...]
    new_gaps: tuple[str, ...]

    @property
    def difference(self) -> int | None:
        """Points won in all."""
        return None if self.before is None or self.after is None else self.after - self.before


def progress(before: Outcome, after: Outcome) -> Progress:
    """The way from one outcome to the next, area by area and gap by gap."""
    old, new = ({area.key: area.score for area in outcome.areas} for outcome in (before, after))
    had, has = ([gap.key for gap in outcome.gaps] for outcome in (before, after))
    return Progress(
        before=before.score,
        after=after.score,
        areas=tuple(AreaStep(key, old.get(key), new.get(key)) for key in dict.fromkeys([*new, *old])),
        closed_gaps=tuple(key for key in had if key not in has),
        still_open=tuple(key for key in had if key in has),
        new_gaps=tuple(key for key in has if key not in had),
    )


@dataclass(frozen=True, slots=True)
class Merged:
    """Answers of two people who began from the same ones; `conflicts` are the questions both changed differently."""

    answers: dict[str, Answer]
    conflicts: tuple[str, ...]


def merge(
    *, base: Mapping[str, Answer], mine: Mapping[str, Answer], theirs: Mapping[str, Answer], keys: Iterable[str]
) -> Merged:
    """Takes each question from whoever changed it; where both did, differently, mine stands and is named."""
    answers, conflicts = dict(theirs), []
    for key in keys:
        own, other, first = mine.get(key), theirs.get(key), base.get(key)
        if own in (first, other):
            continue
        if other != first:
            conflicts.append(key)
        if own is None:
            answers.pop(key, None)
        else:
            answers[key] = own
    return Merged(answers, tuple(conflicts))
