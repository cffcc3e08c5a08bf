"""What the check-list asks of the loads of legacy data: counts only, in one place.

Of each source its last load counts. A load that was undone, could not be read or was never checked says nothing; what
is of a kind that no room keeps changes nothing here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.db.models import Count, DecimalField, Max, Q, QuerySet, Sum
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce

from onboarding.judging.types import Verdict
from onboarding.kinds import WRITES
from onboarding.models import LoadState, RosterLoad, StagedRow
from sportello.billing.models import Entry, EntryKind

STANDS: Final = (LoadState.CHECKED, LoadState.COMMITTING, LoadState.COMMITTED, LoadState.UNDOING)
OPEN: Final = Q(rows__verdict=Verdict.REVIEW) | Q(rows__verdict=Verdict.REJECT, rows__decided=False)
"""Waits for a person: to review, or unreadable; a row that a person left out is decided."""


@dataclass(frozen=True, slots=True)
class LastLoad:
    """The last load of a source."""

    source: str
    public_id: str
    is_committed: bool
    open_rows: int


def last_loads() -> list[LastLoad]:
    """Of each source of the current Comune (one query), by name."""
    lasts = _last_of_each(STANDS).annotate(open_rows=Count("rows", filter=OPEN)).select_related("mapping")
    return [
        LastLoad(
            source="" if load.mapping is None else load.mapping.source_name,
            public_id=str(load.public_id),
            is_committed=load.state == LoadState.COMMITTED,
            open_rows=load.open_rows,
        )
        for load in lasts
    ]


def last_change() -> datetime | None:
    """When a load was last committed or undone."""
    moments = RosterLoad.objects.aggregate(committed=Max("committed_at"), undone=Max("undone_at"))
    return max((each for each in moments.values() if each is not None), default=None)


def legacy_cents() -> int | None:
    """What the files say all children together have to their credit; a row that repeats another counts once.

    The sum over the sources of the last load that was committed and stands; None where there is none.
    """
    loads = list(_last_of_each([LoadState.COMMITTED]).values_list("pk", flat=True))
    if not loads:
        return None
    rows = StagedRow.objects.filter(load__in=loads)
    rows = rows.exclude(verdict__in=(Verdict.DUPLICATE, Verdict.NOT_DATA, Verdict.CONTROL))
    euro = Cast(KeyTextTransform("balance", "record"), DecimalField(max_digits=14, decimal_places=2))
    return int(rows.aggregate(cents=Coalesce(Sum(euro), Decimal(0)))["cents"] * 100)


def carried_cents() -> int:
    """What the ledger holds as brought over: the opening balances and what corrects them (two sums)."""
    openings = Entry.objects.filter(kind=EntryKind.OPENING_BALANCE)
    corrections = Entry.objects.filter(corrects__kind=EntryKind.OPENING_BALANCE)
    return sum(int(rows.aggregate(cents=Coalesce(Sum("amount_cents"), 0))["cents"]) for rows in (openings, corrections))


def _last_of_each(states: Iterable[LoadState]) -> QuerySet[RosterLoad]:
    held = RosterLoad.objects.filter(state__in=list(states), mapping__kind__in=list(WRITES))
    order = ("mapping__source_name", "mapping__kind")
    lasts = held.order_by(*order, "-uploaded_at", "-pk").distinct(*order).values("pk")
    return RosterLoad.objects.filter(pk__in=lasts).order_by(*order)
