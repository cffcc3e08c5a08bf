"""Debts of single months or positions, brought over as one opening balance a child and service.

An account is opened by one archive alone: what another one says of the same account is left out, never added to it.
"""

# ruff: noqa: S608 -- only names of our own tables and columns are put into the statements

from typing import Any, Final, NamedTuple

from onboarding.commit.balances import post_balances
from onboarding.commit.left_out import leave_out
from onboarding.commit.writing import Writing
from onboarding.models import WrittenRows

_BEGIN: Final = (
    "DROP TABLE IF EXISTS pg_temp.roster_owed",
    "CREATE TEMPORARY TABLE roster_owed (line int, child_id bigint, service_code text, cents bigint) ON COMMIT DROP",
)
_OPENINGS: Final = """
SELECT account.child_id, account.service_code, opening.id FROM billing_entry opening
JOIN billing_ledgeraccount account ON account.id = opening.account_id WHERE opening.kind = 'opening'
"""
_WRITTEN: Final = """
SELECT unnest(written.row_ids) AS id, mapping.kind, mapping.source_name FROM onboarding_writtenrows written
JOIN onboarding_rosterload earlier ON earlier.id = written.load_id
JOIN onboarding_sourcemapping mapping ON mapping.id = earlier.mapping_id
WHERE written."table" = 'billing_entry' AND written.was_made
"""
_ELSEWHERE: Final = f"""
SELECT opened.child_id, opened.service_code FROM ({_OPENINGS}) opened
WHERE NOT EXISTS (SELECT FROM ({_WRITTEN}) ours
                  WHERE ours.id = opened.id AND ours.kind = %(kind)s AND ours.source_name = %(source)s)
"""
_CARRIED_ELSEWHERE: Final = f"""
WITH taken AS (
    DELETE FROM roster_owed owed USING ({_ELSEWHERE}) other
    WHERE other.child_id = owed.child_id AND other.service_code = owed.service_code RETURNING owed.line, owed.cents
)
INSERT INTO roster_left_out (code, line, cents) SELECT 'carried_elsewhere', line, cents FROM taken WHERE cents <> 0
"""
# Nothing owed opens no account; where one was opened, nothing owed any more corrects it.
_INCOMING: Final = f"""
CREATE TEMPORARY TABLE roster_incoming ON COMMIT DROP AS
SELECT owed.child_id, sum(owed.cents)::bigint AS balance_cents FROM roster_owed owed
WHERE owed.service_code = %(service_code)s
GROUP BY owed.child_id
HAVING sum(owed.cents) <> 0 OR EXISTS (
    SELECT FROM ({_OPENINGS}) opened
    WHERE opened.child_id = owed.child_id AND opened.service_code = %(service_code)s)
ORDER BY owed.child_id
"""
_SERVICES: Final = "SELECT DISTINCT service_code FROM roster_owed ORDER BY service_code"
_OTHER_KIND: Final = f"""
SELECT opened.child_id FROM ({_OPENINGS}) opened JOIN ({_WRITTEN}) ours ON ours.id = opened.id
WHERE opened.service_code = %(service_code)s AND ours.kind <> %(kind)s
"""
_ROSTER_LINES: Final = f"""
SELECT 'carried_elsewhere', staged.line, staged.balance_cents FROM roster_row staged
JOIN families_child child ON child.fiscal_code = staged.child_fiscal_code
WHERE staged.balance_cents IS NOT NULL AND child.id IN ({_OTHER_KIND})
"""
_WITHOUT: Final = f"UPDATE roster_incoming SET balance_cents = NULL WHERE child_id IN ({_OTHER_KIND})"


def begin_owed(cursor: Any) -> None:
    """An empty list of debts. Any: psycopg's cursor behind Django's wrapper."""
    for statement in _BEGIN:
        cursor.execute(statement)


class Carried(NamedTuple):
    """How many accounts the list speaks of, and how many entries were posted: one at most on each."""

    accounts: int
    posted: int


def carry_owed(writing: Writing) -> Carried:
    """Post what the list says and the ledger does not hold yet. Raises TotalsDiffer."""
    cursor, load = writing.cursor, writing.load
    source = "" if load.mapping is None else load.mapping.source_name
    cursor.execute(_CARRIED_ELSEWHERE, {"kind": load.kind, "source": source})
    cursor.execute(_SERVICES)
    accounts = posted = 0
    for (service_code,) in cursor.fetchall():
        cursor.execute("DROP TABLE IF EXISTS pg_temp.roster_incoming")
        cursor.execute(_INCOMING, {"service_code": service_code})
        accounts += int(cursor.rowcount)
        posted += post_balances(
            cursor,
            service_code=service_code,
            load=load.pk,
            competence_on=writing.span.period.start,
            now=writing.now,
            actor=writing.actor,
        )
    return Carried(accounts, posted)


def spare_carried_elsewhere(writing: Writing, service_code: str) -> None:
    """The balances of a roster whose accounts a file of another kind has opened are left out, and told."""
    openings = WrittenRows.objects.filter(table="billing_entry", was_made=True)
    if not openings.exclude(load__mapping__kind=writing.load.kind).exists():
        return
    values = {"service_code": service_code, "kind": writing.load.kind}
    leave_out(writing.cursor, _ROSTER_LINES, values)
    writing.cursor.execute(_WITHOUT, values)
