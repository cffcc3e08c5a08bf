"""A canteen in force in Bari, and families whose 1 September is to be rehearsed."""

from datetime import date
from typing import Any

import pytest

from services_catalog.models import Edition
from sportello.families.models import Child, Household
from sportello.kernel.school_year import SchoolYear
from sportello.schools.models import Level, School, Section
from tenants.models import Municipality
from tests import factories
from tests.factories.editions import edition, edition_content
from tests.factories.meals import place
from tests.factories.numbering import YEAR

NEXT = YEAR.next
TODAY = date(2026, 11, 23)
SECOND_CHILD_HALF = [{"kind": "sibling_discounts", "rows": [{"rank_from": 2, "discount_percent": 50}]}]


@pytest.fixture
def canteen(bari: Municipality) -> Edition:
    """Three bands, half price from the second child on; infanzia and primaria."""
    return edition(content=edition_content(fees={"reductions": SECOND_CHILD_HALF}))


def room(level: Level, class_year: int, letter: str = "A", *, school: School | None = None) -> Section:
    """A class of this year, in a school of its level."""
    where = school or factories.school(level=level)
    return factories.section(where, class_year=class_year, letter=letter)


def followed(section: Section, year: SchoolYear = NEXT) -> Section:
    """The class of the new year that follows."""
    return factories.section(
        section.school, school_year=year.start_year, class_year=section.class_year + 1, letter=section.letter
    )


def enrolled(canteen: Edition, section: Section | None, household: Household | None = None, **fields: Any) -> Child:
    """A child with a place at the canteen, who sits in the class."""
    values = {"household": household} if household is not None else {}
    made = factories.child(**{**values, **fields})
    if section is not None:
        factories.pupil(made, section)
    place(made, canteen)
    return made
