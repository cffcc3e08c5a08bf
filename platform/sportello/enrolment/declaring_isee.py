"""A parent tells the Comune of a new ISEE while her children use its services; what they pay follows at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from services_catalog.models import Edition, Service
from services_catalog.queries import editions_in_force
from sportello.enrolment.models import Subscription
from sportello.enrolment.pricing import reprice_household
from sportello.families.models import Child
from sportello.fees.isee_dates import Filing, counted_period, recalculated_from
from sportello.kernel.dates import DateRange
from sportello.kernel.isee import Isee
from sportello.kernel.school_year import SchoolYear
from sportello.means.declaring import declare_isee
from sportello.means.enquiring import ask_inps
from sportello.means.rules import Kind, period_of_validity


@dataclass(frozen=True, slots=True)
class Counting:
    """A service her children use, and from when the ISEE counts for it; None: the Comune does not count it."""

    service: Service
    starts: date | None


@transaction.atomic
def declare_new_isee(
    *, children: Sequence[Child], isee: Isee, dsu_protocol: str, filed_on: date, today: date, now: datetime
) -> list[Counting]:
    """Keeps the ISEE for each of the children and decides anew the prices of the services they use.

    It counts from the day that the edition of each service says; months charged already change only where the Comune
    counts an ISEE backwards. INPS is asked about it where the connector is on. Raises IseeNotYetFiled or IseeLapsed.
    """
    for child in children:
        declare_isee(child=child, isee=isee, dsu_protocol=dsu_protocol, filed_on=filed_on, today=today)
    found = []
    for service in _used(children, today):
        counts = _counted(service, filed_on, today)
        found.append(Counting(service, None if counts is None else counts[1].start))
        if counts is not None:
            _reprice(children, service, *counts, today=today, now=now)
    for child in children:
        place = Subscription.objects.filter(child=child, valid_during__contains=today).select_related("service").first()
        if place is not None:
            reason = f"fascicolo {child.public_id}"
            ask_inps(child=child, reason=reason, archetype=place.service.archetype, asked_by=None, now=now)
    return found


def _used(children: Sequence[Child], today: date) -> list[Service]:
    places = Subscription.objects.filter(child__in=children, valid_during__endswith__gt=today)
    return list(Service.objects.filter(pk__in=places.values("service")).order_by("name"))


def _counted(service: Service, filed_on: date, today: date) -> tuple[Edition, DateRange] | None:
    """The edition that says from when it counts, and the days on which it does."""
    editions = editions_in_force(service.code, DateRange(today))
    if not editions:
        return None
    edition = editions[0]
    valid = period_of_validity(Kind.MINORS, filed_on)
    counts = counted_period(edition.rules.fees.isee, Filing(filed_on=filed_on), valid)
    return None if counts is None else (edition, counts)


def _reprice(
    children: Sequence[Child], service: Service, edition: Edition, counts: DateRange, *, today: date, now: datetime
) -> None:
    """Decides anew from the day it counts to the end of the school year: what follows its lapse may change as well."""
    start = recalculated_from(edition.rules.fees.isee, counts.start, today.replace(day=1))
    within = DateRange(start, SchoolYear.of(start).period.end)
    decided: set[int | None] = set()
    for child in children:
        if child.household_id is None or child.household_id not in decided:
            reprice_household(child=child, service=service, within=within, now=now)
            decided.add(child.household_id)
