"""A child who ate without a price gets one from the rules in force, before the month is closed."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from services_catalog.models import Service
from sportello.canteen.month import Month
from sportello.enrolment.models import Subscription
from sportello.families.models import Child
from sportello.fees.deciding import ServiceUse, decide_prices
from sportello.kernel.dates import DateRange


def decide_missing_prices(
    *, service: Service, month: Month, children: Collection[int], now: datetime
) -> tuple[str, ...]:
    """Decides the prices of the month for the children (by id); returns why, for days that nobody could price.

    Their brothers and sisters at the canteen are decided with them, because ranks depend on one another.
    """
    households = Child.objects.filter(pk__in=children).exclude(household=None).values("household")
    held = Subscription.objects.filter(
        Q(child__in=children) | Q(child__household__in=households),
        service=service,
        valid_during__overlap=month.period.bounds,
    )
    uses = [
        ServiceUse(child=subscription.child, period=DateRange.from_bounds(subscription.valid_during))
        for subscription in held.select_related("child").order_by("child", "pk")
    ]
    report = decide_prices(service=service, uses=uses, within=month.period, now=now)
    return tuple(dict.fromkeys(str(undecided.reason) for undecided in report.undecided))
