"""What each payer owes, account by account: her part of what was charged, less what she paid and what is asked already.

Charges, corrections and opening balances are split by the shares of their day; a payment is of who made it, one that
names nobody is split as a charge is. The parts of all payers of an account add up to its balance, to the cent.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from sportello.billing.debts.bearing import bearers_of, borne_by
from sportello.billing.debts.models import DebtPosition, OptionState, PaymentOption, PositionLine, Purpose
from sportello.billing.debts.pieces import Piece, pieces_of
from sportello.billing.debts.states import OPEN
from sportello.billing.models import Entry, LedgerAccount
from sportello.families.models import Child


@dataclass(frozen=True, slots=True)
class Due:
    """One payer, one account. `owed_cents` below zero is a credit; `asked_cents` open positions ask for already."""

    payer_id: int | None
    account_id: int
    child_id: int
    service_code: str
    owed_cents: int
    asked_cents: int = 0

    @property
    def to_ask_cents(self) -> int:
        """What a new position would collect."""
        return max(0, self.owed_cents - self.asked_cents)


def dues_of(payers: Collection[int]) -> list[Due]:
    """What those adults owe, by account, also where it is nothing. A fixed number of queries."""
    accounts = LedgerAccount.objects.filter(borne_by(payers) | Q(entries__payer__in=payers)).distinct()
    wanted = set(payers)
    return [due for due in _dues(accounts) if due.payer_id in wanted]


def dues_of_accounts(accounts: Collection[int]) -> list[Due]:
    """What every payer of those accounts owes; what nobody bears stands under no payer."""
    return _dues(LedgerAccount.objects.filter(pk__in=accounts))


def owed_by(payer_id: int, accounts: Collection[int]) -> dict[int, int]:
    """Account id -> cents that the payer owes on it, whatever is asked for already. Three queries."""
    held = {account.pk: account for account in LedgerAccount.objects.filter(pk__in=accounts).order_by("pk")}
    return {account: cents for (account, payer), cents in _balances(held).items() if payer == payer_id}


def _dues(accounts: QuerySet[LedgerAccount]) -> list[Due]:
    held = {account.pk: account for account in accounts.order_by("child_id", "service_code", "pk")}
    owed = _balances(held)
    asked = asked_already(held)
    place = {account: number for number, account in enumerate(held)}
    keys = sorted(owed.keys() | asked.keys(), key=lambda key: (place[key[0]], key[1] or 0))
    return [
        Due(
            payer_id=payer,
            account_id=account,
            child_id=held[account].child_id,
            service_code=held[account].service_code,
            owed_cents=owed.get((account, payer), 0),
            asked_cents=asked.get((account, payer), 0),
        )
        for account, payer in keys
    ]


def _balances(accounts: dict[int, LedgerAccount]) -> dict[tuple[int, int | None], int]:
    """(account, payer) -> cents owed."""
    bearers = bearers_of({account.child_id for account in accounts.values()})
    owed: dict[tuple[int, int | None], int] = {}
    rows = Entry.objects.filter(account__in=accounts).order_by("account", "pk")
    for account, on, cents, payer in rows.values_list("account", "competence_on", "amount_cents", "payer"):
        for who, part in bearers.parts(accounts[account].child_id, cents, on, payer).items():
            owed[account, who] = owed.get((account, who), 0) - part
    return owed


def asked_already(accounts: Iterable[int]) -> dict[tuple[int, int | None], int]:
    """(account, payer) -> cents that open positions still ask for. Top-ups ask for nothing that is owed."""
    asked: dict[tuple[int, int | None], int] = {}
    for line, cents in unpaid_lines(accounts):
        key = (line.account_id, line.position.payer_id)
        asked[key] = asked.get(key, 0) + cents
    return asked


def unpaid_lines(accounts: Iterable[int]) -> list[tuple[PositionLine, int]]:
    """The lines of open positions on those accounts with what is still unpaid of each, the oldest position first."""
    lines = (
        PositionLine.objects.filter(account__in=list(accounts), position__state__in=OPEN)
        .exclude(position__purpose=Purpose.TOP_UP)
        .select_related("position")
        .order_by("position_id", "number")
    )
    found = list(lines)
    begun = [line.position_id for line in found if line.position.state == "PARTIALLY_PAID"]
    paid = paid_of_lines(begun) if begun else {}
    return [(line, line.amount_cents - paid.get(line.pk, 0)) for line in found]


def open_notices_of(child: Child, service_code: str) -> list[DebtPosition]:
    """The notices that ask for sums of an account, the oldest first. One query."""
    on_account = PositionLine.objects.filter(account__child=child, account__service_code=service_code)
    asking = DebtPosition.objects.filter(pk__in=on_account.values("position"), state__in=OPEN)
    return list(asking.exclude(purpose=Purpose.TOP_UP).order_by("pk"))


def paid_of_lines(positions: Collection[int]) -> dict[int, int]:
    """Line id -> cents paid, for positions of which some instalments are."""
    paid: dict[int, int] = {}
    for position in DebtPosition.objects.filter(pk__in=positions).prefetch_related("lines", "options").order_by("pk"):
        lines = [Piece(line.pk, line.amount_cents) for line in position.lines.all()]
        options = list(position.options.all())
        instalments = [option.amount_cents for option in options if option.number]
        for option in options:
            if option.state != OptionState.UNPAID:
                for piece in pieces_of(lines, instalments, option.number):
                    paid[piece.line_id] = paid.get(piece.line_id, 0) + piece.cents
    return paid


def pieces_of_stored(
    option: PaymentOption, lines: Iterable[PositionLine], siblings: Iterable[PaymentOption]
) -> tuple[Piece, ...]:
    """What a stored option pays of the lines of its position."""
    instalments = [one.amount_cents for one in sorted(siblings, key=lambda one: one.number) if one.number]
    return pieces_of([Piece(line.pk, line.amount_cents) for line in lines], instalments, option.number)
