"""What the check-list asks of the loads of legacy data: counts only, in one place."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import DecimalField, Sum
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce

from onboarding.judging.types import Verdict
from onboarding.models import LoadState, RosterLoad
from sportello.billing.models import Entry, EntryKind


@dataclass(frozen=True, slots=True)
class LastLoad:
    """The last load that could be read. Cents; `legacy_cents` is the sum of every balance of the file that can be read.

    `open_rows` wait for a person: to review, or unreadable.
    """

    file_name: str
    public_id: str
    committed_at: datetime | None
    open_rows: int
    legacy_cents: int


def last_load() -> LastLoad | None:
    """The last load of the current Comune; None when there is none (two queries)."""
    load = RosterLoad.objects.exclude(state=LoadState.FAILED).order_by("-uploaded_at", "-pk").first()
    if load is None:
        return None
    return LastLoad(
        file_name=load.file_name,
        public_id=str(load.public_id),
        committed_at=load.committed_at,
        open_rows=sum(int(load.counts.get(verdict, 0)) for verdict in ("review", "reject")),
        legacy_cents=_of_the_file(load),
    )


def _of_the_file(load: RosterLoad) -> int:
    """What the file says all children together have to their credit; a row that repeats another counts once."""
    rows = load.rows.exclude(verdict__in=(Verdict.DUPLICATE, Verdict.NOT_DATA, Verdict.CONTROL))
    euro = Cast(KeyTextTransform("balance", "record"), DecimalField(max_digits=14, decimal_places=2))
    return int(rows.aggregate(cents=Coalesce(Sum(euro), Decimal(0)))["cents"] * 100)


def carried_cents() -> int:
    """What the ledger holds as brought over: the opening balances and what corrects them (two sums)."""
    openings = Entry.objects.filter(kind=EntryKind.OPENING_BALANCE)
    corrections = Entry.objects.filter(corrects__kind=EntryKind.OPENING_BALANCE)
    return sum(int(rows.aggregate(cents=Coalesce(Sum("amount_cents"), 0))["cents"]) for rows in (openings, corrections))
