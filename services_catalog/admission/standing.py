"""Rules on where the child lives, where it goes to school and what holds of its family."""

from typing import Annotated, Literal

import msgspec

from services_catalog.admission.roots import AdmissionRule, ComuneCode
from services_catalog.fees.circumstance import When
from services_catalog.fees.roots import Level
from services_catalog.texts import SchoolCode, Text
from sportello.kernel.errors import gettext_noop

type ClassYear = Annotated[int, msgspec.Meta(ge=1, le=8)]


def check_admission_when(when: When) -> None:
    """Refuse what only a price may read: the order of brothers and sisters, an income."""
    only_prices = (
        when.rank_from, when.rank_to, when.children_from, when.children_to,
        when.enrolled_from, when.enrolled_to, when.income,
    )  # fmt: skip
    if any(value is not None for value in only_prices):
        raise ValueError(gettext_noop("l'ordine fra fratelli, gli iscritti e il reddito li legge solo la tariffa"))


class ResidenceRule(AdmissionRule, frozen=True, kw_only=True, tag_field="kind", tag="residence"):
    """The child (or one who acts for it) lives in the Comune, or in one of ``comuni`` that have a convention."""

    whose: Literal["child", "guardian"] = "child"
    comuni: tuple[ComuneCode, ...] = ()


class SchoolRule(AdmissionRule, frozen=True, kw_only=True, tag_field="kind", tag="school"):
    """The child goes to a school of those levels, one of those schools, a class between the two; all that is said."""

    levels: tuple[Level, ...] = ()
    schools: tuple[SchoolCode, ...] = ()
    class_from: ClassYear | None = None
    class_to: ClassYear | None = None

    def __post_init__(self) -> None:
        if not (self.levels or self.schools or self.class_from or self.class_to):
            raise ValueError(gettext_noop("una regola sulla scuola dice gradi, scuole o classi"))
        if self.class_from and self.class_to and self.class_to < self.class_from:
            raise ValueError(gettext_noop("un limite «_to» è più piccolo del suo «_from»"))


class CircumstanceRule(AdmissionRule, frozen=True, kw_only=True, tag_field="kind", tag="circumstance"):
    """At least one of the circumstances holds; ``label`` tells families what is wanted."""

    label: Text
    any_of: Annotated[tuple[When, ...], msgspec.Meta(min_length=1)]

    def __post_init__(self) -> None:
        for when in self.any_of:
            check_admission_when(when)
            if when.everybody:
                raise ValueError(gettext_noop("una circostanza vuota vale per tutti: non è una regola"))
