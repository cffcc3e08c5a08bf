"""Posting: the only door by which an entry enters the ledger.

Lines are brought to a temporary table and inserted by one statement, so that one payment and twenty thousand charges
go the same way. A key already in the ledger is skipped: posting the same lines again changes nothing.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from sportello.billing.errors import KeyTakenByAnotherEntry
from sportello.billing.models import EntryKind, PaymentMeans
from sportello.kernel.money import Money

type Parameter = str | int | date | None


@dataclass(frozen=True, slots=True)
class EntryLine:
    """An entry to post. `amount` is positive in the family's favour; `key` names the fact it records, for ever.

    `explanation` is stored as it is: lines that share one object share the cost of writing it down.
    """

    child_id: int
    service_code: str
    kind: EntryKind
    amount: Money
    competence_on: date
    description: str
    key: str
    quantity: int = 1
    unit_price: Money | None = None
    corrects_id: int | None = None
    reference: str = ""
    explanation: dict[str, Any] | None = field(default=None, hash=False)
    payer_id: int | None = None
    means: PaymentMeans | None = None


_STAGING = """
CREATE TEMPORARY TABLE IF NOT EXISTS posting_line (
    child_id bigint, service_code text, kind text, amount_cents bigint, quantity integer DEFAULT 1,
    unit_price_cents bigint, competence_on date, description text, reference text DEFAULT '', idempotency_key text,
    corrects_id bigint, explanation jsonb, payer_id bigint, means text DEFAULT ''
) ON COMMIT DROP
"""
_COLUMNS = (
    "child_id, service_code, kind, amount_cents, quantity, unit_price_cents, competence_on, description, reference,"
    " idempotency_key, corrects_id, explanation, payer_id, means"
)
_OPEN_ACCOUNTS = """
INSERT INTO billing_ledgeraccount (child_id, service_code)
SELECT DISTINCT line.child_id, line.service_code FROM pg_temp.posting_line line
WHERE NOT EXISTS (
    SELECT FROM billing_ledgeraccount known
    WHERE known.child_id = line.child_id AND known.service_code = line.service_code
)
ORDER BY line.child_id, line.service_code
ON CONFLICT (child_id, service_code) DO NOTHING
"""
_INSERT = """
INSERT INTO billing_entry (account_id, kind, amount_cents, quantity, unit_price_cents, competence_on, posted_at,
                           posted_by, description, reference, idempotency_key, corrects_id, explanation, payer_id,
                           means)
SELECT account.id, line.kind, line.amount_cents, line.quantity, line.unit_price_cents, line.competence_on, %(now)s,
       %(actor)s, line.description, line.reference, line.idempotency_key, line.corrects_id, line.explanation,
       line.payer_id, line.means
FROM pg_temp.posting_line line
JOIN billing_ledgeraccount account
  ON account.child_id = line.child_id AND account.service_code = line.service_code
ON CONFLICT (idempotency_key) DO NOTHING
"""
_CONTRADICTED = """
SELECT line.idempotency_key
FROM pg_temp.posting_line line
JOIN billing_entry entry USING (idempotency_key)
JOIN billing_ledgeraccount account ON account.id = entry.account_id
WHERE (entry.amount_cents, entry.quantity, account.child_id, account.service_code, entry.payer_id)
   IS DISTINCT FROM (line.amount_cents, line.quantity, line.child_id, line.service_code, line.payer_id)
