"""What a person may pay today: the notices that are out, and what is due without one. A fixed number of queries."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _

from services_catalog.models import Service
from sportello.billing.carts.ageing import Charged, by_month, unsettled
from sportello.billing.carts.models import CartNotice, Return
from sportello.billing.carts.policies import UNSAID, payment_policies
from sportello.billing.carts.purse import Purse
from sportello.billing.debts.bearing import bearers_of
from sportello.billing.debts.categories import category_of
from sportello.billing.debts.dues import Due, dues_of_accounts
from sportello.billing.debts.models import DebtPosition, OptionState, PaymentOption, PositionState, Purpose
from sportello.billing.debts.quoting import due_now
from sportello.billing.debts.states import PAYABLE, state_on
from sportello.billing.models import Entry, LedgerAccount
from sportello.families.models import Child
from sportello.kernel.clock import ROME
from sportello.kernel.money import Money
from sportello.kernel.names import shown_name

RECEIPT_WAIT: Final = timedelta(minutes=15)
"""So long after the browser came back a notice is not offered again: its receipt is on its way."""
BY_MONTH: Final = category_of("nido")
"""The nido's months are asked for one by one: the bonus wants a payment for each (P41)."""


@dataclass(frozen=True, slots=True)
class Item:
    """Something to pay: an option of a notice, or sums of an account that no notice asks for yet (`option` None).

    `key` names it in the form. An instalment says which one of how many.
    """

    key: str
    codes: tuple[str, ...]
    services: tuple[str, ...]
    children: tuple[Child, ...]
    payer_id: int
    amount: Money
    due_on: date
    overdue: Money
    account_ids: tuple[int, ...]
    month: date | None = None
    option: PaymentOption | None = None
    instalment: int = 0
    instalments: int = 0
    checking: bool = False

    @property
    def names(self) -> str:
        """The given names of the children, as the family reads them."""
        return ", ".join(shown_name(child.given_name) for child in self.children)

    @property
    def title(self) -> str:
        """The services, as the family reads them."""
        return ", ".join(self.services)

    @property
    def is_partly_overdue(self) -> bool:
        """Whether some of it is past its day and some is not yet: sums of an account that no notice asks for."""
        return Money(0) < self.overdue < self.amount

    @property
    def is_whole_of_plan(self) -> bool:
        """Whether instalments stand beside it."""
        return self.option is not None and not self.instalment and self.instalments > 0


@dataclass(frozen=True, slots=True)
class Offer:
    """All of it, what is overdue first; `unborne` is owed by nobody the Comune knows: the office says by whom."""

    items: tuple[Item, ...]
    accounts: dict[int, LedgerAccount]
    dues: tuple[Due, ...]
    unborne: Money
    service_names: dict[str, str]

    def by_key(self) -> dict[str, Item]:
        """What a form may name: an account that a single notice asks for leads to that notice."""
        known = {item.key: item for item in self.items}
        for item in self.items:
            if item.option is not None and not item.instalment and len(item.account_ids) == 1:
                known.setdefault(_due_key(self.accounts[item.account_ids[0]], item.payer_id, item.month), item)
        return known

    @property
    def to_pay(self) -> tuple[Item, ...]:
        """Each sum once: an instalment stands for itself, the whole of a plan is left out."""
        return tuple(item for item in self.items if not item.is_whole_of_plan)

    @property
    def total(self) -> Money:
        return Money.sum(item.amount for item in self.to_pay) + self.unborne

    @property
    def overdue(self) -> Money:
        return Money.sum(item.overdue for item in self.to_pay)


def offer_of(purse: Purse, now: datetime) -> Offer:
    """What the person may pay now."""
    today = now.astimezone(ROME).date()
    accounts = LedgerAccount.objects.filter(child__in=purse.children).order_by("child", "service_code")
    held = {account.pk: account for account in accounts}
    shown = [due for due in dues_of_accounts(list(held)) if purse.shows(due.child_id, due.payer_id)]
    reader = _Reader(purse, held, now, today)
    over = frozenset(due.account_id for due in shown if due.asked_cents > max(0, due.owed_cents))
    items = [*reader.notices(over), *reader.unasked([due for due in shown if due.payer_id is not None])]
    return Offer(
        items=tuple(sorted(items, key=lambda item: (item.due_on, item.instalment, item.names, item.title))),
        accounts=held,
        dues=tuple(shown),
        unborne=Money.sum(Money(max(0, due.owed_cents)) for due in shown if due.payer_id is None),
        service_names=reader.services,
    )


