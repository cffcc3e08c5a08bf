"""What the check-list asks of the loads of legacy data: counts only, in one place.

Of each source its last load counts. A load that was undone, could not be read or was never checked says nothing; a kind
that is not brought over for the start (`kinds.BROUGHT_OVER`) changes nothing here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection
from django.db.models import Count, Max, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from onboarding.judging.types import Verdict
from onboarding.kinds import BROUGHT_OVER
from onboarding.models import LoadState, RosterLoad
from sportello.billing.models import Entry, EntryKind

STANDS: Final = (LoadState.CHECKED, LoadState.COMMITTING, LoadState.COMMITTED, LoadState.UNDOING)
OPEN: Final = Q(rows__verdict=Verdict.REVIEW) | Q(rows__verdict=Verdict.REJECT, rows__decided=False)
"""Waits for a person: to review, or unreadable; a row that a person left out is decided."""


_SAID: Final = """
SELECT round(coalesce(sum(CASE mapping.kind
    WHEN 'roster' THEN (staged.record ->> 'balance')::numeric
    WHEN 'transport' THEN CASE WHEN staged.record ->> 'paid' = 'false' THEN -(staged.record ->> 'amount')::numeric END
    WHEN 'debts' THEN CASE WHEN coalesce(staged.record ->> 'status', '') NOT IN ('PAGATO', 'CHIUSO', 'CANCELLATO') THEN
        -greatest((staged.record ->> 'amount')::numeric - coalesce((staged.record ->> 'paid')::numeric, 0), 0) END
    END), 0) * 100)::bigint
FROM onboarding_stagedrow staged
JOIN onboarding_rosterload held ON held.id = staged.load_id
JOIN onboarding_sourcemapping mapping ON mapping.id = held.mapping_id
WHERE staged.load_id = ANY(%(loads)s) AND staged.verdict NOT IN ('duplicate', 'not_data', 'control')
"""


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

    The sum over the sources of the last load that was committed and stands, without what the commit told that it leaves
    out; None where there is none. A month of the bus that was not paid and a debt still to pay are owed.
    """
    loads = list(_last_of_each([LoadState.COMMITTED]))
    if not loads:
        return None
    not_carried = sum(int(one["cents"]) for load in loads for one in load.result.get("left_out", ()))
    with connection.cursor() as cursor:
        cursor.execute(_SAID, {"loads": [load.pk for load in loads]})
        return int(cursor.fetchone()[0]) - not_carried


def carried_cents() -> int:
    """What the ledger holds as brought over: the opening balances and what corrects them (two sums)."""
    openings = Entry.objects.filter(kind=EntryKind.OPENING_BALANCE)
    corrections = Entry.objects.filter(corrects__kind=EntryKind.OPENING_BALANCE)
    return sum(int(rows.aggregate(cents=Coalesce(Sum("amount_cents"), 0))["cents"]) for rows in (openings, corrections))


def _last_of_each(states: Iterable[LoadState]) -> QuerySet[RosterLoad]:
    held = RosterLoad.objects.filter(state__in=list(states), mapping__kind__in=BROUGHT_OVER)
    order = ("mapping__source_name", "mapping__kind")
    lasts = held.order_by(*order, "-uploaded_at", "-pk").distinct(*order).values("pk")
    return RosterLoad.objects.filter(pk__in=lasts).order_by(*order)
