"""Whether the way to school is long enough, and in which catchment area a home lies."""

import re

from services_catalog.admission.territory import Area, CatchmentRule, DistanceRule
from sportello.applications.admissibility.facts import OUTSIDE, Applicant
from sportello.applications.admissibility.three_valued import Known, any_of

_APART = re.compile(r"[^0-9A-ZÀ-Ý]+")


def far_enough(rule: DistanceRule, applicant: Applicant) -> Known:
    """Whether the metres are those wanted at the child's level; without metres, or level, it is not known."""
    named = {level for row in rule.rows for level in row.levels}
    if not applicant.level and named:
        return None
    row = next(
        (
            row
            for row in rule.rows
            if applicant.level in row.levels or (not row.levels and applicant.level not in named)
        ),
        None,
    )
    if row is None:
        return True
    metres = applicant.metres.get(rule.code)
    if metres is None:
        return None
    return (row.more_than is None or metres > row.more_than) and (row.up_to is None or metres <= row.up_to)


def in_catchment(rule: CatchmentRule, applicant: Applicant) -> Known:
    """Whether the home lies in an area that gives a right to the child's school.

    A street that no area lists is not outside: lists have holes.
    """
    if rule.condition is not None:
        return applicant.conditions.get(rule.condition)
    declared = applicant.areas.get(rule.code)
    if declared == OUTSIDE:
        return False
    if declared:
        return any_of(_serves(area, applicant.school) for area in rule.areas if area.code == declared)
    found = [area for area in rule.areas if _lists(area, applicant.address)]
    return any_of(_serves(area, applicant.school) for area in found) if found else None


def _serves(area: Area, school: str) -> Known:
    if not area.schools:
        return True
    return school in area.schools if school else None


def _lists(area: Area, address: str) -> bool:
    """Whether the address names one of the area's streets, in whatever capitals and spaces."""
    known = f" {_plain(address)} "
    return any(known.startswith(f" {_plain(street)} ") for street in area.streets)


def _plain(text: str) -> str:
    return _APART.sub(" ", text.upper()).strip()
