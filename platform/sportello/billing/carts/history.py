"""What a family paid and was asked in a year: payments with their receipts, notices with their state."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from sportello.billing.carts.purse import Purse
from sportello.billing.debts.bearing import bearers_of
from sportello.billing.debts.models import DebtPosition, PaymentOption, PositionState
from sportello.billing.debts.shares import split_on
from sportello.billing.debts.states import state_on
from sportello.billing.models import Entry, EntryKind, LedgerAccount
from sportello.billing.receipts.models import Attribution, Receipt
from sportello.families.models import Child
from sportello.kernel.clock import ROME
from sportello.kernel.money import Money

TONES = {
    PositionState.VALID: "due",
    PositionState.PARTIALLY_PAID: "due",
    PositionState.PAID: "paid",
    PositionState.REPORTED: "paid",
    PositionState.EXPIRED: "expired",
    PositionState.INVALID: "cancelled",
}
OPEN = (PositionState.PUBLISHED, PositionState.VALID, PositionState.PARTIALLY_PAID)


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment of the family: on which day, for whom and what, with the receipt that proves it where there is one."""

    entry: Entry
    child: Child
    service_code: str
    amount: Money
    receipt: Receipt | None

    @property
    def on(self) -> date:
        return self.entry.competence_on


@dataclass(frozen=True, slots=True)
class Issued:
    """A notice that the family received, with its state by the calendar and its ways of paying."""

    position: DebtPosition
    state: PositionState
    options: tuple[PaymentOption, ...]
    children: tuple[Child, ...]
    service_codes: tuple[str, ...]

    @property
    def tone(self) -> str:
        """The tone of its state, of the fixed palette."""
        return TONES.get(self.state, "info")

    @property
    def whole(self) -> PaymentOption:
        return self.options[0]

    @property
    def instalments(self) -> tuple[PaymentOption, ...]:
        return self.options[1:]


@dataclass(frozen=True, slots=True)
class History:
    """A year, newest first; `years` are those in which something happened."""

    year: int
    years: tuple[int, ...]
    paid: tuple[Paid, ...]
    issued: tuple[Issued, ...]


def history_of(purse: Purse, accounts: Mapping[int, LedgerAccount], *, year: int | None, now: datetime) -> History:
    """The year asked for, else the last in which something happened. A fixed number of queries."""
    today = now.astimezone(ROME).date()
    entries = Entry.objects.filter(account__in=accounts).order_by()
    years = sorted({day.year for day in entries.dates("competence_on", "year")} | {today.year}, reverse=True)
    shown = year if year in years else years[0]
    return History(
        year=shown,
        years=tuple(years),
        paid=tuple(_paid(purse, accounts, shown)),
        issued=tuple(_issued(purse, accounts, shown, today)),
    )


def _paid(purse: Purse, accounts: Mapping[int, LedgerAccount], year: int) -> Iterator[Paid]:
    rows = Entry.objects.filter(account__in=accounts, kind=EntryKind.PAYMENT, competence_on__year=year)
    entries = list(rows.order_by("-competence_on", "-pk"))
    found = Attribution.objects.filter(entry__in=entries).select_related("receipt").order_by("pk")
    receipts = {one.entry_id: one.receipt for one in found}
    bearers = bearers_of(purse.divided)
    for entry in entries:
        account = accounts[entry.account_id]
        child = account.child_id
        parts: dict[int | None, int] = {entry.payer_id: entry.amount_cents}
        if entry.payer_id is None and child in purse.divided:
            held = bearers.shares.get(child, ()), bearers.payers.get(child, ())
            parts = split_on(entry.amount_cents, entry.competence_on, *held)
        cents = sum(part for who, part in parts.items() if purse.shows(child, who))
        if cents:
            receipt = receipts.get(entry.pk)
            yield Paid(entry, purse.children[child], account.service_code, Money(cents), receipt)


def _issued(purse: Purse, accounts: Mapping[int, LedgerAccount], year: int, today: date) -> Iterator[Issued]:
    """The notices of the year and those still open; a draft is not out yet."""
    rows = DebtPosition.objects.filter(
        Q(created_at__year=year) | Q(paid_at__year=year) | Q(state__in=OPEN), lines__account__in=accounts
    ).exclude(state=PositionState.DRAFT)
    for position in rows.order_by("-created_at", "-pk").distinct().prefetch_related("lines__account", "options"):
        lines = list(position.lines.all())
        children = list(dict.fromkeys(line.account.child_id for line in lines))
        if not all(purse.shows(child, position.payer_id) for child in children):
            continue
        yield Issued(
            position=position,
            state=state_on(PositionState(position.state), valid_from=position.valid_from, today=today),
            options=tuple(sorted(position.options.all(), key=lambda option: option.number)),
            children=tuple(purse.children[child] for child in children),
            service_codes=tuple(dict.fromkeys(line.account.service_code for line in lines)),
        )
