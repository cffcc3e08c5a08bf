"""From a cart to the page of pagoPA on which it is paid. Outside any transaction: another system is asked."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from django.db.models import QuerySet

from integrations.pagopa import carts as pagopa
from integrations.pagopa.gateway import open_cart, traits
from sportello.billing.carts.models import Cart, CartNotice, Return
from sportello.billing.debts.models import OptionState
from sportello.billing.debts.ourselves import our_institution
from sportello.billing.debts.quoting import due_now
from sportello.billing.publishing.sending import tell_at_once

FRESH: Final = timedelta(minutes=10)
"""So long the address that Checkout gave is used again: a second press finds the same page."""


def checkout_address(*, cart: Cart, page: Callable[[Return], str], email: str, now: datetime) -> str:
    """Where to send the browser for what of the cart is still unpaid; empty when nothing is.

    `page` gives the absolute address of each return. Asked again within ten minutes it gives the same address. Raises
    ConnectorError, InstitutionNotReady.
    """
    if cart.sent_at is not None and now - cart.sent_at < FRESH and not cart.returned:
        return cart.checkout_url
    unpaid = _due(unpaid_notices(cart))
    if not unpaid:
        return ""
    if traits().is_polled:  # who answers in our place has to know what is about to be paid
        tell_at_once([notice.option.position_id for notice in unpaid], now=now)
    address = open_cart(_asked(cart, unpaid, page, email), reference=str(cart.public_id), now=now)
    cart.checkout_url, cart.sent_at, cart.returned, cart.returned_at = address, now, "", None
    cart.save(update_fields=["checkout_url", "sent_at", "returned", "returned_at"])
    return address


def unpaid_notices(cart: Cart) -> QuerySet[CartNotice]:
    """The notices of the cart for which no receipt has come."""
    unpaid = CartNotice.objects.filter(cart=cart, option__state=OptionState.UNPAID)
    return unpaid.select_related("option__position").order_by("number")


def _due(notices: QuerySet[CartNotice]) -> list[CartNotice]:
    """With what the Node will be told of each (P18), lest Checkout finds another sum; what is due no more falls out."""
    found = []
    for notice in notices:
        cents = sum(piece.cents for piece in due_now(notice.option.notice_number))
        if cents and cents != notice.amount_cents:
            notice.amount_cents = cents
            notice.save(update_fields=["amount_cents"])
        if cents:
            found.append(notice)
    return found


def _asked(cart: Cart, notices: list[CartNotice], page: Callable[[Return], str], email: str) -> pagopa.Cart:
    ourselves = our_institution()
    return pagopa.Cart(
        notices=tuple(
            pagopa.CartNotice(
                notice_number=notice.option.notice_number,
                fiscal_code=ourselves.fiscal_code,
                amount_cents=notice.amount_cents,
                company_name=ourselves.company_name,
                description=notice.option.position.description,
            )
            for notice in notices
        ),
        addresses=pagopa.ReturnAddresses(
            paid=page(Return.OK),
            cancelled=page(Return.CANCEL),
            failed=page(Return.ERROR),
            waiting=page(Return.WAITING),
        ),
        cart_id=str(cart.public_id),
        email=email,
    )
