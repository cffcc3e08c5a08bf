"""What became of a cart, by the receipts alone."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sportello.billing.carts.models import Cart, CartNotice, Return
from sportello.billing.carts.taking_back import opened_by
from sportello.billing.debts.models import OptionState, PositionState
from sportello.billing.receipts.models import Receipt
from sportello.kernel.money import Money
from sportello.kernel.names import shown_name

LOOKS: Final = timedelta(minutes=10)
"""So long the page looks for the receipts by itself."""


@dataclass(frozen=True, slots=True)
class NoticeOutcome:
    """A notice of the cart: paid when its receipt is here. `names` are the given names of the children it is for."""

    notice: CartNotice
    receipt: Receipt | None
    names: str

    @property
    def is_paid(self) -> bool:
        return self.notice.option.state != OptionState.UNPAID

    @property
    def is_closed(self) -> bool:
        """Whether it can no more be paid: annulled, expired, or paid the other way of its plan."""
        state = self.notice.option.position.state
        gone = state in {PositionState.INVALID, PositionState.EXPIRED, PositionState.PAID, PositionState.REPORTED}
        begun = state == PositionState.PARTIALLY_PAID and not self.notice.option.number
        return not self.is_paid and (gone or begun)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A cart as its page tells it."""

    cart: Cart
    notices: tuple[NoticeOutcome, ...]
    now: datetime

    @property
    def total(self) -> Money:
        return Money.sum(one.notice.amount for one in self.notices)

    @property
    def to_pay(self) -> Money:
        """What is still open."""
        return Money.sum(one.notice.amount for one in self.notices if not (one.is_paid or one.is_closed))

    @property
    def is_paid(self) -> bool:
        return all(one.is_paid for one in self.notices)

    @property
    def state(self) -> str:
        """paid, checking (back from Checkout, no receipt yet), cancelled, failed, gone (nothing to pay), ready."""
        if self.is_paid:
            return "paid"
        if not self.to_pay:
            return "gone"
        states = {Return.OK: "checking", Return.WAITING: "checking", Return.CANCEL: "cancelled", Return.ERROR: "failed"}
        return states[Return(self.cart.returned)] if self.cart.returned else "ready"

    @property
    def may_be_taken_back(self) -> bool:
        """Whether the cart itself has opened some of its notices, and they are still wholly to be paid."""
        return bool(opened_by(self.cart, [one.notice.option.position for one in self.notices]))

    @property
    def is_checking(self) -> bool:
        """Whether receipts may come any moment: the page looks again."""
        back = self.cart.returned_at
        return self.state == "checking" and back is not None and self.now - back < LOOKS


def outcome_of(cart: Cart, now: datetime) -> Outcome:
    """A fixed number of queries."""
    held = cart.notices.select_related("option__position").prefetch_related("option__position__lines__account__child")
    notices = list(held.order_by("number"))
    found = Receipt.objects.filter(option__in=[one.option_id for one in notices]).order_by("pk")
    receipts = {receipt.option_id: receipt for receipt in found}
    return Outcome(cart, tuple(NoticeOutcome(one, receipts.get(one.option_id), _names(one)) for one in notices), now)


def _names(notice: CartNotice) -> str:
    children = (line.account.child for line in notice.option.position.lines.all())
    return ", ".join(dict.fromkeys(shown_name(child.given_name) for child in children))
