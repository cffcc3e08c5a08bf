"""Schools, sections, who sits in them and who looks after them."""

from typing import Any

from sportello.accounts.models import Account
from sportello.families.models import Child, Pupil
from sportello.schools.models import Level, School, Section, StaffScope
from tests.factories.numbering import ALWAYS, YEAR, next_number, school_year_period
from tests.factories.people import Period


def school(**fields: Any) -> School:
    """A primary school with an invented code."""
    number = next_number()
    values = {"school_code": f"BAEE{number:06d}", "name": f"Scuola di prova {number}", "level": Level.PRIMARY}
    return School.objects.create(**{**values, **fields})


def section(in_school: School | None = None, **fields: Any) -> Section:
    """A first class of 2026/27 whose letter is free."""
    place = in_school or school()
    number = Section.objects.filter(school=place).count()
    letter = chr(ord("A") + number % 26) + (str(number // 26) if number >= 26 else "")
    values = {"school_year": YEAR.start_year, "class_year": 1, "letter": letter}
    return Section.objects.create(school=place, **{**values, **fields})


def pupil(minor: Child, in_section: Section | None = None, *, valid_during: Period | None = None) -> Pupil:
    """The child sits in the section, for the school year unless said."""
    return Pupil.objects.create(
        child=minor, section=in_section or section(), valid_during=valid_during or school_year_period()
    )


def scope(holder: Account, over: School | Section, *, valid_during: Period = ALWAYS) -> StaffScope:
    """The person with the school role sees a school, or one section of it."""
    if isinstance(over, Section):
        return StaffScope.objects.create(account=holder, school=over.school, section=over, valid_during=valid_during)
    return StaffScope.objects.create(account=holder, school=over, valid_during=valid_during)
