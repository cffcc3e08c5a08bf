"""A parent puts money on a child's account before it is used, where the Comune is paid in advance."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy

from services_catalog.fees.payment import PaymentPolicy
from services_catalog.models import Service
from sportello.accounts.models import Account
from sportello.billing.carts.choosing import cart_of, key_of
from sportello.billing.carts.errors import AmountOutOfBounds, ItemGone, NotPaidInAdvance
from sportello.billing.carts.models import Cart
from sportello.billing.carts.policies import payment_policies
from sportello.billing.carts.purse import purse_of
from sportello.billing.debts.bearing import bearers_of
from sportello.billing.debts.models import Purpose
from sportello.billing.debts.opening import Collected, open_position
from sportello.billing.debts.shares import bearers_on
from sportello.families.models import Adult, Child
from sportello.kernel.clock import ROME
from sportello.kernel.money import Money

USABLE: Final = timedelta(days=7)
"""So long a top-up that was not paid at once may still be paid."""


@transaction.atomic
def open_top_up(*, account: Account, child: Child, service: Service, amount: Money, token: UUID, now: datetime) -> Cart:
    """Opens the cart of a top-up: it asks for nothing that is owed, and its receipt becomes credit of the child.

    The same token and sum find the same cart. Raises NotPaidInAdvance, AmountOutOfBounds, ItemGone, and what
    open_position raises.
    """
    today = now.astimezone(ROME).date()
    check_top_up(payment_policies(today).get(service.code), amount)
    Account.objects.select_for_update(no_key=True).get(pk=account.pk)
    key = key_of(account, [f"ricarica:{child.pk}:{service.code}:{amount.cents}"], token)
    known = Cart.objects.filter(key=key).first()
    if known is not None:
        return known
    purse = purse_of(account, today)
    if child.pk not in purse.children:
        raise ItemGone
    bearers = bearers_of([child.pk])
    parts = bearers_on(today, bearers.shares.get(child.pk, ()), bearers.payers.get(child.pk, ()))
    payer_id = parts[0][0] if len(parts) == 1 else purse.as_adult[child.pk]
    if payer_id is None:
        raise ItemGone
    position = open_position(
        payer=Adult.objects.get(pk=payer_id),
        purpose=Purpose.TOP_UP,
        description=f"{service.name[:30]}, ricarica del {today:%d/%m/%Y}",
        lines=[Collected(child_id=child.pk, service_code=service.code, cents=amount.cents)],
        due_on=today + USABLE,
        last_day=today + USABLE,
        key=f"cart:{key}:1",
        actor=account.pk,
        now=now,
    )
    return cart_of(account, key, [position.options.get(number=0)], now)


def check_top_up(policy: PaymentPolicy | None, amount: Money) -> None:
    """Raises NotPaidInAdvance, AmountOutOfBounds."""
    if policy is None or not policy.in_advance:
        raise NotPaidInAdvance
    if not policy.top_up_from <= amount <= policy.top_up_to:
        raise AmountOutOfBounds(
            gettext_lazy("Una ricarica va da %(least)s a %(most)s."), least=policy.top_up_from, most=policy.top_up_to
        )
