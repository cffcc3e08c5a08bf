"""Prices after a place was given: the child's, and those of brothers and sisters, whose ranks depend on it.

What comes out are drafts; who sends them is said by the use case that asks.
"""

from datetime import datetime

from django.db.models import Q, QuerySet

from services_catalog.models import Edition, EditionStatus, Service
from sportello.enrolment.models import Subscription
from sportello.families.models import Child
from sportello.fees.deciding import DecidingReport, ServiceUse, decide_prices
from sportello.fees.models import PriceDecision
from sportello.fees.sending import send_prices
from sportello.kernel.clock import ROME
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


def review_arrears(*, now: datetime) -> int:
    """Works out anew, each night, the prices of the services whose edition reads arrears; returns how many drafts.

    Who fell into arrears, with the services or (where they count) with the local taxes, or paid, finds another price
    from that day: a draft that the office sends.
    """
    today = now.astimezone(ROME).date()
    made = 0
    for edition in Edition.objects.filter(status=EditionStatus.IN_FORCE, valid_during__contains=today).order_by("pk"):
        policy = edition.rules.fees.arrears
        if policy.refuses != "nothing" and (policy.overdue_after_days is not None or policy.local_taxes):
            made += reprice_service(service=edition.service, within=edition.period, now=now).made
    return made


def send_household_prices(*, child: Child, service: Service, actor: int | None, now: datetime) -> None:
    """Sends the drafts of the child, whose family learns of them by other news, and tells those of its siblings."""
    drafts = PriceDecision.objects.to_send().filter(service=service)
    send_prices(drafts=drafts.filter(child=child), actor=actor, now=now, tell=False)
    if child.household_id is not None:
        siblings = drafts.filter(child__household=child.household_id).exclude(child=child)
        send_prices(drafts=siblings, actor=actor, now=now)


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
