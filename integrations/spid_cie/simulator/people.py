"""The fictional people of a Comune, as the rooms above tell them: who exists is read from the database.

A room registers a group when Django starts::

    register_people("parents", _("Genitori"), fictional_parents)
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise

type Text = str | Promise
type PeopleOf = Callable[[date], Iterable["FictionalPerson"]]


@dataclass(frozen=True, slots=True)
class FictionalPerson:
    """Somebody to enter as; `description` says why one would ("2 figli: Anna, Luca").

    `professional`: an identity for the business of a company, which a service for citizens does not take.
    """

    fiscal_code: str
    given_name: str
    family_name: str
    birth_date: date | None
    email: str = ""
    description: Text = ""
    professional: bool = False

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}"


@dataclass(frozen=True, slots=True)
class Group:
    """People who enter for the same reason."""

    key: str
    title: Text
    people: tuple[FictionalPerson, ...]


_sources: dict[str, tuple[Text, PeopleOf]] = {}


def register_people(key: str, title: Text, people_of: PeopleOf) -> None:
    """Adds a group to the page, or replaces it. `people_of` is called in the Comune of the request."""
    _sources[key] = (title, people_of)


def groups(today: date) -> list[Group]:
    """The people of the current Comune, by group; groups without people are left out."""
    found = (Group(key, title, tuple(people_of(today))) for key, (title, people_of) in sorted(_sources.items()))
    return [group for group in found if group.people]


def find_person(fiscal_code: str, today: date) -> FictionalPerson | None:
    """The listed person with that code."""
    everybody = (person for group in groups(today) for person in group.people)
    return next((person for person in everybody if person.fiscal_code == fiscal_code), None)
