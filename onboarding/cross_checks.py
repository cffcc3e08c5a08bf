"""What only the whole file can tell: rows that repeat one another. Set-based, on the staged rows of one load."""

# ruff: noqa: S608 -- only names of our own tables and columns are put into the statements

from typing import Any, Final

from django.db import connection

from onboarding.defects import CATALOGUE

# A child stands once in a roster: the first good row is kept, later ones are the same, or contradict it.
_COMPARED: Final = (
    "legacy_id, child_family_name, child_given_name, child_sex, child_birth_date, child_birthplace, address, "
    "postal_code, residence_code, school_code, class_year, diet_kind, diet_code, isee_cents, payer_family_name, "
    "payer_given_name, payer_fiscal_code, phone, email, balance_cents"
)


def _of(alias: str) -> str:
    return ", ".join(f"{alias}.{column.strip()}" for column in _COMPARED.split(","))


# Only the columns that the statements here and those of the commit choose or join by.
_ANALYZE: Final = """
ANALYZE onboarding_stagedrow
    (load_id, line, verdict, legacy_id, child_fiscal_code, payer_fiscal_code, school_code)
"""
_FIND_REPEATS: Final = f"""
CREATE TEMPORARY TABLE roster_repeat ON COMMIT DROP AS
WITH first AS (
    SELECT child_fiscal_code, min(line) AS line
    FROM onboarding_stagedrow
    WHERE load_id = %(load)s AND verdict IN ('good', 'fix')
    GROUP BY child_fiscal_code HAVING count(*) > 1
)
SELECT again.line, first.line AS first_line,
       CASE WHEN ROW({_of("again")}) IS DISTINCT FROM ROW({_of("kept")}) THEN 'duplicate_conflicting_data'
            WHEN again.section <> kept.section THEN 'duplicate_conflicting_section'
            ELSE 'duplicate_same_data' END AS code
FROM onboarding_stagedrow again
JOIN first ON first.child_fiscal_code = again.child_fiscal_code AND again.line > first.line
JOIN onboarding_stagedrow kept ON kept.load_id = %(load)s AND kept.line = first.line
WHERE again.load_id = %(load)s AND again.verdict IN ('good', 'fix')
"""

# Two children with one number: nobody can say whose it is, so both wait.
_FIND_SHARED_NUMBERS: Final = """
INSERT INTO roster_repeat (line, first_line, code)
SELECT line, NULL, 'legacy_id_repeated'
FROM (
    SELECT line, min(child_fiscal_code) OVER same AS low, max(child_fiscal_code) OVER same AS high
    FROM onboarding_stagedrow
    WHERE load_id = %(load)s AND verdict IN ('good', 'fix')
      AND line NOT IN (SELECT line FROM roster_repeat)
    WINDOW same AS (PARTITION BY legacy_id)
) numbers
WHERE low <> high
"""

# A repeated row is told as that alone: its oddities are those of the row it repeats.
_FORGET_OTHERS: Final = """
DELETE FROM onboarding_rowdefect
WHERE load_id = %(load)s AND line IN (SELECT line FROM roster_repeat WHERE first_line IS NOT NULL)
"""
_NOTE: Final = """
INSERT INTO onboarding_rowdefect (load_id, line, code, "column", detail)
SELECT %(load)s, repeat.line, repeat.code, kind.name, coalesce(repeat.first_line::text, '')
FROM roster_repeat repeat
JOIN unnest(%(codes)s::text[], %(columns)s::text[]) AS kind(code, name) ON kind.code = repeat.code
ORDER BY repeat.line
"""
_SET_VERDICTS: Final = """
UPDATE onboarding_stagedrow staged
SET verdict = CASE WHEN repeat.code = 'duplicate_same_data' THEN 'duplicate' ELSE 'review' END,
    duplicate_of_line = repeat.first_line
FROM roster_repeat repeat
WHERE staged.load_id = %(load)s AND staged.line = repeat.line
"""


def compare_rows(*, load_id: int) -> None:
    """Mark rows that repeat an earlier good one, and good rows of different children that share a number."""
    codes = ("duplicate_same_data", "duplicate_conflicting_section", "duplicate_conflicting_data", "legacy_id_repeated")
    values: dict[str, Any] = {
        "load": load_id,
        "codes": list(codes),
        "columns": [CATALOGUE[code].column for code in codes],
    }
    with connection.cursor() as cursor:
        cursor.execute(_ANALYZE)
        cursor.execute("DROP TABLE IF EXISTS pg_temp.roster_repeat")
        for statement in (_FIND_REPEATS, _FIND_SHARED_NUMBERS, _FORGET_OTHERS, _NOTE, _SET_VERDICTS):
            cursor.execute(statement, values)
