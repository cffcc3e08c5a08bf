"""What an exercise is, and reading them from their files."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Final

import msgspec

from sportello.accounts.models import Role
from sportello.audit.models import Action

FOLDER: Final = Path(__file__).parent / "exercises"


class Said(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sentence in both languages."""

    it: str
    en: str

    def within(self, language: str | None) -> str:
        """The sentence in a language; Italian unless English is asked for."""
        return self.en if (language or "").startswith("en") else self.it


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing to do. ``page`` is where, as a path on the twin's host; empty where the step before has led there."""

    says: Said
    page: str = ""


class Proof(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the twin's record must hold of the person: an action with these details, so many times, about as many
    different subjects. ``missing`` says what is still to do.
    """

    action: Action
    missing: Said
    subject_kind: str = ""
    details: Mapping[str, str] = {}
    having: tuple[str, ...] = ()
    times: Annotated[int, msgspec.Meta(ge=1, le=20)] = 1


class Exercise(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A thing to practise. A new ``version`` is to be done again by who had done the old one."""

    code: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9-]{3,40}$")]
    version: Annotated[int, msgspec.Meta(ge=1, le=999)]
    order: int
    roles: tuple[Role, ...]
    title: Said
    aim: Said
    steps: tuple[Step, ...]
    proof: tuple[Proof, ...]
    file: str = ""
    """`roster`: the page gives a file to practise with."""


@cache  # the files are of the release: they change with the process
def exercises() -> tuple[Exercise, ...]:
    """All of them, in the order in which one learns."""
    found = [
        msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Exercise) for path in FOLDER.glob("*.toml")
    ]
    return tuple(sorted(found, key=lambda one: (one.order, one.code)))


def exercise_named(code: str) -> Exercise | None:
    """The exercise of that code."""
    return next((one for one in exercises() if one.code == code), None)


def exercises_for(roles: frozenset[Role]) -> tuple[Exercise, ...]:
    """Those that somebody with these roles is to do."""
    return tuple(one for one in exercises() if roles & set(one.roles))
