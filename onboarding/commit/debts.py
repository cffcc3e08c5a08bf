"""Debt positions of the payment kit: what is still to pay becomes the opening balance of a child in a service.

The service is the one that the type of the debt names, the child the one that the position names or the only one it can
be: anything else is left out and told, never shared out.
"""

# ruff: noqa: S608 -- only names of our own tables and columns are put into the statements

import re
from typing import Any, Final

from onboarding.commit.left_out import leave_out
from onboarding.commit.owed import begin_owed, carry_owed
from onboarding.commit.writing import Writing
from services_catalog.models import Archetype, Service

_WORDS: Final = {Archetype.MEALS: ("MENSA", "REFEZION"), Archetype.TRANSPORT: ("TRASPORT", "SCUOLABUS", "SCUOLA BUS")}
"""How treasurers call the services of an archetype, whatever the Comune calls its own."""
_OF_SERVICES: Final = (
    "DROP TABLE IF EXISTS pg_temp.roster_service",
    "CREATE TEMPORARY TABLE roster_service (service_id bigint, code text, shape text) ON COMMIT DROP",
)
_ONE_SERVICE: Final = """
LEFT JOIN LATERAL (
    SELECT min(service.code) AS code, min(service.service_id) AS id, count(DISTINCT service.service_id) AS found
    FROM roster_service service WHERE said.{text} ~ service.shape
) {name} ON true
"""
_DEBTS: Final = f"""
CREATE TEMPORARY TABLE roster_debt ON COMMIT DROP AS
SELECT said.line, said.codes, said.words, said.status, greatest(said.cents - said.paid_cents, 0) AS cents,
       CASE WHEN by_type.found = 1 THEN by_type.code
            WHEN by_type.found = 0 AND by_reason.found = 1 THEN by_reason.code END AS service_code,
       CASE WHEN by_type.found = 1 THEN by_type.id
            WHEN by_type.found = 0 AND by_reason.found = 1 THEN by_reason.id END AS service_id
FROM (
    SELECT staged.line, string_to_array(coalesce(staged.record ->> 'debtor_fiscal_codes', ''), ';') AS codes,
           staged.record ->> 'status' AS status,
           translate(upper(coalesce(staged.record ->> 'debt_type', '')), '_.', '  ') AS debt_type,
           translate(upper(coalesce(staged.record ->> 'reason', '')), '_.', '  ') AS reason,
           upper(concat_ws(' ', staged.record ->> 'reason', staged.record ->> 'items', staged.record ->> 'note'))
               AS words,
           coalesce(round((staged.record ->> 'amount')::numeric * 100), 0)::bigint AS cents,
           coalesce(round((staged.record ->> 'paid')::numeric * 100), 0)::bigint AS paid_cents
    FROM onboarding_stagedrow staged
    WHERE staged.load_id = %(load)s AND staged.verdict IN ('good', 'fix')
) said
{_ONE_SERVICE.format(text="debt_type", name="by_type")}
{_ONE_SERVICE.format(text="reason", name="by_reason")}
"""
# From the surest to the least sure: named as a debtor, named in the words, the only one paid for, the only one of them
# who uses the service. Each counts where it points at one child alone.
_WHOSE: Final = """
CREATE TEMPORARY TABLE roster_whose ON COMMIT DROP AS
SELECT debt.line, named.found + paid.adults AS people, CASE
    WHEN named.found = 1 THEN named.child_id
    WHEN named.found > 1 THEN NULL
    WHEN paid.told = 1 THEN paid.told_id
    WHEN paid.found = 1 THEN paid.child_id
    WHEN paid.users = 1 THEN paid.user_id END AS child_id
FROM roster_debt debt
CROSS JOIN LATERAL (
    SELECT count(*) AS found, min(child.id) AS child_id FROM families_child child
    WHERE child.fiscal_code = ANY(debt.codes)
) named
CROSS JOIN LATERAL (
    SELECT count(DISTINCT adult.id) AS adults, count(DISTINCT child.id) AS found, min(child.id) AS child_id,
           count(DISTINCT child.id) FILTER (WHERE position(child.fiscal_code IN debt.words) > 0) AS told,
           min(child.id) FILTER (WHERE position(child.fiscal_code IN debt.words) > 0) AS told_id,
           count(DISTINCT child.id) FILTER (WHERE uses.one IS NOT NULL) AS users,
           min(child.id) FILTER (WHERE uses.one IS NOT NULL) AS user_id
    FROM families_adult adult
    LEFT JOIN families_payerassignment assigned
      ON assigned.adult_id = adult.id AND assigned.valid_during @> %(effective)s::date
    LEFT JOIN families_child child ON child.id = assigned.child_id
    LEFT JOIN LATERAL (
        SELECT 1 AS one FROM enrolment_subscription place
        WHERE place.child_id = child.id AND place.service_id = debt.service_id LIMIT 1
    ) uses ON true
    WHERE adult.fiscal_code = ANY(debt.codes)
) paid
"""
_SETTLED: Final = "('PAGATO', 'CHIUSO', 'CANCELLATO')"
_WHY: Final = f"""
SELECT why, line, -cents FROM (
    SELECT debt.line, debt.cents, CASE
        WHEN debt.status IS NULL THEN 'status_untold'
        WHEN debt.status = 'PAGATO_IRREGOLARE' THEN 'debt_irregular'
        WHEN debt.status = 'NON_PAGABILE' THEN 'debt_not_payable'
        WHEN debt.service_code IS NULL THEN 'service_unknown'
        WHEN whose.people = 0 THEN 'debtor_unknown'
        WHEN whose.child_id IS NULL THEN 'child_unknown' END AS why
    FROM roster_debt debt JOIN roster_whose whose ON whose.line = debt.line
    WHERE coalesce(debt.status, '') NOT IN {_SETTLED}
) judged WHERE why IS NOT NULL
"""
_OWED: Final = f"""
INSERT INTO roster_owed (line, child_id, service_code, cents)
SELECT debt.line, whose.child_id, debt.service_code, CASE WHEN debt.status IN {_SETTLED} THEN 0 ELSE -debt.cents END
FROM roster_debt debt JOIN roster_whose whose ON whose.line = debt.line
WHERE whose.child_id IS NOT NULL AND debt.service_code IS NOT NULL
  AND debt.line NOT IN (SELECT line FROM roster_left_out)
"""
_CARRIED: Final = "SELECT count(*) FROM roster_owed WHERE cents <> 0"


