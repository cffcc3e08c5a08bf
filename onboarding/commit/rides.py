"""Months of the school bus: places in the service, and the months that nobody paid.

Line, stop and trip are assigned by who runs the service: they stay in the load. Who is known already stays as known:
the supplier of the buses knows less of a child than the desk.
"""

# ruff: noqa: S608 -- only names of our own tables and columns are put into the statements

from typing import Any, Final

from django.utils.translation import gettext as _

from onboarding.commit.facts import write_guardianships
from onboarding.commit.images import changed, made
from onboarding.commit.incoming import find_keys
from onboarding.commit.left_out import leave_out
from onboarding.commit.owed import begin_owed, carry_owed
from onboarding.commit.people import write_children, write_payers
from onboarding.commit.rows import type_rows
from onboarding.commit.timelines import PAYERS, write_timeline
from onboarding.commit.writing import Writing, edition_of
from onboarding.errors import NoBusService
from services_catalog.models import Archetype, Service

STEPS: Final = 4
PLACES: Final = "enrolment_subscription"

_RIDES: Final = """
CREATE TEMPORARY TABLE roster_ride ON COMMIT DROP AS
SELECT staged.line, staged.record ->> 'child_fiscal_code' AS child_code,
       (staged.record ->> 'month' || '-01')::date AS month,
       coalesce(round((staged.record ->> 'amount')::numeric * 100), 0)::bigint AS cents,
       (staged.record ->> 'paid')::boolean AS paid
FROM onboarding_stagedrow staged
WHERE staged.load_id = %(load)s AND staged.verdict IN ('good', 'fix')
  AND staged.record ->> 'child_fiscal_code' IS NOT NULL AND staged.record ->> 'month' IS NOT NULL
"""
_NAMED: Final = """
UPDATE roster_row SET
    child_family_name = coalesce(roster_row.child_family_name, staged.beside ->> 'child_surname'),
    child_given_name = coalesce(roster_row.child_given_name, staged.beside ->> 'child_given_name'),
    child_sex = staged.beside ->> 'sex', child_birth_date = (staged.beside ->> 'birth_date')::date,
    child_birthplace = staged.beside ->> 'birth_place'
FROM onboarding_stagedrow staged WHERE staged.load_id = %(load)s AND staged.line = roster_row.line
"""
_ONE_A_CHILD: Final = """
DELETE FROM roster_row USING (
    SELECT staged.line, row_number() OVER (PARTITION BY staged.child_fiscal_code ORDER BY
        staged.child_family_name IS NULL, staged.payer_fiscal_code IS NULL, ride.month DESC NULLS LAST, staged.line
    ) AS place
    FROM roster_row staged LEFT JOIN roster_ride ride ON ride.line = staged.line
) ranked WHERE ranked.line = roster_row.line AND ranked.place > 1
"""
_KNOWN_CHILD: Final = """
UPDATE roster_row SET child_family_name = NULL, child_given_name = NULL, child_sex = NULL, child_birth_date = NULL,
    child_birthplace = NULL, address = NULL, postal_code = NULL, residence_code = NULL, legacy_id = NULL
WHERE EXISTS (SELECT FROM families_child known WHERE known.fiscal_code = roster_row.child_fiscal_code)
"""
_KNOWN_PAYER: Final = """
UPDATE roster_row SET payer_family_name = NULL
WHERE payer_given_name IS NULL
   OR EXISTS (SELECT FROM families_adult known WHERE known.fiscal_code = roster_row.payer_fiscal_code)
"""
_NAMELESS: Final = """
SELECT staged.child_fiscal_code FROM roster_row staged
WHERE (staged.child_family_name IS NULL OR staged.child_given_name IS NULL)
  AND NOT EXISTS (SELECT FROM families_child known WHERE known.fiscal_code = staged.child_fiscal_code)
"""
_WITHOUT_NAME: Final = f"""
SELECT 'name_not_parted', ride.line, CASE WHEN ride.paid THEN 0 ELSE -ride.cents END FROM roster_ride ride
WHERE ride.child_code IN ({_NAMELESS})
"""
_FORGET_NAMELESS: Final = f"DELETE FROM roster_row WHERE child_fiscal_code IN ({_NAMELESS})"
# Whoever pays for a child the desk knows was said by somebody who knows more.
_KEEP_PAYERS: Final = """
UPDATE roster_incoming SET adult_id = NULL WHERE EXISTS (
    SELECT FROM families_payerassignment paid
    WHERE paid.child_id = roster_incoming.child_id
      AND (upper_inf(paid.valid_during) OR upper(paid.valid_during) > %(effective)s)
)
"""

