"""What a check of the check-list is, and the registry into which parts of the house put theirs.

A check is asked inside the schema of the Comune and reads only. One that the law asks for cannot be waived; one that
does not block is a warning.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.utils.functional import Promise

from tenants.models import Municipality

type Words = str | Promise


class Where(StrEnum):
    """On whose host a thing is cured."""

    COMUNE = "comune"
    CENTRAL = "central"


@dataclass(frozen=True, slots=True)
class Cure:
    """Where it is put right: a path on the Comune's host or on the central team's."""

    where: Where
    path: str
    words: Words


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: whether all is well, and the sentence that says why, with its numbers already in."""

    passed: bool
    sentence: str
    cure: Cure | None = None


def passes(sentence: str, cure: Cure | None = None) -> Finding:
    """All is well."""
    return Finding(passed=True, sentence=sentence, cure=cure)


def fails(sentence: str, cure: Cure | None = None) -> Finding:
    """It is not, and why."""
    return Finding(passed=False, sentence=sentence, cure=cure)


@dataclass(frozen=True, slots=True)
class Asked:
    """Of whom and when a check is asked."""

    municipality: Municipality
    today: date
    now: datetime


@dataclass(frozen=True, slots=True)
class Check:
    """A question before the start. `legal`: the law asks for it, nobody may waive it."""

    code: str
    title: Words
    judge: Callable[[Asked], Finding]
    blocking: bool = True
    legal: bool = False


_checks: dict[str, Check] = {}


def register_check(check: Check) -> None:
    """Adds a check at the end of the list; a second one of the same code is a programming error."""
    if _checks.setdefault(check.code, check) is not check:
        raise ValueError(f"The check {check.code} is registered twice.")


def checks() -> tuple[Check, ...]:
    """All checks, in the order of their registration."""
    return tuple(_checks.values())


def check_named(code: str) -> Check | None:
    """The check of that code."""
    return _checks.get(code)
