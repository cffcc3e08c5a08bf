"""What a load says of each child in a month."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.db.models import QuerySet

from onboarding.judging.types import Verdict
from onboarding.models import COMMITTABLE, LoadState, RosterLoad, StagedRow
from onboarding.shadow.rules import Legacy
from sportello.kernel.month import InvalidMonth, Month

SHORT: Final = ("GEN", "FEB", "MAR", "APR", "MAG", "GIU", "LUG", "AGO", "SET", "OTT", "NOV", "DIC")


@dataclass(slots=True)
class TheirChild:
    """A child of the file, its payer, and its figures of the month. A row that waits for a person counts as it is."""

    name: str
    payer_code: str
    payer_name: str
    says: Legacy


@dataclass(slots=True)
class Theirs:
    """Children by fiscal code; `nameless` rows have none and can be compared with nobody."""

    children: dict[str, TheirChild]
    nameless: int = 0


def read_theirs(load: RosterLoad, month: Month) -> Theirs:
    """The children of the load; one query, streamed."""
    found = Theirs({})
    rows = StagedRow.objects.filter(load=load, verdict__in=(*COMMITTABLE, Verdict.REVIEW), record__isnull=False)
    for record in _records(rows.order_by("line")):
        code = str(record.get("child_fiscal_code") or "")
        if not code:
            found.nameless += 1
            continue
        says = _said(record, month)
        known = found.children.get(code)
        if known is not None:
            known.says = _both(known.says, says)
            continue
        found.children[code] = TheirChild(
            _name(record, "child"), str(record.get("payer_fiscal_code") or "")[:16], _name(record, "payer"), says
        )
    return found


def carried_by_code() -> dict[str, int]:
    """The balance of each child in the last roster that was committed and stands, in cents: what opened the ledger."""
    load = (
        RosterLoad.objects.filter(state=LoadState.COMMITTED, mapping__kind="roster")
        .order_by("-committed_at", "-pk")
        .first()
    )
    if load is None:
        return {}
    rows = StagedRow.objects.filter(load=load, verdict__in=COMMITTABLE, record__isnull=False).order_by("-line")
    pairs = ((row.get("child_fiscal_code"), _cents(row.get("balance"))) for row in _records(rows))
    return {str(code): cents for code, cents in pairs if code and cents is not None}


def _records(rows: QuerySet[StagedRow]) -> Iterator[dict[str, Any]]:  # Any: values of JSON
    for record in rows.values_list("record", flat=True).iterator(chunk_size=5000):
        yield record or {}


def _said(record: dict[str, Any], month: Month) -> Legacy:
    meals = record.get("meals")
    charged = _cents(record.get("amount")) if _month_of(record) == month else None
    return Legacy(
        meals=_count(meals.get(SHORT[month.number - 1])) if isinstance(meals, dict) else None,
        charged=charged,
        balance=_cents(record.get("balance")),
        paid=_paid(record, charged),
        isee=_cents(record.get("isee")),
    )


def _paid(record: dict[str, Any], charged: int | None) -> int | None:
    """A month that is marked as paid was paid whole."""
    paid = record.get("paid")
    return (charged if paid else 0) if isinstance(paid, bool) and charged is not None else None


def _month_of(record: dict[str, Any]) -> Month | None:
    """Written "2026-10", or a number beside its year."""
    month, year = record.get("month"), record.get("year")
    try:
        if isinstance(month, int) and isinstance(year, int):
            return Month(year, month)
        return Month.parse(str(month)) if month else None
    except InvalidMonth:
        return None


def _both(one: Legacy, other: Legacy) -> Legacy:
    """Two rows of a child: amounts of the month add up, a balance is told once."""
    return Legacy(
        meals=_sum(one.meals, other.meals),
        charged=_sum(one.charged, other.charged),
        balance=one.balance if one.balance is not None else other.balance,
        paid=_sum(one.paid, other.paid),
        isee=one.isee if one.isee is not None else other.isee,
    )


def _sum(one: int | None, other: int | None) -> int | None:
    return other if one is None else one if other is None else one + other


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _cents(value: object) -> int | None:
    """An amount of a record ("12.30") in cents."""
    if value is None or isinstance(value, bool):
        return None
    try:
        return int((Decimal(str(value)) * 100).to_integral_value())
    except (InvalidOperation, ValueError, OverflowError):
        return None


def _name(record: dict[str, Any], who: str) -> str:
    parts = (record.get(f"{who}_surname"), record.get(f"{who}_given_name"))
    written = " ".join(str(part) for part in parts if part) or str(record.get(f"{who}_name") or "")
    return written[:170]
