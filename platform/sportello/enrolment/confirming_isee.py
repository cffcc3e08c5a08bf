"""A clerk confirms what INPS says of a child's ISEE; what the child pays is decided anew at once."""

from datetime import datetime

from django.db import transaction

from services_catalog.models import Service
from sportello.accounts.models import Account
from sportello.enrolment.models import Subscription
from sportello.enrolment.pricing import reprice_household
from sportello.kernel.dates import DateRange
from sportello.means.models import IseeEnquiry
from sportello.means.settling import confirm_inps_value


@transaction.atomic
def confirm_and_reprice(*, enquiry: IseeEnquiry, actor: Account, now: datetime) -> DateRange:
    """The value of INPS counts, and the prices of its days are worked out anew for every service the child uses.

    They are drafts to send. Returns those days. Months already closed change at their next close, by a difference.
    Raises NothingToSettle.
    """
    days = confirm_inps_value(enquiry=enquiry, actor=actor, now=now)
    used = Subscription.objects.filter(child=enquiry.child_id, valid_during__overlap=days.bounds)
    for service in Service.objects.filter(pk__in=used.values("service")).order_by("code"):
        reprice_household(child=enquiry.child, service=service, within=days, now=now)
    return days
