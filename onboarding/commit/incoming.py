"""The rows of a load with the keys they have found: child, payer, section."""

from typing import Any, Final

from onboarding.commit.images import made

_SECTIONS: Final = """
INSERT INTO schools_section (school_id, school_year, class_year, letter)
SELECT DISTINCT school.id, %(year)s, staged.class_year, staged.section
FROM roster_row staged
JOIN schools_school school ON school.school_code = staged.school_code
WHERE staged.class_year IS NOT NULL AND staged.section IS NOT NULL
  AND NOT EXISTS (
    SELECT FROM schools_section known
    WHERE known.school_id = school.id AND known.school_year = %(year)s
      AND known.class_year = staged.class_year AND known.letter = staged.section
  )
ON CONFLICT (school_id, school_year, class_year, letter) DO NOTHING
"""
_INCOMING: Final = """
CREATE TEMPORARY TABLE roster_incoming ON COMMIT DROP AS
SELECT child.id AS child_id, payer.id AS adult_id, section.id AS section_id, child.birth_date,
       staged.diet_kind AS kind, staged.diet_code AS code, staged.isee_cents, staged.balance_cents, staged.legacy_id
FROM roster_row staged
JOIN families_child child ON child.fiscal_code = staged.child_fiscal_code
LEFT JOIN families_adult payer ON payer.fiscal_code = staged.payer_fiscal_code
LEFT JOIN schools_school school ON school.school_code = staged.school_code
LEFT JOIN schools_section section ON section.school_id = school.id AND section.school_year = %(year)s
     AND section.class_year = staged.class_year AND section.letter = staged.section
ORDER BY child.id
"""


def write_sections(cursor: Any, values: dict[str, object]) -> int:
    """The classes of the school year that did not exist. Any: psycopg's cursor behind Django's wrapper."""
    count = made(cursor, "schools_section", _SECTIONS, values)
    cursor.execute("ANALYZE schools_section")
    return count


def find_keys(cursor: Any, values: dict[str, object]) -> int:
    """Fill `roster_incoming`; returns how many children it holds: one per committable row."""
    cursor.execute("DROP TABLE IF EXISTS pg_temp.roster_incoming")
    cursor.execute(_INCOMING, values)
    rows = int(cursor.rowcount)
    cursor.execute("ANALYZE roster_incoming")
    return rows
