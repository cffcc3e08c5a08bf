"""Payers, households and children of a load. A child is known by its fiscal code, a payer by theirs.

What was just written is analysed at once: without statistics the next statement would be planned for empty tables.
"""

# ruff: noqa: S608 -- only names of our own tables and columns are put into the statements

from typing import Any, Final, NamedTuple

_ROWS: Final = "onboarding_stagedrow staged WHERE staged.load_id = %(load)s AND staged.verdict IN ('good', 'fix')"
_COUNTED: Final = """
SELECT count(*) FILTER (WHERE created), count(*) FILTER (WHERE NOT created) FROM written
"""

# E-mail and telephone of the file fill a gap, no more: what a person gave to the desk is newer.
_PAYERS: Final = f"""
WITH written AS (
    INSERT INTO families_adult AS adult
        (public_id, fiscal_code, given_name, family_name, sex, birth_date, birthplace_code, address, postal_code,
         residence_code, email, phone)
    SELECT DISTINCT ON (staged.payer_fiscal_code)
        gen_random_uuid(), staged.payer_fiscal_code, staged.payer_given_name, staged.payer_family_name,
        staged.payer_sex, staged.payer_birth_date, staged.payer_birthplace, staged.address, staged.postal_code,
        staged.residence_code, staged.email, staged.phone
    FROM {_ROWS}
    ORDER BY staged.payer_fiscal_code, staged.line
    ON CONFLICT (fiscal_code) DO UPDATE SET
        given_name = EXCLUDED.given_name, family_name = EXCLUDED.family_name, sex = EXCLUDED.sex,
        birth_date = EXCLUDED.birth_date, birthplace_code = EXCLUDED.birthplace_code,
        address = EXCLUDED.address, postal_code = EXCLUDED.postal_code, residence_code = EXCLUDED.residence_code,
        email = coalesce(nullif(adult.email, ''), EXCLUDED.email),
        phone = coalesce(nullif(adult.phone, ''), EXCLUDED.phone)
    WHERE (adult.given_name, adult.family_name, adult.sex, adult.birth_date, adult.birthplace_code, adult.address,
           adult.postal_code, adult.residence_code)
          IS DISTINCT FROM
          (EXCLUDED.given_name, EXCLUDED.family_name, EXCLUDED.sex, EXCLUDED.birth_date, EXCLUDED.birthplace_code,
           EXCLUDED.address, EXCLUDED.postal_code, EXCLUDED.residence_code)
       OR (adult.email = '' AND EXCLUDED.email <> '') OR (adult.phone = '' AND EXCLUDED.phone <> '')
    RETURNING (xmax = 0) AS created
) {_COUNTED}
"""

# Children of one payer are one household: that of the children the payer already has, else a new one.
_CHOOSE_HOUSEHOLDS: Final = f"""
CREATE TEMPORARY TABLE roster_household ON COMMIT DROP AS
SELECT adult.id AS payer_id, adult.fiscal_code,
       (SELECT min(child.household_id) FROM families_payerassignment paid
        JOIN families_child child ON child.id = paid.child_id
        WHERE paid.adult_id = adult.id AND paid.valid_during @> %(effective)s::date) AS household_id,
       gen_random_uuid() AS public_id
FROM families_adult adult
WHERE adult.fiscal_code IN (
    SELECT staged.payer_fiscal_code FROM {_ROWS} AND NOT EXISTS (
        SELECT FROM families_child child
        WHERE child.fiscal_code = staged.child_fiscal_code AND child.household_id IS NOT NULL
    )
)
"""
_FOUND_HOUSEHOLDS: Final = """
INSERT INTO families_household (public_id) SELECT public_id FROM roster_household WHERE household_id IS NULL
"""
_NAME_HOUSEHOLDS: Final = """
UPDATE roster_household chosen SET household_id = household.id
FROM families_household household WHERE household.public_id = chosen.public_id
"""

_CHILDREN: Final = f"""
WITH written AS (
    INSERT INTO families_child AS child
        (public_id, fiscal_code, given_name, family_name, sex, birth_date, birthplace_code, address, postal_code,
         residence_code, legacy_id, household_id)
    SELECT gen_random_uuid(), staged.child_fiscal_code, staged.child_given_name, staged.child_family_name,
           staged.child_sex, staged.child_birth_date, staged.child_birthplace, staged.address, staged.postal_code,
           staged.residence_code, staged.legacy_id, chosen.household_id
    FROM (SELECT * FROM {_ROWS}) staged
    LEFT JOIN roster_household chosen ON chosen.fiscal_code = staged.payer_fiscal_code
    ORDER BY staged.line
    ON CONFLICT (fiscal_code) DO UPDATE SET
        given_name = EXCLUDED.given_name, family_name = EXCLUDED.family_name, sex = EXCLUDED.sex,
        birth_date = EXCLUDED.birth_date, birthplace_code = EXCLUDED.birthplace_code,
        address = EXCLUDED.address, postal_code = EXCLUDED.postal_code, residence_code = EXCLUDED.residence_code,
        legacy_id = EXCLUDED.legacy_id, household_id = coalesce(child.household_id, EXCLUDED.household_id)
    WHERE (child.given_name, child.family_name, child.sex, child.birth_date, child.birthplace_code, child.address,
           child.postal_code, child.residence_code, child.legacy_id)
          IS DISTINCT FROM
          (EXCLUDED.given_name, EXCLUDED.family_name, EXCLUDED.sex, EXCLUDED.birth_date, EXCLUDED.birthplace_code,
           EXCLUDED.address, EXCLUDED.postal_code, EXCLUDED.residence_code, EXCLUDED.legacy_id)
       OR child.household_id IS NULL
    RETURNING (xmax = 0) AS created
) {_COUNTED}
"""


class Written(NamedTuple):
    """How many rows a statement made and changed."""

    created: int
    updated: int


def write_payers(cursor: Any, values: dict[str, object]) -> Written:
    """The adults who pay. Any: psycopg's cursor behind Django's wrapper."""
    cursor.execute(_PAYERS, values)
    written = Written(*cursor.fetchone())
    cursor.execute("ANALYZE families_adult")
    return written


def write_children(cursor: Any, values: dict[str, object]) -> Written:
    """The children with their households; the payers must be there."""
    cursor.execute("DROP TABLE IF EXISTS pg_temp.roster_household")
    cursor.execute(_CHOOSE_HOUSEHOLDS, values)
    cursor.execute(_FOUND_HOUSEHOLDS)
    cursor.execute("ANALYZE roster_household, families_household")
    cursor.execute(_NAME_HOUSEHOLDS)
    cursor.execute(_CHILDREN, values)
    written = Written(*cursor.fetchone())
    cursor.execute("ANALYZE families_child")
    return written
