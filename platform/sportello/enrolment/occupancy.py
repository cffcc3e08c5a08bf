"""How many places of a service are taken, by whom the subscriptions say."""

from datetime import date

from services_catalog.admission.ages import AgeRule
from services_catalog.models import Edition, Service
from services_catalog.schema import EditionContent
from sportello.applications.admissibility.ages import band_of
from sportello.applications.admissibility.places import Seat, peak, takes
from sportello.applications.models import Application
from sportello.applications.stated import stated_line
from sportello.enrolment.models import Subscription
from sportello.families.models import Child, Pupil
from sportello.families.queries import placements_on
from sportello.kernel.dates import DateRange
from sportello.kernel.school_year import SchoolYear


def taken_from(edition: Edition, content: EditionContent, first_day: date) -> dict[str, int]:
    """The places of each group taken on the fullest day from that one to the end of the school year, by code.

    Two queries; one where no group asks where the children sit.
    """
    capacity = content.admission.capacity
    year = SchoolYear(edition.school_year)
    days = DateRange(max(first_day, year.period.start), year.period.end)
    if capacity is None:
        return {}
    held = Subscription.objects.filter(service=edition.service_id, valid_during__overlap=days.bounds)
    rows = list(held.select_related("child", "application").order_by("pk"))
    placed = (
        {} if all(one.for_all for one in capacity.places) else placements_on((row.child for row in rows), days.start)
    )
    seated = [
        (
            DateRange.from_bounds(row.valid_during),
            seat_in(content, row.child, placed.get(row.child_id), row.application, year),
        )
        for row in rows
    ]
    return {
        group.code: peak((period for period, seat in seated if takes(group, seat)), days) for group in capacity.places
    }


def seat_in(
    content: EditionContent, child: Child, pupil: Pupil | None, application: Application | None, year: SchoolYear
) -> Seat:
    """Where a child sits, in which age band and on which line."""
    filed = application.taken_in_charge_on if application else None
    return Seat(
        level=pupil.section.school.level if pupil else "",
        school=pupil.section.school.school_code if pupil else "",
        class_year=pupil.section.class_year if pupil else None,
        section=str(pupil.section) if pupil else "",
        band=_band(content, child, year, filed or year.period.start),
        line=stated_line(application, content) if application else "",
    )


def lock_places(service: Service) -> None:
    """Two clerks who accept at once count one after the other; to be called within the transaction that accepts."""
    Service.objects.select_for_update(no_key=True).get(pk=service.pk)


def _band(content: EditionContent, child: Child, year: SchoolYear, filed: date) -> str:
    rule = next((rule for rule in content.admission.rules if isinstance(rule, AgeRule)), None)
    if rule is None or child.birth_date is None:
        return ""
    band = band_of(rule, child.birth_date, year, filed)
    return band.code if band else ""
