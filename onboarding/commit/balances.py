"""Opening balances: posted once for each child; a later roster that says otherwise posts the difference."""

# ruff: noqa: S608 -- only names of our own tables and columns are put into the statements

from datetime import date, datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from onboarding.commit.images import note_made
from onboarding.errors import TotalsDiffer
from sportello.billing.posting import Parameter, post_selected
from sportello.kernel.money import Money

# What the ledger already holds as brought over: the opening entry and what corrects it.
_CARRIED: Final = """
SELECT account.child_id, opening.id AS opening_id,
       opening.amount_cents + coalesce((
           SELECT sum(correction.amount_cents) FROM billing_entry correction WHERE correction.corrects_id = opening.id
       ), 0) AS cents
FROM billing_entry opening
JOIN billing_ledgeraccount account ON account.id = opening.account_id AND account.service_code = %(service_code)s
WHERE opening.kind = 'opening'
"""
_TO_POST: Final = f"""
CREATE TEMPORARY TABLE roster_balance ON COMMIT DROP AS
SELECT incoming.child_id, carried.opening_id, account.id AS account_id,
       'opening:' || %(service_code)s || ':' || incoming.child_id
           || CASE WHEN carried.opening_id IS NULL THEN '' ELSE ':' || %(load)s END AS key,
       (incoming.balance_cents - coalesce(carried.cents, 0))::bigint AS cents
FROM roster_incoming incoming
LEFT JOIN ({_CARRIED}) carried ON carried.child_id = incoming.child_id
LEFT JOIN billing_ledgeraccount account
  ON account.child_id = incoming.child_id AND account.service_code = %(service_code)s
WHERE incoming.balance_cents IS NOT NULL
  AND (carried.opening_id IS NULL OR incoming.balance_cents <> carried.cents)
"""
_COLUMNS: Final = (
    *("child_id", "service_code", "kind", "amount_cents", "competence_on"),
    *("description", "idempotency_key", "corrects_id"),
)
_LINES: Final = """
SELECT balance.child_id, %(service_code)s, CASE WHEN balance.opening_id IS NULL THEN 'opening' ELSE 'correction' END,
       balance.cents, %(competence_on)s,
       CASE WHEN balance.opening_id IS NULL THEN %(opening)s ELSE %(correction)s END, balance.key, balance.opening_id
FROM roster_balance balance ORDER BY balance.child_id
"""
_TOTALS: Final = f"""
SELECT coalesce(sum(incoming.balance_cents), 0)::bigint, coalesce(sum(carried.cents), 0)::bigint
FROM roster_incoming incoming
LEFT JOIN ({_CARRIED}) carried ON carried.child_id = incoming.child_id
WHERE incoming.balance_cents IS NOT NULL
"""
_ENTRIES: Final = """
SELECT entry.id FROM billing_entry entry JOIN roster_balance balance ON balance.key = entry.idempotency_key
"""
_ACCOUNTS: Final = """
SELECT account.id FROM billing_ledgeraccount account
JOIN roster_balance balance ON balance.child_id = account.child_id AND balance.account_id IS NULL
WHERE account.service_code = %(service_code)s
"""


def post_balances(
    cursor: Any, *, service_code: str, load: int, competence_on: date, now: datetime, actor: int | None
) -> int:
    """Post what the file says and the ledger does not yet hold; returns how many entries.

    Raises TotalsDiffer unless the balances then carried by these children equal those of the file, to the cent.
    Any: psycopg's cursor behind Django's wrapper.
    """
    values: dict[str, Parameter] = {"service_code": service_code, "load": str(load)}
    cursor.execute("DROP TABLE IF EXISTS pg_temp.roster_balance")
    cursor.execute(_TO_POST, values)
    said: dict[str, Parameter] = {
        "competence_on": competence_on,
        "opening": _("Saldo riportato dall'archivio precedente"),
        "correction": _("Rettifica del saldo riportato"),
    }
    posted = post_selected(columns=_COLUMNS, select=_LINES, values=values | said, now=now, actor=actor)
    note_made(cursor, "billing_entry", _ENTRIES, values)
    note_made(cursor, "billing_ledgeraccount", _ACCOUNTS, values)
    cursor.execute(_TOTALS, values)
    file_cents, ledger_cents = cursor.fetchone()
    if file_cents != ledger_cents:
        raise TotalsDiffer(file=Money(file_cents).format(), ledger=Money(ledger_cents).format())
    return posted
