"""How much speaks for a column holding a field, with the reason in words."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple

from onboarding.recognition.facts import Facts
from onboarding.recognition.profiles import Profile
from onboarding.recognition.ties import Ties


class Evidence(NamedTuple):
    """`score` between 0 (cannot be) and 1 (surely) from the content; `proved`: other columns confirm it."""

    score: float
    reason: str = ""
    proved: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """All that is known of a file when its columns are judged."""

    kind: str
    profiles: tuple[Profile, ...]
    ties: Ties
    facts: Facts
    rows: int
    school_names: dict[int, dict[str, str]]


type Judge = Callable[[Profile, Table], Evidence]

IMPOSSIBLE: Final = Evidence(0.0)
# Text may be anything; nothing speaks against it and nothing for it: the name alone decides.
OPEN: Final = Evidence(0.2)
