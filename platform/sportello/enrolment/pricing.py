"""Prices after a place was given: the child's, and those of brothers and sisters, whose ranks depend on it."""

from datetime import datetime

from django.db.models import Q, QuerySet

from services_catalog.models import Service
from sportello.enrolment.models import Subscription
from sportello.families.models import Child
from sportello.fees.deciding import DecidingReport, ServiceUse, decide_prices
from sportello.kernel.dates import DateRange


def reprice_household(*, child: Child, service: Service, within: DateRange, now: datetime) -> DecidingReport:
    """Decides anew what the service costs the children of the household on those days."""
    own = Q(child=child)
    if child.household_id is not None:
        own |= Q(child__household=child.household_id)
    return decide_prices_of(Subscription.objects.filter(own), service=service, within=within, now=now)


def reprice_service(*, service: Service, within: DateRange, now: datetime) -> DecidingReport:
    """Decides anew what the service costs everybody on those days: an edition came into force."""
    return decide_prices_of(Subscription.objects.all(), service=service, within=within, now=now)


def decide_prices_of(
    places: QuerySet[Subscription], *, service: Service, within: DateRange, now: datetime
) -> DecidingReport:
    """Decides anew what the service costs the children of those places on those days."""
    places = places.filter(service=service, valid_during__overlap=within.bounds)
    uses = [
        ServiceUse(child=place.child, period=DateRange.from_bounds(place.valid_during))
        for place in places.select_related("child").order_by("child", "pk")
    ]
    return decide_prices(service=service, uses=uses, within=within, now=now)
