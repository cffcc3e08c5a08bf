"""Receipts on their way: sent until the creditor takes them, always with the same receiptId (P19)."""

import logging
from datetime import datetime, timedelta
from typing import Final

from django.db.models import F

from integrations.pagopa.simulator.contracts import BadAnswer
from integrations.pagopa.simulator.faults import Fault
from integrations.pagopa.simulator.happened import noted_calls
from integrations.pagopa.simulator.institutions import called
from integrations.pagopa.simulator.models import Delivery, DeliveryState, Payment
from integrations.pagopa.simulator.station import Line, Refused, Station
from integrations.pagopa.simulator.wire import NoAnswer, Wire, over_http

log = logging.getLogger(__name__)
PAUSES: Final = tuple(timedelta(seconds=wait) for wait in (5, 30, 120, 600, 3600))
"""Before each further attempt; after the last one the Node stops until somebody asks."""
LEASE: Final = timedelta(minutes=2)
"""Who takes a delivery has so long to send it, before another may."""
TAKEN_BEFORE: Final = "PAA_RECEIPT_DUPLICATA"


def queue(payment: Payment, *, station_url: str, due_at: datetime, faults: frozenset[Fault] = frozenset()) -> Delivery:
    """Puts the receipt of a payment on the list of those to send."""
    told = sorted(faults & {Fault.LOST_ANSWER, Fault.BROKEN_RECEIPT, Fault.DUPLICATE_RECEIPT})
    return Delivery.objects.create(payment=payment, due_at=due_at, station_url=station_url, faults=told)


def attempt(delivery: Delivery, *, now: datetime, wire: Wire = over_http, loud: bool = False) -> str:
    """Sends once and says what came of it; "" when somebody else is at it. `loud`: a broken contract is raised."""
    if not _taken(delivery, now):
        return ""
    payment, first = delivery.payment, delivery.attempts == 1
    faults = set(delivery.faults) if first else set()
    line = Line(delivery.station_url, wire, noted_calls(payment.nav, payment.fiscal_code))
    station = Station(line, called(payment.fiscal_code))
    try:
        station.send(
            payment.receipt,
            version=payment.version,
            spoil=broken if Fault.BROKEN_RECEIPT in faults else None,
            lost=Fault.LOST_ANSWER in faults,
        )
    except Refused as error:
        taken = error.code == TAKEN_BEFORE
        return _settle(delivery, str(error), now=now, taken=taken)
    except (BadAnswer, NoAnswer) as error:
        said = _settle(delivery, f"{type(error).__name__}: {error}", now=now, taken=False)
        if loud and isinstance(error, BadAnswer):
            raise
        return said
    if Fault.DUPLICATE_RECEIPT in set(delivery.faults):
        queue(payment, station_url=delivery.station_url, due_at=now)
    return _settle(delivery, "OK", now=now, taken=True)


def send_due(*, now: datetime, wire: Wire = over_http, most: int = 1000) -> int:
    """Sends what is due, oldest first; returns how many were tried."""
    due = Delivery.objects.filter(state=DeliveryState.WAITING, due_at__lte=now).order_by("due_at", "id")
    tried = 0
    while tried < most and (delivery := due.select_related("payment").first()):
        attempt(delivery, now=now, wire=wire)
        tried += 1
    return tried


def restart(*, now: datetime) -> int:
    """Somebody has asked: what had been given up is due again."""
    stopped = Delivery.objects.filter(state=DeliveryState.GIVEN_UP)
    return stopped.update(state=DeliveryState.WAITING, due_at=now, attempts=0, faults=[])


def broken(message: bytes) -> bytes:
    """The message with an amount that the contract refuses: one digit behind the point."""
    head, mark, tail = message.partition(b"<paymentAmount>")
    amount, end, rest = tail.partition(b"</paymentAmount>")
    return head + mark + amount[:-1] + end + rest


def _taken(delivery: Delivery, now: datetime) -> bool:
    """Whether this attempt is ours: two workers may look at the list at once."""
    mine = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.WAITING, due_at=delivery.due_at)
    if not mine.update(due_at=now + LEASE, attempts=F("attempts") + 1):
        return False
    delivery.due_at, delivery.attempts = now + LEASE, delivery.attempts + 1
    return True


def _settle(delivery: Delivery, said: str, *, now: datetime, taken: bool) -> str:
    delivery.said = said[:300]
    if taken:
        delivery.state = DeliveryState.DELIVERED
    elif delivery.attempts > len(PAUSES):
        delivery.state = DeliveryState.GIVEN_UP
        log.warning("A receipt was given up", extra={"attempts": delivery.attempts})
    else:
        delivery.due_at = now + PAUSES[delivery.attempts - 1]
    delivery.save(update_fields=["said", "state", "due_at"])
    return delivery.said