LIMIT 1
"""


@transaction.atomic
def post_entries(*, lines: Iterable[EntryLine], now: datetime, actor: int | None) -> int:
    """Posts the lines whose key is new, opening accounts as needed; returns how many were.

    Joins the caller's transaction. Raises KeyTakenByAnotherEntry when a key is known with other figures.
    """
    with connection.cursor() as cursor:
        cursor.execute(_STAGING)
        cursor.execute("TRUNCATE pg_temp.posting_line")
        return _post(cursor, _copy(cursor, lines), now, actor)


@transaction.atomic
def post_selected(
    *, columns: Sequence[str], select: str, values: Mapping[str, Parameter], now: datetime, actor: int | None
) -> int:
    """Posts the lines that a SELECT of the caller's yields, without taking them out of the database.

    `columns` are those of `posting_line` that it fills, `values` its parameters. Otherwise as `post_entries`.
    """
    with connection.cursor() as cursor:
        cursor.execute(_STAGING)
        cursor.execute("TRUNCATE pg_temp.posting_line")
        cursor.execute(f"INSERT INTO pg_temp.posting_line ({', '.join(columns)}) {select}", values)
        return _post(cursor, int(cursor.rowcount), now, actor)


def _post(cursor: Any, count: int, now: datetime, actor: int | None) -> int:
    """Enter the lines that are in the temporary table. Any: psycopg's cursor behind Django's wrapper."""
    if not count:
        return 0
    cursor.execute(_OPEN_ACCOUNTS)
    cursor.execute(_INSERT, {"now": now, "actor": actor})
    posted = int(cursor.rowcount)
    if posted < count:
        cursor.execute(_CONTRADICTED)
        if contradicted := cursor.fetchone():
            raise KeyTakenByAnotherEntry(contradicted[0])
    return posted


_OPEN_PAIRS = """
INSERT INTO billing_ledgeraccount (child_id, service_code)
SELECT child_id, service_code FROM unnest(%(children)s::bigint[], %(services)s::text[]) wanted (child_id, service_code)
ON CONFLICT (child_id, service_code) DO NOTHING
"""
_FIND_PAIRS = """
SELECT child_id, service_code, id FROM billing_ledgeraccount
JOIN unnest(%(children)s::bigint[], %(services)s::text[]) wanted (child_id, service_code) USING (child_id, service_code)
"""


def accounts_of(pairs: Collection[tuple[int, str]]) -> dict[tuple[int, str], int]:
    """(child id, service code) -> account id, each account opened if it was not. Joins the caller's transaction."""
    wanted: dict[str, list[Any]] = {
        "children": [child for child, _service in pairs],
        "services": [service for _child, service in pairs],
    }
    # Any: the ids and codes of the pairs, for psycopg to adapt
    with connection.cursor() as cursor:
        cursor.execute(_FIND_PAIRS, wanted)
        found = {(child, service): pk for child, service, pk in cursor.fetchall()}
        if len(found) < len(set(pairs)):
            cursor.execute(_OPEN_PAIRS, wanted)
            cursor.execute(_FIND_PAIRS, wanted)
            found = {(child, service): pk for child, service, pk in cursor.fetchall()}
    return found


def _copy(cursor: Any, lines: Iterable[EntryLine]) -> int:
    """Any: psycopg's cursor behind Django's wrapper, which the stubs do not know."""
    count = 0
    written: dict[int, str] = {}
    with cursor.copy(f"COPY pg_temp.posting_line ({_COLUMNS}) FROM STDIN") as copy:
        for count, line in enumerate(lines, start=1):  # noqa: B007  # the last count is the answer
            copy.write_row(_row(line, written))
    return count


def _row(line: EntryLine, written: dict[int, str]) -> tuple[object, ...]:
    return (
        line.child_id,
        line.service_code,
        line.kind.value,
        line.amount.cents,
        line.quantity,
        None if line.unit_price is None else line.unit_price.cents,
        line.competence_on,
        line.description,
        line.reference,
        line.key,
        line.corrects_id,
        _explanation(line, written),
        line.payer_id,
        line.means.value if line.means else "",
    )


def _explanation(line: EntryLine, written: dict[int, str]) -> str | None:
    """The explanation as JSON text, written once for all lines that share the object."""
    if line.explanation is None:
        return None
    text = written.get(id(line.explanation))
    if text is None:
        text = written[id(line.explanation)] = json.dumps(line.explanation, ensure_ascii=False)
    return text
