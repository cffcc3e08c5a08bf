"""A parent takes back the notices that a cart of hers has opened: their sums may be chosen again, otherwise grouped.

Only what nobody has begun to pay. The Node does not say when somebody gives up: a notice that was looked at a moment
ago, by whomever, rests for a while before it can be annulled. Money that comes all the same is kept aside (P21).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q

from sportello.accounts.models import Account
from sportello.billing.carts.errors import NothingToTakeBack, SomebodyIsPaying
from sportello.billing.carts.models import Cart, CartNotice
from sportello.billing.carts.offer import RECEIPT_WAIT
from sportello.billing.debts.changing import invalidate_position
from sportello.billing.debts.models import DebtPosition, PaymentOption, PositionState
from sportello.billing.receipts.models import Message, Receipt

REASON: Final = "Ripreso da chi lo aveva scelto per il pagamento"
_OPEN: Final = (PositionState.PUBLISHED, PositionState.VALID)


def opened_by(cart: Cart, positions: Sequence[DebtPosition]) -> list[DebtPosition]:
    """Those that the cart itself has opened and that are still wholly to be paid: not the notices of the office."""
    return [one for one in positions if one.key.startswith(f"cart:{cart.key}:") and one.state in _OPEN]


@transaction.atomic
def take_back(*, account: Account, cart: Cart, now: datetime) -> int:
    """Annuls those notices and says how many. Raises NothingToTakeBack, SomebodyIsPaying."""
    chosen = [notice.option.position_id for notice in cart.notices.select_related("option")]
    held = DebtPosition.objects.select_for_update().filter(pk__in=chosen).order_by("pk")
    mine = opened_by(cart, list(held))
    if not mine:
        raise NothingToTakeBack
    if _is_being_paid(mine, now):
        raise SomebodyIsPaying
    for position in mine:
        invalidate_position(position=position, reason=REASON, actor=account.pk, now=now)
    return len(mine)


def _is_being_paid(positions: Sequence[DebtPosition], now: datetime) -> bool:
    """Whether the Node, Checkout or a receipt has spoken of one of them lately, in whosever cart it stands."""
    since = now - RECEIPT_WAIT
    options = PaymentOption.objects.filter(position__in=positions).order_by("pk")
    navs = list(options.values_list("notice_number", flat=True))
    left_for_checkout = Q(cart__sent_at__gt=since) | Q(cart__returned_at__gt=since)
    return (
        any(one.attempt_seen_at is not None and one.attempt_seen_at > since for one in positions)
        or CartNotice.objects.filter(left_for_checkout, option__in=options).exists()
        or Message.objects.filter(notice_number__in=navs, outcome="OK", happened_at__gt=since).exists()
        or Receipt.objects.filter(notice_number__in=navs, outcome="OK").exists()
    )
