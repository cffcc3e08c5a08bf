"""What the tests of money look at: sums, what is kept aside, the checks of the database, the news that was told."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from sportello.billing.models import LedgerAccount
from sportello.billing.receipts.models import KeptAside, Receipt
from sportello.billing.receipts.signals import payment_settled
from sportello.billing.verification import ledger_differences


@contextmanager
def heard() -> Iterator[list[Receipt]]:
    news: list[Receipt] = []

    def hear(receipt: Receipt, **_: Any) -> None:
        news.append(receipt)

    payment_settled.connect(hear)
    try:
        yield news
    finally:
        payment_settled.disconnect(hear)


def asides() -> list[tuple[str, int]]:
    return [(one.reason, one.amount_cents) for one in KeptAside.objects.order_by("pk")]


def balances() -> list[int]:
    return [account.balance_cents for account in LedgerAccount.objects.order_by("pk")]


def close_the_books() -> None:
    """Every deferred check of the database runs now; the ledger adds up; money in = attributed + kept aside."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    assert ledger_differences() == []
