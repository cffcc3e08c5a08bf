"""Receipts that nobody brings: a gateway that answers in our place is asked what was paid."""

from datetime import datetime, timedelta
from typing import Final

from django.db.models import F

from integrations.pagopa import gateway
from integrations.pagopa.port import Fetched
from sportello.billing.carts.models import CartNotice
from sportello.billing.debts.models import OptionState, PaymentOption
from sportello.billing.debts.ourselves import our_institution
from sportello.billing.debts.states import PAYABLE
from sportello.billing.publishing.models import GatewayCopy, Standing
from sportello.billing.receipts.completing import complete_receipt
from sportello.billing.receipts.models import Receipt, ReceiptSource
from sportello.billing.receipts.settling import settle
from sportello.billing.receipts.station import keep_receipt

RECENT: Final = timedelta(hours=1)
SWEEP: Final = timedelta(days=3)
MOST_ASKED: Final = 300
"""So many notices a sweep asks about one by one, where a gateway cannot list what was paid."""


def poll_recent(*, now: datetime) -> int:
    """What was paid in the last hour; asked one by one: those that somebody has gone to Checkout with.

    Returns how many receipts are new. Raises ConnectorError; what came before it is kept.
    """
    since = now - RECENT
    gone = CartNotice.objects.filter(cart__sent_at__gte=since, option__state=OptionState.UNPAID)
    return _poll(since, list(gone.values_list("option__notice_number", flat=True).distinct()), now)


def poll_all(*, now: datetime) -> int:
    """What was paid in three days; asked one by one: the open notices, those asked longest ago first.

    Returns how many receipts are new. Raises ConnectorError; what came before it is kept.
    """
    rows = GatewayCopy.objects.filter(standing=Standing.PUBLISHED, position__state__in=PAYABLE)
    turn = list(rows.order_by(F("asked_at").asc(nulls_first=True), "pk").values_list("pk", flat=True)[:MOST_ASKED])
    GatewayCopy.objects.filter(pk__in=turn).update(asked_at=now)  # before: a failure does not stop the others' turn
    awaited = PaymentOption.objects.filter(position__in=turn, state=OptionState.UNPAID).order_by("pk")
    return _poll(now - SWEEP, list(awaited.values_list("notice_number", flat=True)), now)


def _poll(since: datetime, awaited: list[str], now: datetime) -> int:
    if not gateway.traits().is_polled:
        return 0
    known = frozenset(Receipt.objects.filter(arrived_at__gte=since).values_list("receipt_id", flat=True))
    found = gateway.receipts_since(since, awaited=awaited, known=known, reference="", now=now)
    return sum(_take(one, now) for one in found)


def _take(found: Fetched, now: datetime) -> bool:
    """Stored raw first, then settled, as one that the Node brings (P19); whether it is new."""
    new = keep_receipt(
        message=found.message, raw=found.raw, ourselves=our_institution(), source=ReceiptSource.REST, now=now
    )
    if new is None:
        complete_receipt(message=found.message, raw=found.raw, source=ReceiptSource.REST, now=now)
        return False
    settle(receipt_id=new, now=now)
    return True
