"""No charge rests on a draft: closing a month first sends the decisions of its days, in its own transaction."""

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from services_catalog.models import Service
from sportello.canteen.errors import MealsWithoutPrice
from sportello.canteen.models import Presence
from sportello.canteen.month import Month
from sportello.enrolment.sending_prices import send_prices_within
from sportello.fees.models import PriceDecision
from sportello.fees.reasons import UNDECIDED


def send_prices_of_month(*, service: Service, month: Month, actor: int | None, now: datetime) -> int:
    """Sends what is still to send on the days of the month; returns how many decisions.

    Raises MealsWithoutPrice where nobody could decide for a meal served.
    """
    sent = send_prices_within(service=service, within=month.period, actor=actor, now=now)
    bare = _meals_undecided(service, month)
    if bare:
        raise MealsWithoutPrice(
            _(
                "Per %(children)s bambini che hanno mangiato la tariffa è cambiata ma non si può decidere: manca un"
                " dato. Nulla è stato addebitato. Guarda le decisioni da inviare."
            ),
            children=len(bare),
        )
    return sent


def sent_after_close(service: Service, month: Month, moment: datetime) -> QuerySet[PriceDecision]:
    """The decisions sent after that moment for children who ate in the month: their charges may differ."""
    inside = (month.first_day, month.last_day)
    eaten = Presence.objects.filter(child=OuterRef("child"), day__range=inside, ate=True)
    touching = PriceDecision.objects.filter(service=service, valid_during__overlap=month.period.bounds)
    told = touching.filter(sent_at__gt=moment, sending__isnull=False)
    return told.filter(Exists(eaten))


def _meals_undecided(service: Service, month: Month) -> set[int]:
    """The children who ate on days whose price nobody could decide anew."""
    undecided = PriceDecision.objects.to_send().filter(
        service=service, valid_during__overlap=month.period.bounds, reasons__contains=[UNDECIDED]
    )
    children = set(undecided.order_by().values_list("child_id", flat=True))
    if not children:
        return children
    on_the_day = Exists(undecided.filter(child=OuterRef("child"), valid_during__contains=OuterRef("day")))
    eaten = Presence.objects.filter(
        on_the_day, child__in=children, day__range=(month.first_day, month.last_day), ate=True
    )
    return set(eaten.order_by().values_list("child_id", flat=True))
