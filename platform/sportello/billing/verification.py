"""The ledger proves itself: the balance of every account is the sum of its entries.

Triggers keep it so; this reads it back by another way, for the readiness check, the tests and whoever doubts.
"""

from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True, slots=True)
class Difference:
    """An account whose balance is not the sum of its entries. There must be none."""

    account_id: int
    balance_cents: int
    entries_cents: int


def ledger_differences() -> list[Difference]:
    """Every account that does not add up, by a function of the database; one statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT account_id, balance_cents, entries_cents FROM ledger_differences()")
        return [Difference(*row) for row in cursor.fetchall()]
