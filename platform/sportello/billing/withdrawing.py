"""Taking opening balances out of the ledger again: the one exception to its being append-only.

An opening balance is no fact of the Comune's books but what an old archive said; a load brought in by mistake is taken
back whole before anything is built on it. Charges, payments and their corrections are never taken out.
"""

from collections.abc import Sequence

from django.db import connection, transaction

from sportello.billing.errors import NotAnOpening

_WITHDRAW = """
DELETE FROM billing_entry entry
WHERE entry.id = ANY(%(ids)s) AND (
    entry.kind = 'opening'
    OR (entry.kind = 'correction'
        AND EXISTS (
            SELECT FROM billing_entry opening WHERE opening.id = entry.corrects_id AND opening.kind = 'opening'))
)
"""


@transaction.atomic
def withdraw_openings(*, entries: Sequence[int]) -> int:
    """Takes out opening balances and corrections of them, by id; balances follow. Returns how many were.

    Joins the caller's transaction. Raises NotAnOpening where one of them is anything else; then none is taken out.
    """
    if not entries:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('billing.withdrawing', 'on', true)")
        cursor.execute(_WITHDRAW, {"ids": list(entries)})
        withdrawn = int(cursor.rowcount)
        cursor.execute("SELECT set_config('billing.withdrawing', '', true)")
    if withdrawn != len(set(entries)):
        raise NotAnOpening
    return withdrawn
