"""What is paid at a gateway becomes paid here: by asking, once, whatever comes twice."""

from datetime import timedelta
from typing import Any

import pytest

from integrations.models import ConnectorExchange
from sportello.billing.carts.models import Cart, CartNotice
from sportello.billing.debts.models import DebtPosition, PositionState
from sportello.billing.debts.opening import Collected
from sportello.billing.models import LedgerAccount
from sportello.billing.publishing.polling import poll_all, poll_recent
from sportello.billing.publishing.sending import tell_waiting
from sportello.billing.receipts.models import Receipt, ReceiptSource, ReceiptState
from sportello.kernel import clock
from tests.billing.publishing.conftest import Wire, pay
from tests.factories.paying import NOW, instalments, position
from tests.factories.people import Family

pytestmark = pytest.mark.django_db(transaction=True)


def notice(home: Family, **fields: Any) -> DebtPosition:
    held = position(home.parent, Collected(home.children[0].pk, "mensa", 1500), **fields)
    tell_waiting(now=NOW)
    return held


def balance(home: Family) -> int:
    return LedgerAccount.objects.get(child=home.children[0], service_code="mensa").balance_cents


def test_a_notice_paid_there_is_paid_here(home: Family, wire: Wire) -> None:
    held = notice(home)
    receipt_id = pay(held.options.get())
    assert poll_recent(now=clock.now()) == 1
    kept = Receipt.objects.get(receipt_id=receipt_id)
    assert (kept.state, kept.source, kept.own_cents) == (ReceiptState.ATTRIBUTED, ReceiptSource.REST, 1500)
    assert DebtPosition.objects.get(pk=held.pk).state == PositionState.PAID
    assert balance(home) == 0


def test_asked_again_nothing_is_paid_twice_nor_fetched_again(home: Family, wire: Wire) -> None:
    pay(notice(home).options.get())
    poll_recent(now=clock.now())
    wire.asked.clear()
    assert poll_recent(now=clock.now()) == 0
    assert poll_all(now=clock.now()) == 0
    assert [verb.split(" ")[1] for verb in wire.verbs()] == ["debtpositions", "debtpositions"], "lists, no receipts"
    assert Receipt.objects.count() == 1
    assert balance(home) == 0


def test_what_the_hour_missed_the_sweep_finds(home: Family, wire: Wire) -> None:
    pay(notice(home).options.get())
    later = clock.now() + timedelta(hours=5)
    assert poll_recent(now=later) == 0
    assert poll_all(now=later) == 1


def test_of_a_plan_each_part_is_a_receipt(home: Family, wire: Wire) -> None:
    held = notice(home, instalments=instalments(500, 1000))
    pay(held.options.get(number=1))
    assert poll_recent(now=clock.now()) == 1
    assert DebtPosition.objects.get(pk=held.pk).state == PositionState.PARTIALLY_PAID
    pay(held.options.get(number=2))
    assert poll_recent(now=clock.now()) == 1
    assert DebtPosition.objects.get(pk=held.pk).state == PositionState.PAID
    assert balance(home) == 0


def test_what_came_before_the_line_broke_is_kept(home: Family, wire: Wire) -> None:
    from integrations.errors import Unreachable

    pay(notice(home).options.get())
    pay(position_of_the_other(home))
    seen: list[int] = []

    def count() -> None:
        if wire.asked[-1][1].find("receipts") > 0:
            seen.append(1)
            wire.down = len(seen) > 1

    wire.before = count
    with pytest.raises(Unreachable):
        poll_recent(now=clock.now())
    assert Receipt.objects.count() == 1
    wire.before, wire.down = None, False
    assert poll_recent(now=clock.now()) == 1
    assert ConnectorExchange.objects.filter(operation="receipts", error_code="unreachable").count() == 1


def position_of_the_other(home: Family) -> Any:
    held = position(home.parent, Collected(home.children[1].pk, "trasporto", 700))
    tell_waiting(now=NOW)
    return held.options.get()


def test_a_station_is_not_polled(home: Family, wire: Wire) -> None:
    from integrations.models import Connector

    Connector.objects.filter(kind="pagopa").update(adapter="simulator")
    assert poll_recent(now=clock.now()) == 0
    assert wire.asked == []


def test_the_office_settles_what_a_ledger_says_in_the_end(home: Family, wire: Wire) -> None:
    """From the notice to the books: told, paid there, polled, and told no more."""
    held = notice(home)
    cart = Cart.objects.create(account=home.account, key="k", created_at=NOW, sent_at=clock.now())
    CartNotice.objects.create(cart=cart, option=held.options.get(), number=1, amount_cents=1500)
    pay(held.options.get())
    poll_recent(now=clock.now())
    wire.asked.clear()
    tell_waiting(now=clock.now())
    assert wire.asked == [], "the gateway knows: it was paid there"
