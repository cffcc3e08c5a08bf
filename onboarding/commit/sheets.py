"""Months of a school's sheet: how many meals each child had, kept as the office would write them down.

A sheet tells how many, not on which days: no roll is invented. The numbers charge nothing: the old programme has
charged those meals, and what is still owed comes with its balances.
"""

# ruff: noqa: S608 -- only names of our own tables and columns are put into the statements

from typing import Any, Final

from onboarding.commit.images import changed, made
from onboarding.commit.left_out import leave_out
from onboarding.commit.writing import Writing

TABLE: Final = "enrolment_monthcount"
_PARTS: Final = ("GEN", "FEB", "MAR", "APR", "MAG", "GIU", "LUG", "AGO", "SET", "OTT", "NOV", "DIC")
_NUMBERED: Final = ", ".join(f"('{part}', {number})" for number, part in enumerate(_PARTS, start=1))
SEPTEMBER: Final = 9
# An empty cell reads as zero: it says nothing unless a number was there. What a load of before wrote may be corrected
# by this one; what a person of the office wrote may not.
_SAID: Final = f"""
CREATE TEMPORARY TABLE roster_meals ON COMMIT DROP AS
SELECT said.line, said.child_id, said.month, said.number, held.id AS held_id, held.number AS held_number, CASE
    WHEN held.number = said.number THEN ''
    WHEN said.number > 31 THEN 'meals_beyond_month'
    WHEN said.month > %(this_month)s THEN 'month_to_come'
    WHEN EXISTS (SELECT FROM canteen_monthclose closed
                 WHERE closed.service_id = %(service)s AND closed.month = said.month)
      OR EXISTS (SELECT FROM enrolment_chargerun charged
                 WHERE charged.service_id = %(service)s AND charged.month = said.month) THEN 'month_closed'
    WHEN EXISTS (SELECT FROM canteen_presence present
                 WHERE present.child_id = said.child_id AND present.day >= said.month
                   AND present.day < said.month + interval '1 month') THEN 'roll_called'
    WHEN NOT EXISTS (SELECT FROM enrolment_subscription place
                     WHERE place.child_id = said.child_id AND place.service_id = %(service)s
                       AND place.valid_during && daterange(said.month, (said.month + interval '1 month')::date))
    THEN 'no_place'
    WHEN held.id IS NOT NULL AND NOT EXISTS (
        SELECT FROM onboarding_rosterload earlier
        WHERE earlier.state = 'committed' AND earlier.committed_at = held.recorded_at) THEN 'written_by_office'
    ELSE '' END AS why
FROM (
    SELECT staged.line, child.id AS child_id, told.number::text::numeric::integer AS number,
           make_date(CASE WHEN months.number < {SEPTEMBER} THEN %(year)s + 1 ELSE %(year)s END, months.number, 1)
               AS month
    FROM onboarding_stagedrow staged
    JOIN families_child child ON child.fiscal_code = staged.record ->> 'child_fiscal_code'
    CROSS JOIN LATERAL jsonb_each(
        CASE WHEN jsonb_typeof(staged.record -> 'meals') = 'object' THEN staged.record -> 'meals' END
    ) AS told(part, number)
    JOIN (VALUES {_NUMBERED}) AS months(part, number) ON months.part = told.part
    WHERE staged.load_id = %(load)s AND staged.verdict IN ('good', 'fix') AND jsonb_typeof(told.number) = 'number'
) said
LEFT JOIN {TABLE} held ON held.child_id = said.child_id AND held.service_id = %(service)s
     AND held.month = said.month AND held.counted = 'meals'
WHERE said.number > 0 OR held.id IS NOT NULL
"""
_LEFT_OUT: Final = "SELECT why, line, 0 FROM roster_meals WHERE why <> ''"
_DIFFERS: Final = f"""
SELECT held.id, to_jsonb(held) AS image, said.number FROM {TABLE} held JOIN roster_meals said ON said.held_id = held.id
WHERE said.why = '' AND said.number <> held.number FOR UPDATE OF held
"""
_CORRECTED: Final = f"""
UPDATE {TABLE} held SET number = differing.number, recorded_at = %(now)s, recorded_by = %(actor)s
FROM differing WHERE held.id = differing.id
"""
_COUNTED: Final = f"""
INSERT INTO {TABLE} (child_id, service_id, month, counted, number, recorded_at, recorded_by)
SELECT said.child_id, %(service)s, said.month, 'meals', said.number, %(now)s, %(actor)s
FROM roster_meals said WHERE said.why = '' AND said.held_id IS NULL
ORDER BY said.child_id, said.month
"""
_SAME: Final = "SELECT count(*) FROM roster_meals WHERE why = '' AND held_number = number"


def write_counts(writing: Writing, values: dict[str, Any]) -> dict[str, int]:
    """The meals of each child and month, as the sheet says; `values` name the canteen as `service`."""
    cursor, values = writing.cursor, {**writing.values, **values}
    cursor.execute("DROP TABLE IF EXISTS pg_temp.roster_meals")
    cursor.execute(_SAID, values)
    leave_out(cursor, _LEFT_OUT, values)
    cursor.execute(_SAME)
    same = int(cursor.fetchone()[0])
    corrected = changed(cursor, TABLE, chosen=_DIFFERS, update=_CORRECTED, values=values)
    return {
        "counts_created": made(cursor, TABLE, _COUNTED, values),
        "counts_updated": corrected,
        "counts_unchanged": same,
    }
