"""A person chooses what to pay: a cart, with the notices that were missing."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

from django.db import transaction

from sportello.accounts.models import Account
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.billing.carts.errors import ChosenTwice, ItemGone, NothingChosen, TooManyNotices
from sportello.billing.carts.grouping import Group, groups_of
from sportello.billing.carts.models import MOST_NOTICES, Cart, CartNotice
from sportello.billing.carts.offer import Item, offer_of
from sportello.billing.carts.purse import purse_of
from sportello.billing.debts.models import DebtPosition, PaymentOption, Purpose
from sportello.billing.debts.opening import Collected, open_position
from sportello.billing.debts.quoting import due_now
from sportello.families.models import Adult
from sportello.kernel.clock import ROME
from sportello.kernel.month import Month

GRACE: Final = timedelta(days=30)
"""So long after its due day a notice made from a cart may still be paid; then its sums are offered again."""


@transaction.atomic
def open_cart(*, account: Account, chosen: Collection[str], token: UUID, now: datetime) -> Cart:
    """Opens the cart of what was chosen, and the positions of what had no notice yet.

    `token` is drawn when the page is shown: the same choice sent twice, from a double click or after the back button,
    finds the same cart; the same sums chosen in two tabs find the same notice. Raises NothingChosen, ItemGone,
    ChosenTwice, TooManyNotices, and what open_position raises.
    """
    if not chosen:
        raise NothingChosen
    Account.objects.select_for_update(no_key=True).get(pk=account.pk)
    key = key_of(account, chosen, token)
    known = Cart.objects.filter(key=key).first()
    if known is not None:
        return known
    items = locked_items(account, chosen, now)
    _check_plans(items)
    options = _options(items, key, account, now)
    return cart_of(account, key, options, now)


def key_of(account: Account, chosen: Collection[str], token: UUID) -> str:
    """What names a press of the button: who, on which page, what."""
    return sha256("\n".join([str(account.pk), str(token), *sorted(set(chosen))]).encode()).hexdigest()


def locked_items(account: Account, chosen: Collection[str], now: datetime) -> list[Item]:
    """What the keys stand for, read once nobody else opens a position for the same payers. Raises ItemGone."""
    today = now.astimezone(ROME).date()
    purse = purse_of(account, today)
    offered = offer_of(purse, now).by_key()
    payers = {offered[key].payer_id for key in chosen if key in offered}
    list(Adult.objects.select_for_update(no_key=True).filter(pk__in=payers).order_by("pk"))
    offered = offer_of(purse, now).by_key()
    if set(chosen) - offered.keys():
        raise ItemGone
    return list({offered[key].key: offered[key] for key in sorted(set(chosen))}.values())


def _check_plans(items: Sequence[Item]) -> None:
    """Raises ChosenTwice where a plan is to be paid both ways."""
    whole = {item.option.position_id for item in items if item.option and item.is_whole_of_plan}
    parts = {item.option.position_id for item in items if item.option and item.instalment}
    if whole & parts:
        raise ChosenTwice


def _options(items: Sequence[Item], key: str, account: Account, now: datetime) -> list[PaymentOption]:
    """The notices to pay: those that are out, and one opened for each group of the rest."""
    out = [item.option for item in items if item.option is not None]
    if len(out) > MOST_NOTICES:
        raise TooManyNotices
    groups = groups_of([item for item in items if item.option is None], MOST_NOTICES - len(out))
    opened = [_opened(group, f"cart:{key}:{number}", account.pk, now) for number, group in enumerate(groups, start=1)]
    return [*out, *(position.options.get(number=0) for position in opened)]


def _opened(group: Group, key: str, actor: int, now: datetime) -> DebtPosition:
    """The notice of a group: it may be paid until the last of its days, or today where that is past."""
    today = now.astimezone(ROME).date()
    due_on = max(today, *(item.due_on for item in group))
    return open_position(
        payer=Adult.objects.get(pk=group[0].payer_id),
        purpose=Purpose.MONTHLY_FEE if group[0].month else Purpose.DUES,
        description=subject_of(group, today),
        lines=collected_of(group),
        due_on=due_on,
        last_day=due_on + GRACE,
        key=key,
        actor=actor,
        now=now,
    )


def collected_of(items: Sequence[Item]) -> list[Collected]:
    """What a notice collects for those items, none of which has one yet: each is of one child and one service."""
    return [Collected(item.children[0].pk, item.codes[0], item.amount.cents, item.month) for item in items]


def subject_of(items: Sequence[Item], today: date) -> str:
    """The causale, in Italian whatever the page's language: services and day, never a child (P30)."""
    names = list(dict.fromkeys(name for item in items for name in item.services))
    service = names[0][:30] if len(names) == 1 else "Servizi scolastici"
    if len(items) == 1 and items[0].month:
        return f"{service}, {Month.of(items[0].month).italian_name}"
    return f"{service}, dovuto al {today:%d/%m/%Y}"


def asked_now(option: PaymentOption) -> int:
    """The cents that the Node would be told (P18), of a notice for which something is due."""
    return sum(piece.cents for piece in due_now(option.notice_number)) or option.amount_cents


def cart_of(account: Account, key: str, options: Sequence[PaymentOption], now: datetime) -> Cart:
    """Writes the cart of those notices, with its audit record."""
    made = Cart.objects.create(account=account, key=key, created_at=now)
    CartNotice.objects.bulk_create(
        CartNotice(cart=made, option=option, number=number, amount_cents=asked_now(option))
        for number, option in enumerate(options, start=1)
    )
    record(
        action=Action.CART_OPENED,
        actor=account.pk,
        subject_kind="cart",
        subject=made.public_id,
        now=now,
        details={"notices": [option.notice_number for option in options]},
    )
    return made