class _Reader:
    """What all items are made from, read at once."""

    def __init__(self, purse: Purse, accounts: dict[int, LedgerAccount], now: datetime, today: date) -> None:
        self.purse = purse
        self.accounts = accounts
        self.now = now
        self.today = today
        self.services = dict(Service.objects.order_by("pk").values_list("code", "name"))
        self.policies = payment_policies(today)

    def notices(self, over: frozenset[int]) -> Iterator[Item]:
        """The options that can be paid, of the notices whose children she all sees.

        `over`: the accounts of which notices ask more than is owed by now; there each is asked what is due (P18).
        """
        open_ones = DebtPosition.objects.filter(
            lines__account__in=self.accounts,
            state__in=[PositionState.PUBLISHED, PositionState.VALID, PositionState.PARTIALLY_PAID],
        )
        positions = list(open_ones.order_by("pk").distinct().prefetch_related("lines__account", "options"))
        waiting = self._waiting(positions)
        for position in positions:
            children = {line.account.child_id for line in position.lines.all()}
            state = state_on(PositionState(position.state), valid_from=position.valid_from, today=self.today)
            if state in PAYABLE and all(self.purse.shows(child, position.payer_id) for child in children):
                for item in self._options(position, state, waiting):
                    yield from self._as_due(item) if over.intersection(item.account_ids) else [item]

    def _options(self, position: DebtPosition, state: PositionState, waiting: set[int]) -> Iterator[Item]:
        lines = list(position.lines.all())
        options = sorted(position.options.all(), key=lambda option: option.number)
        count = max(option.number for option in options)
        codes = list(dict.fromkeys(line.account.service_code for line in lines))
        children = list(dict.fromkeys(line.account.child_id for line in lines))
        months = {line.month for line in lines}
        for option in options:
            begun = state == PositionState.PARTIALLY_PAID and not option.number
            if begun or option.state != OptionState.UNPAID or option.last_day < self.today:
                continue
            yield Item(
                key=f"avviso:{option.public_id}",
                codes=tuple(codes),
                services=self._names(codes, top_up=position.purpose == Purpose.TOP_UP),
                children=tuple(self.purse.children[child] for child in children),
                payer_id=position.payer_id,
                amount=option.amount,
                due_on=option.due_on,
                overdue=option.amount if option.due_on < self.today else Money(0),
                account_ids=tuple(dict.fromkeys(line.account_id for line in lines)),
                month=months.pop() if len(months) == 1 else None,
                option=option,
                instalment=option.number,
                instalments=count,
                checking=option.pk in waiting,
            )
            months = {line.month for line in lines}

    def _as_due(self, item: Item) -> list[Item]:
        """The item with what the Node would be told: less where something was corrected since, nothing, no item."""
        amount = Money(sum(piece.cents for piece in due_now(item.option.notice_number))) if item.option else item.amount
        return [replace(item, amount=amount, overdue=amount if item.overdue else Money(0))] if amount else []

    def _waiting(self, positions: Sequence[DebtPosition]) -> set[int]:
        """The options whose payer came back from Checkout a moment ago, saying that she paid."""
        back = CartNotice.objects.filter(
            option__position__in=positions,
            cart__returned__in=[Return.OK, Return.WAITING],
            cart__returned_at__gt=self.now - RECEIPT_WAIT,
        )
        return set(back.order_by("pk").values_list("option", flat=True))

    def unasked(self, dues: Sequence[Due]) -> Iterator[Item]:
        """What no notice asks for yet: one item for an account, one for each month of a nido's."""
        charges = self._charges()
        for due in dues:
            if due.payer_id is None or not due.to_ask_cents:
                continue
            code = due.service_code
            left = unsettled(charges.get((due.account_id, due.payer_id), ()), due.to_ask_cents)
            days = self.policies.get(code, UNSAID).days_to_pay
            parts = by_month(left).items() if category_of(code) == BY_MONTH else [(None, left)]
            for month, part in parts:
                yield self._unasked(due, due.payer_id, month, part, days)

    def _unasked(self, due: Due, payer: int, month: date | None, part: Sequence[Charged], days: int) -> Item:
        told = [(one.due_on(days), one.cents) for one in part]
        return Item(
            key=_due_key(self.accounts[due.account_id], payer, month),
            codes=(due.service_code,),
            services=self._names([due.service_code]),
            children=(self.purse.children[due.child_id],),
            payer_id=payer,
            amount=Money(sum(one.cents for one in part) if month else due.to_ask_cents),
            due_on=min((on for on, _cents in told), default=self.today),
            overdue=Money(sum(cents for on, cents in told if on < self.today)),
            account_ids=(due.account_id,),
            month=month,
        )

    def _charges(self) -> dict[tuple[int, int], list[Charged]]:
        """(account, payer) -> her part of each charge."""
        bearers = bearers_of({account.child_id for account in self.accounts.values()})
        rows = Entry.objects.filter(account__in=self.accounts, amount_cents__lt=0).order_by("competence_on", "pk")
        found: dict[tuple[int, int], list[Charged]] = {}
        for account, on, told, cents, payer in rows.values_list(
            "account", "competence_on", "posted_at", "amount_cents", "payer"
        ):
            told_on = told.astimezone(ROME).date()
            for who, part in bearers.parts(self.accounts[account].child_id, -cents, on, payer).items():
                if who is not None:
                    found.setdefault((account, who), []).append(Charged(on, told_on, part))
        return found

    def _names(self, codes: Iterable[str], *, top_up: bool = False) -> tuple[str, ...]:
        names = tuple(self.services.get(code, code) for code in codes)
        return tuple(_("Ricarica, %(service)s") % {"service": name} for name in names) if top_up else names


def _due_key(account: LedgerAccount, payer: int, month: date | None) -> str:
    return f"conto:{account.public_id}:{payer}{f':{month:%Y-%m}' if month else ''}"