_OTHER_YEAR: Final = "SELECT 'other_year', line, 0 FROM roster_ride WHERE month < %(first)s OR month >= %(end)s"
_NO_EDITION: Final = "SELECT 'no_edition', line, 0 FROM roster_ride WHERE month >= %(first)s AND month < %(end)s"
# A month listed is a month of place. Who is listed to the end of the file goes on; who is not had the place until then.
_WANTED: Final = """
CREATE TEMPORARY TABLE roster_place ON COMMIT DROP AS
SELECT child.id AS child_id, min(ride.month) AS begins, max(ride.month) AS last_month,
       CASE WHEN max(ride.month) >= least((SELECT max(month) FROM roster_ride WHERE month < %(end)s), %(this_month)s)
            THEN %(end)s ELSE (max(ride.month) + interval '1 month')::date END AS ends
FROM roster_ride ride JOIN families_child child ON child.fiscal_code = ride.child_code
WHERE ride.month >= %(first)s AND ride.month < %(end)s
GROUP BY child.id
"""
_LONGER: Final = f"""
SELECT held.id, to_jsonb(held) AS image, least(lower(held.valid_during), wanted.begins) AS begins,
       CASE WHEN wanted.last_month >= upper(held.valid_during) THEN wanted.ends
            ELSE upper(held.valid_during) END AS ends
FROM {PLACES} held JOIN roster_place wanted ON wanted.child_id = held.child_id
WHERE held.service_id = %(service)s AND held.origin = 'roster' AND held.valid_during && daterange(%(first)s, %(end)s)
  AND (wanted.begins < lower(held.valid_during) OR wanted.last_month >= upper(held.valid_during))
  AND NOT EXISTS (SELECT FROM {PLACES} other WHERE other.child_id = held.child_id AND other.service_id = %(service)s
                  AND other.id <> held.id AND other.valid_during && daterange(%(first)s, %(end)s))
FOR UPDATE OF held
"""
_LENGTHENED: Final = f"""
UPDATE {PLACES} held SET valid_during = daterange(differing.begins, differing.ends)
FROM differing WHERE held.id = differing.id
"""
_GIVEN: Final = f"""
INSERT INTO {PLACES} (public_id, child_id, service_id, edition_id, application_id, origin, valid_during)
SELECT gen_random_uuid(), wanted.child_id, %(service)s, %(edition)s, NULL, 'roster',
       daterange(wanted.begins, wanted.ends)
FROM roster_place wanted
WHERE NOT EXISTS (SELECT FROM {PLACES} known WHERE known.child_id = wanted.child_id
                  AND known.service_id = %(service)s AND known.valid_during && daterange(%(first)s, %(end)s))
ORDER BY wanted.child_id
"""
_OWED: Final = """
INSERT INTO roster_owed (line, child_id, service_code, cents)
SELECT ride.line, child.id, %(service_code)s, CASE WHEN ride.paid THEN 0 ELSE -ride.cents END
FROM roster_ride ride JOIN families_child child ON child.fiscal_code = ride.child_code
WHERE ride.paid IS NOT NULL AND ride.month <= %(this_month)s
"""
_TO_COME: Final = """
SELECT 'month_to_come', line, -cents FROM roster_ride WHERE NOT paid AND month > %(this_month)s AND cents <> 0
"""
_CHARGED: Final = """
WITH taken AS (
    DELETE FROM roster_owed owed USING roster_ride ride, enrolment_chargerun charged
    WHERE ride.line = owed.line AND charged.service_id = %(service)s AND charged.month = ride.month
    RETURNING owed.line, owed.cents
)
INSERT INTO roster_left_out (code, line, cents) SELECT 'charged_here', line, cents FROM taken WHERE cents <> 0
"""


def bus_service() -> Service:
    """The school bus of the Comune; raises NoBusService."""
    found = Service.objects.filter(archetype=Archetype.TRANSPORT).order_by("code").first()
    if found is None:
        raise NoBusService
    return found


def write_rides(writing: Writing) -> dict[str, Any]:
    """Children and payers who are new, places, unpaid months. Raises NoBusService, NoEditionInForce or TotalsDiffer."""
    cursor, service = writing.cursor, bus_service()
    edition = edition_of(writing, service)
    values = {
        **writing.values,
        "service": service.pk,
        "service_code": service.code,
        "edition": None if edition is None else edition.pk,
    }
    for table in ("roster_ride", "roster_place"):
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{table}")
    cursor.execute(_RIDES, values)
    cursor.execute("ANALYZE roster_ride")
    counts = _write_people(writing, values)
    writing.progress.advance(done=2, total=STEPS, message=_("Posti nel trasporto"))
    counts |= _write_places(writing, values)
    writing.progress.advance(done=3, total=STEPS, message=_("Saldi"))
    begin_owed(cursor)
    cursor.execute(_OWED, values)
    leave_out(cursor, _TO_COME, values)
    cursor.execute(_CHARGED, values)
    return counts | {"entries_posted": carry_owed(writing).posted}


def _write_people(writing: Writing, values: dict[str, Any]) -> dict[str, int]:
    """Those whom the desk does not know yet."""
    cursor = writing.cursor
    writing.progress.advance(done=0, total=STEPS, message=_("Bambini"))
    type_rows(cursor, values)
    cursor.execute(_NAMED, values)
    for statement in (_ONE_A_CHILD, _KNOWN_CHILD, _KNOWN_PAYER):
        cursor.execute(statement)
    leave_out(cursor, _WITHOUT_NAME, values)
    cursor.execute(_FORGET_NAMELESS)
    cursor.execute("DELETE FROM roster_ride WHERE line IN (SELECT line FROM roster_left_out)")
    payers = write_payers(cursor, values)
    children = write_children(cursor, values)
    rows = find_keys(cursor, values)
    cursor.execute(_KEEP_PAYERS, values)
    write_timeline(cursor, PAYERS, values)
    return {
        "rows": rows,
        "children_created": children.created,
        "adults_created": payers.created,
        "guardianships_created": write_guardianships(cursor, values),
    }


def _write_places(writing: Writing, values: dict[str, Any]) -> dict[str, int]:
    """Places from the first month listed; those that the load of before gave grow where more months are listed."""
    cursor = writing.cursor
    leave_out(cursor, _OTHER_YEAR, values)
    if values["edition"] is None:
        leave_out(cursor, _NO_EDITION, values)
        return {"places_created": 0, "places_updated": 0, "places_unchanged": 0}
    cursor.execute(_WANTED, values)
    wanted = int(cursor.rowcount)
    longer = changed(cursor, PLACES, chosen=_LONGER, update=_LENGTHENED, values=values)
    given = made(cursor, PLACES, _GIVEN, values)
    return {"places_created": given, "places_updated": longer, "places_unchanged": wanted - given - longer}
