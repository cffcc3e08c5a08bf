"""The rules of each service on either side of 1 September: what ends, and what is known of what begins."""

from collections.abc import Sequence
from dataclasses import dataclass

from services_catalog.models import Edition, EditionStatus
from sportello.kernel.school_year import SchoolYear


@dataclass(frozen=True, slots=True)
class Around:
    """The edition of the year that ends and the one to count with for the next: in force, a draft, or the same one."""

    before: Edition
    after: Edition


def editions_around(year: SchoolYear) -> dict[int, Around]:
    """For each service that has an edition of the year that ends, by the service's id; one query.

    Of the next year the edition in force on its first day is taken, else the latest draft, else the one that ends.
    """
    years = (year.start_year, year.next.start_year)
    held: dict[int, list[Edition]] = {}
    found = Edition.objects.filter(school_year__in=years).exclude(status=EditionStatus.SUPERSEDED)
    for edition in found.select_related("service").order_by("service_id", "school_year", "revision"):
        held.setdefault(edition.service_id, []).append(edition)
    return {service: around for service, editions in held.items() if (around := _around(editions, year)) is not None}


def _around(editions: Sequence[Edition], year: SchoolYear) -> Around | None:
    ending = [one for one in editions if one.school_year == year.start_year and one.status == EditionStatus.IN_FORCE]
    if not ending:
        return None
    before = max(ending, key=lambda one: one.period.start)
    coming = [one for one in editions if one.school_year == year.next.start_year]
    in_force = [one for one in coming if one.status == EditionStatus.IN_FORCE and year.next.period.start in one.period]
    return Around(before, in_force[-1] if in_force else coming[-1] if coming else before)
