"""Rules on the way from home to school: so many metres, or a catchment area."""

from typing import Annotated, Literal

import msgspec

from services_catalog.admission.roots import AdmissionRule
from services_catalog.fees.roots import Code, Level, Rule
from services_catalog.texts import SchoolCode, Text
from sportello.kernel.errors import gettext_noop

type Metres = Annotated[int, msgspec.Meta(ge=0, le=100_000)]


class DistanceRow(Rule, frozen=True, kw_only=True):
    """The metres wanted at some levels (at all, when none is named): strictly ``more_than``, at most ``up_to``."""

    levels: tuple[Level, ...] = ()
    more_than: Metres | None = None
    up_to: Metres | None = None

    def __post_init__(self) -> None:
        if self.more_than is None and self.up_to is None:
            raise ValueError(gettext_noop("una distanza vuole «more_than» o «up_to»"))
        if self.more_than is not None and self.up_to is not None and self.up_to <= self.more_than:
            raise ValueError(gettext_noop("«up_to» non supera «more_than»"))


class DistanceRule(AdmissionRule, frozen=True, kw_only=True, tag_field="kind", tag="distance"):
    """How far the home is from the school, along the shortest way on foot or in a straight line.

    A level that no row names has no limit.
    """

    measure: Literal["walking", "straight"]
    rows: Annotated[tuple[DistanceRow, ...], msgspec.Meta(min_length=1)]

    def __post_init__(self) -> None:
        named = [level for row in self.rows for level in row.levels]
        if len(set(named)) < len(named) or sum(not row.levels for row in self.rows) > 1:
            raise ValueError(gettext_noop("due righe di distanza valgono per lo stesso grado"))


class Area(Rule, frozen=True, kw_only=True):
    """A named part of the territory: its streets, where they are listed, and the schools it gives a right to."""

    code: Code
    label: Text
    streets: tuple[str, ...] = ()
    schools: tuple[SchoolCode, ...] = ()


class CatchmentRule(AdmissionRule, frozen=True, kw_only=True, tag_field="kind", tag="catchment"):
    """The home lies in one of the areas.

    Attested by what the family declares, or by the office alone: it then recognises ``condition``, and until it has
    nobody is refused.
    """

    areas: Annotated[tuple[Area, ...], msgspec.Meta(min_length=1)]
    attested_by: Literal["declared", "office"] = "declared"
    condition: Code | None = None

    def __post_init__(self) -> None:
        codes = [area.code for area in self.areas]
        if len(set(codes)) < len(codes):
            raise ValueError(gettext_noop("due zone hanno lo stesso codice"))
        if (self.attested_by == "office") != (self.condition is not None):
            raise ValueError(gettext_noop("una zona che attesta l'ufficio nomina la «condition» che lui riconosce"))
