"""Statements: what a child's use of a service cost, what was paid, what is due, to the cent."""

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field, replace

from sportello.billing.debts.parts import WHOLE, SeenParts
from sportello.billing.models import Entry, EntryKind, LedgerAccount
from sportello.families.models import Child
from sportello.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Statement:
    """The money of one child in one service. Balance = opening + charged + paid + corrected + moved,
    checked by the tests.


    Amounts are positive in the family's favour, so `charged` is zero or less; `due` and `credit` are never negative.
    """

    child: Child
    service_code: str
    balance: Money
    entries: tuple[Entry, ...] = ()
    wholes: Mapping[int, Money] = field(default_factory=dict)
    """Entry id -> its whole amount, where the entries are one payer's part of them."""

    def total(self, kind: EntryKind) -> Money:
        """The sum of the entries of a kind."""
        return Money(sum(entry.amount_cents for entry in self.entries if entry.kind == kind))

    @property
    def opening(self) -> Money:
        return self.total(EntryKind.OPENING_BALANCE)

    @property
    def charged(self) -> Money:
        return self.total(EntryKind.CHARGE)

    @property
    def paid(self) -> Money:
        return self.total(EntryKind.PAYMENT)

    @property
    def corrected(self) -> Money:
        return self.total(EntryKind.CORRECTION)

    @property
    def moved(self) -> Money:
        """Credit that came from siblings or went to them, or was given back."""
        return self.total(EntryKind.TRANSFER) + self.total(EntryKind.REFUND)

    @property
    def due(self) -> Money:
        return Money(max(0, -self.balance.cents))

    @property
    def credit(self) -> Money:
        return Money(max(0, self.balance.cents))


def statements_of(children: Iterable[Child], service_code: str, parts: SeenParts = WHOLE) -> list[Statement]:
    """One statement per child, in their order; two queries however many they are.

    Of a child whose costs are divided `parts` says whose part is told: of each entry that part, of others nothing.
    """
    wanted = list(children)
    accounts = {
        account.child_id: account
        for account in LedgerAccount.objects.filter(child__in=wanted, service_code=service_code)
    }
    entries: dict[int, list[Entry]] = {}
    for entry in Entry.objects.filter(account__in=accounts.values()).select_related("corrects"):
        entries.setdefault(entry.account_id, []).append(entry)
    return [
        _part(_statement(child, service_code, accounts.get(child.pk), entries), parts)
        if parts.divides(child.pk)
        else _statement(child, service_code, accounts.get(child.pk), entries)
        for child in wanted
    ]


def statement_of(child: Child, service_code: str, parts: SeenParts = WHOLE) -> Statement:
    """The statement of one child; empty and at zero when nothing was ever posted. Two queries."""
    return statements_of([child], service_code, parts)[0]


def _part(whole: Statement, parts: SeenParts) -> Statement:
    """One payer's part of a statement. The entries are copies that nobody saves."""
    shown: list[Entry] = []
    wholes: dict[int, Money] = {}
    for entry in whole.entries:
        cents = parts.of(whole.child.pk, entry.amount_cents, entry.competence_on, entry.payer_id)
        if cents or not entry.amount_cents:
            wholes[entry.pk] = entry.amount
            part = copy(entry)
            part.amount_cents = cents
            shown.append(part)
    return replace(whole, balance=Money(sum(one.amount_cents for one in shown)), entries=tuple(shown), wholes=wholes)


def _statement(
    child: Child, service_code: str, account: LedgerAccount | None, entries: dict[int, list[Entry]]
) -> Statement:
    if account is None:
        return Statement(child, service_code, Money(0))
    return Statement(child, service_code, Money(account.balance_cents), tuple(entries.get(account.pk, ())))