def write_debts(writing: Writing) -> dict[str, Any]:
    """What is still to pay, on the account of its child; returns how many. Raises TotalsDiffer."""
    cursor, values = writing.cursor, writing.values
    for table in ("roster_debt", "roster_whose"):
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{table}")
    _name_services(cursor)
    cursor.execute(_DEBTS, values)
    cursor.execute(_WHOSE, values)
    leave_out(cursor, _WHY, values)
    begin_owed(cursor)
    cursor.execute(_OWED)
    carried = carry_owed(writing)
    cursor.execute(_CARRIED)
    return {
        "rows": writing.load.committable_rows,
        "debts_carried": int(cursor.fetchone()[0]),
        "accounts_unchanged": carried.accounts - carried.posted,
        "entries_posted": carried.posted,
    }


def _name_services(cursor: Any) -> None:
    """Every service with the words by which a debt names it. Any: psycopg's cursor behind Django's wrapper."""
    for statement in _OF_SERVICES:
        cursor.execute(statement)
    for service in Service.objects.order_by("code"):
        own = {re.escape(word.upper()) for word in (service.code.replace("_", " "), service.name)}
        shapes = [rf"\m{word}\M" for word in sorted(own)] + list(_WORDS.get(Archetype(service.archetype), ()))
        cursor.execute("INSERT INTO roster_service VALUES (%s, %s, %s)", [service.pk, service.code, "|".join(shapes)])
