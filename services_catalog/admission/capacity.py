"""How many places there are, and what happens beyond."""

from typing import Annotated, Literal

import msgspec

from services_catalog.admission.standing import ClassYear
from services_catalog.fees.roots import Code, Level, Rule
from services_catalog.texts import SchoolCode, Text
from sportello.kernel.errors import gettext_noop


class Places(Rule, frozen=True, kw_only=True):
    """So many places for the children of those levels, schools, classes, sections (such as 1A), age bands and lines;
    all that is said holds together, nothing said means all the children of the service.
    """

    code: Code
    label: Text
    places: Annotated[int, msgspec.Meta(ge=0, le=100_000)]
    levels: tuple[Level, ...] = ()
    schools: tuple[SchoolCode, ...] = ()
    class_from: ClassYear | None = None
    class_to: ClassYear | None = None
    sections: tuple[str, ...] = ()
    bands: tuple[Code, ...] = ()
    lines: tuple[Code, ...] = ()

    @property
    def for_all(self) -> bool:
        """Whether every child of the service takes one of these places."""
        return not (
            self.levels or self.schools or self.class_from or self.class_to or self.sections or self.bands or self.lines
        )


class Capacity(Rule, frozen=True, kw_only=True):
    """The places of a service. Beyond them an application waits, or cannot be sent at all.

    ``order`` is that of the waiting list: who comes later is not given a place that somebody before is waiting for.
    Unsaid, the office decides one by one.
    """

    places: Annotated[tuple[Places, ...], msgspec.Meta(min_length=1)]
    beyond: Literal["waiting_list", "refused"] = "waiting_list"
    order: Literal["as_sent", "eldest_first", "youngest_first"] | None = None
    source: str = ""

    def __post_init__(self) -> None:
        codes = [one.code for one in self.places]
        if len(set(codes)) < len(codes):
            raise ValueError(gettext_noop("due gruppi di posti hanno lo stesso codice"))
        if self.order is not None and self.beyond != "waiting_list":
            raise ValueError(gettext_noop("«order» è di una lista d'attesa: vuole «beyond» uguale a «waiting_list»"))
