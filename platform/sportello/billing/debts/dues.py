"""What each payer owes, account by account: her part of what was charged, less what she paid and what is asked already.

Charges, corrections and opening balances are split by the shares of their day; a payment is of who made it, one that
names nobody is split as a charge is. The parts of all payers of an account add up to its balance, to the cent.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import connection
from django.db.models import Q, QuerySet

from sportello.billing.debts.bearing import bearers_of, borne_by
from sportello.billing.debts.models import DebtPosition, OptionState, PaymentOption, PositionLine, Purpose
from sportello.billing.debts.pieces import Piece, pieces_of
from sportello.billing.debts.states import OPEN
from sportello.billing.models import LedgerAccount
from sportello.families.models import Child

_SUMS: Final = """
SELECT account_id, min(competence_on), sum(amount_cents)::bigint, payer_id FROM billing_entry
WHERE account_id = ANY(%(accounts)s)
GROUP BY account_id, payer_id, CASE WHEN payer_id IS NULL AND account_id = ANY(%(divided)s) THEN id END
ORDER BY account_id, min(id)
"""


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
    return _dues(LedgerAccount.objects.filter(pk__among=list(accounts)))


def owed_by(payer_id: int | None, accounts: Collection[int]) -> dict[int, int]:
    """Account id -> cents that the payer (None: nobody) owes on it, whatever is asked for. Three queries."""
    held = LedgerAccount.objects.filter(pk__in=accounts).order_by("pk").values_list("pk", "child_id")
    return {account: cents for (account, payer), cents in _balances(dict(held)).items() if payer == payer_id}


def _dues(accounts: QuerySet[LedgerAccount]) -> list[Due]:
    held = list(accounts.order_by("child_id", "service_code", "pk").values_list("pk", "child_id", "service_code"))
    of = {account: (place, child, service) for place, (account, child, service) in enumerate(held)}
    owed = _balances({account: child for account, child, _service in held})
    asked = asked_already(of)
    keys = sorted(owed.keys() | asked.keys(), key=lambda key: (of[key[0]][0], key[1] or 0))
    return [
        Due(
            payer_id=payer,
            account_id=account,
            child_id=of[account][1],
            service_code=of[account][2],
            owed_cents=owed.get((account, payer), 0),
            asked_cents=asked.get((account, payer), 0),
        )
        for account, payer in keys
    ]


def _balances(child_of: dict[int, int]) -> dict[tuple[int, int | None], int]:
    """(account, payer) -> cents owed, of those accounts with their children."""
    bearers = bearers_of(set(child_of.values()))
    owed: dict[tuple[int, int | None], int] = {}
    divided = [account for account, child in child_of.items() if bearers.is_divided(child)]
    for account, on, cents, payer in _sums(child_of, divided):
        for who, part in bearers.parts(child_of[account], cents, on, payer).items():
            owed[account, who] = owed.get((account, who), 0) - part
    return owed


def _sums(accounts: Collection[int], divided: Collection[int]) -> list[tuple[int, date, int, int | None]]:
    """Account, day, cents and payer of its entries: one by one where the day decides who bears them, else in one."""
    with connection.cursor() as cursor:
        cursor.execute(_SUMS, {"accounts": list(accounts), "divided": list(divided)})
        rows: list[tuple[int, date, int, int | None]] = cursor.fetchall()
    return rows


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
        PositionLine.objects.filter(account__among=list(accounts), position__state__in=OPEN)
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
