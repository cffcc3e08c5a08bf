"""No charge rests on a draft: whoever charges first sends the decisions of those days, in its own transaction."""

from datetime import datetime

from django.db.models import QuerySet

from services_catalog.models import Service
from services_catalog.queries import editions_in_force
from sportello.enrolment.pricing import reprice_service
from sportello.fees.models import PriceDecision
from sportello.fees.sending import send_prices
from sportello.kernel.dates import DateRange


def drafts_within(service: Service, within: DateRange) -> QuerySet[PriceDecision]:
    """The decisions still to send that touch those days."""
    return PriceDecision.objects.to_send().filter(service=service, valid_during__overlap=within.bounds)


def send_prices_within(*, service: Service, within: DateRange, actor: int | None, now: datetime) -> int:
    """Sends what is still to send on those days; returns how many decisions.

    Where a sent decision rests on an act that no longer holds on some of them (its repricing is still to run), the
    prices are worked out anew first.
    """
    if _rest_on_another_act(service, within):
        reprice_service(service=service, within=within, now=now)
    return send_prices(drafts=drafts_within(service, within), actor=actor, now=now).sent


def _rest_on_another_act(service: Service, within: DateRange) -> bool:
    """Whether a decision in force holds on some of the days on which its edition does not; two queries."""
    held = PriceDecision.objects.in_force().filter(service=service, valid_during__overlap=within.bounds)
    known = {edition.pk: edition.period for edition in editions_in_force(service.code, within)}
    for edition_id, bounds in held.order_by().values_list("edition", "valid_during").distinct():
        days = DateRange.from_bounds(bounds).intersect(within)
        if days is not None and not (edition_id in known and known[edition_id].covers(days)):
            return True
    return False
