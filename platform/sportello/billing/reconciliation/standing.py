"""What the accountant sees: for each day what families paid, by receipts, ledger and flows, and what differs."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, TruncDate

from integrations.errors import NotConfigured
from integrations.pagopa.institutions import institution_of
from sportello.billing.receipts.models import Attribution, KeptAside, Receipt
from sportello.billing.reconciliation.models import GOOD, Flow, FlowLine
from sportello.kernel.clock import ROME
from sportello.kernel.money import Money
from tenants.current import current_municipality

WAIT: Final = timedelta(days=4)
"""A PSP pays over the day after and reports by the second working day: later than this a receipt is overdue."""


@dataclass(frozen=True, slots=True)
class Day:
    """The sums of what was paid on a day. `bank`: what the flows whose money reached the bank that day declare."""

    on: date
    receipts: Money
    ledger: Money
    aside: Money
    flows: Money
    bank: Money
    open: int


def is_at_pagopa() -> bool:
    """Whether this Comune has its codes of pagoPA."""
    try:
        return bool(institution_of(current_municipality()).fiscal_code)
    except NotConfigured:
        return False


def days(*, first: date, last: date, now: datetime) -> list[Day]:
    """The days with anything in them, the latest first."""
    paid = _paid_between(first, last)
    receipts = _sums(paid, "own_cents")
    kinds = Q(receipt__in=paid)
    ledger = _sums(_by_day(Attribution.objects.filter(kinds), "receipt__"), "amount_cents")
    aside = _sums(_by_day(KeptAside.objects.filter(kinds), "receipt__"), "amount_cents")
    lines = FlowLine.objects.filter(flow__is_current=True, paid_at__gte=_start(first), paid_at__lt=_start(last, 1))
    dated = lines.annotate(day=TruncDate("paid_at", tzinfo=ROME))
    ours = _sums(dated.exclude(verdict__in=("not_ours", "revoked")), "amount_cents")
    flows = Flow.objects.filter(is_current=True, regulated_on__range=(first, last)).annotate(day=F("regulated_on"))
    bank = _sums(flows, "declared_cents")
    open_ = Counter(_counts(dated.filter(_OPEN_LINE)))
    open_.update(_counts(flows.filter(_OPEN_FLOW)))
    open_.update(_counts(_by_day(overdue(now=now).filter(pk__in=paid.values("pk")))))
    found = {*receipts, *ours, *bank, *open_}
    return [
        Day(
            day,
            Money(receipts[day]),
            Money(ledger[day]),
            Money(aside[day]),
            Money(ours[day]),
            Money(bank[day]),
            open_[day],
        )
        for day in sorted(found, reverse=True)
    ]


_OPEN_LINE: Final = ~Q(verdict__in=GOOD) & Q(explanation__isnull=True)
_OPEN_FLOW: Final = Q(explanation__isnull=True) & (
    ~Q(declared_cents=F("counted_cents")) | ~Q(declared_count=F("counted_count"))
)


def overdue(*, now: datetime) -> QuerySet[Receipt]:
    """Receipts of money that no current flow has brought whole in due time, and that nobody has explained."""
    lines = FlowLine.objects.filter(flow__is_current=True, iur=OuterRef("receipt_id")).exclude(verdict="revoked")
    brought = lines.order_by().values("iur").annotate(cents=Sum("amount_cents")).values("cents")
    rows = Receipt.objects.filter(outcome="OK", own_cents__gt=0, explanation__isnull=True)
    late = rows.annotate(came=Coalesce("paid_at", "arrived_at")).filter(came__lt=now - WAIT)
    return late.annotate(brought=Coalesce(Subquery(brought), 0)).filter(brought__lt=F("own_cents"))


def lines_of(day: date) -> QuerySet[FlowLine]:
    """The lines of the payments of a day that are no plain match."""
    rows = FlowLine.objects.filter(flow__is_current=True, paid_at__gte=_start(day), paid_at__lt=_start(day, 1))
    return rows.exclude(verdict__in=GOOD).select_related("flow", "receipt", "explanation").order_by("pk")


def flows_of(day: date) -> QuerySet[Flow]:
    """The flows whose money reached the bank on a day."""
    return Flow.objects.filter(is_current=True, regulated_on=day).select_related("explanation").order_by("pk")


def overdue_of(day: date, *, now: datetime) -> QuerySet[Receipt]:
    """The overdue receipts of what was paid on a day."""
    return _by_day(overdue(now=now)).filter(day=day).order_by("pk")


def explained_of(day: date) -> QuerySet[Receipt]:
    """The receipts of a day that somebody explained."""
    rows = _by_day(Receipt.objects.filter(explanation__isnull=False)).filter(day=day)
    return rows.select_related("explanation").order_by("pk")


def _paid_between(first: date, last: date) -> QuerySet[Receipt]:
    return _by_day(Receipt.objects.filter(outcome="OK")).filter(day__range=(first, last))


def _by_day(rows: QuerySet[Any], of: str = "") -> QuerySet[Any]:
    dated: QuerySet[Any] = rows.annotate(day=TruncDate(Coalesce(f"{of}paid_at", f"{of}arrived_at"), tzinfo=ROME))
    return dated


def _sums(rows: QuerySet[Any], field: str) -> Counter[date]:
    found: Sequence[tuple[date, int]] = list(rows.order_by("day").values_list("day").annotate(cents=Sum(field)))
    return Counter(dict(found))


def _counts(rows: QuerySet[Any]) -> dict[date, int]:
    return dict(rows.order_by("day").values_list("day").annotate(many=Count("pk")))


def _start(day: date, later: int = 0) -> datetime:
    return datetime.combine(day + timedelta(days=later), time(), tzinfo=ROME)
