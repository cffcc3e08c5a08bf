"""Payers, households and children of a load. A child is known by its fiscal code, a payer by theirs.

What the file does not say stays as it is known. The keys of what was just written are analysed at once: without
statistics the next statement would be planned for empty tables.
"""

# ruff: noqa: S608 -- only names of our own tables and columns are put into the statements

from typing import Any, Final, NamedTuple

from onboarding.commit.images import changed, made

ADULTS, CHILDREN, HOUSEHOLDS = "families_adult", "families_child", "families_household"
_PERSON: Final = (
    ("given_name", "given_name"),
    ("family_name", "family_name"),
    ("sex", "sex"),
    ("birth_date", "birth_date"),
    ("birthplace_code", "birthplace"),
)
_MAY_BE_NULL: Final = frozenset({"birth_date", "household_id"})
_HOME: Final = ("address", "postal_code", "residence_code")


def _said(who: str) -> dict[str, str]:
    """Columns of a person -> what the row says of it."""
    return {column: f"staged.{who}_{name}" for column, name in _PERSON} | {name: f"staged.{name}" for name in _HOME}


def _differs(said: dict[str, str]) -> str:
    """Whether the row says another thing; what it does not say differs from nothing."""
    return " OR ".join(
        f"({value} IS NOT NULL AND held.{column} IS DISTINCT FROM {value})" for column, value in said.items()
    )


def _chosen(table: str, key: str, rows: str, said: dict[str, str], differs: str) -> str:
    values = ", ".join(f"coalesce({value}, held.{column}) AS new_{column}" for column, value in said.items())
    return (
        f"SELECT held.id, to_jsonb(held) AS image, {values} FROM {table} held"
        f" JOIN {rows} staged ON held.fiscal_code = staged.{key} WHERE {differs} FOR UPDATE OF held"
    )


def _update(table: str, said: dict[str, str]) -> str:
    changes = ", ".join(f"{column} = differing.new_{column}" for column in said)
    return f"UPDATE {table} held SET {changes} FROM differing WHERE held.id = differing.id"


def _insert(table: str, key: str, rows: str, said: dict[str, str]) -> str:
    values = ", ".join(value if column in _MAY_BE_NULL else f"coalesce({value}, '')" for column, value in said.items())
    return (
        f"INSERT INTO {table} (public_id, fiscal_code, {', '.join(said)})"
        f" SELECT gen_random_uuid(), staged.{key}, {values} FROM {rows} staged"
        f" WHERE NOT EXISTS (SELECT FROM {table} known WHERE known.fiscal_code = staged.{key})"
        f" ORDER BY staged.line ON CONFLICT (fiscal_code) DO NOTHING"
    )


_PAYER_ROWS: Final = """(
    SELECT DISTINCT ON (payer_fiscal_code) * FROM roster_row
    WHERE payer_fiscal_code IS NOT NULL AND payer_family_name IS NOT NULL ORDER BY payer_fiscal_code, line
)"""
# E-mail and telephone of the file fill a gap, no more: what a person gave to the desk is newer.
_GAPS: Final = {"email": "staged.email", "phone": "staged.phone"}
_FILLED: Final = {column: f"CASE WHEN held.{column} = '' THEN {value} END" for column, value in _GAPS.items()}
_PAYER: Final = _said("payer")
_CHILD: Final = _said("child") | {"legacy_id": "staged.legacy_id"}
_CHILD_ROWS: Final = """(
    SELECT roster_row.*, chosen.household_id FROM roster_row
    LEFT JOIN roster_household chosen ON chosen.fiscal_code = roster_row.payer_fiscal_code
)"""
_HOUSEHOLD: Final = {"household_id": "staged.household_id"}
_CHILD_HOME: Final = "CASE WHEN held.household_id IS NULL THEN staged.household_id END"

# Children of one payer are one household: that of the children the payer already has, else a new one.
_CHOOSE_HOUSEHOLDS: Final = """
CREATE TEMPORARY TABLE roster_household ON COMMIT DROP AS
SELECT adult.id AS payer_id, adult.fiscal_code,
       (SELECT min(child.household_id) FROM families_payerassignment paid
        JOIN families_child child ON child.id = paid.child_id
        WHERE paid.adult_id = adult.id AND paid.valid_during @> %(effective)s::date) AS household_id,
       gen_random_uuid() AS public_id
FROM families_adult adult
WHERE adult.fiscal_code IN (
    SELECT staged.payer_fiscal_code FROM roster_row staged WHERE NOT EXISTS (
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


class Written(NamedTuple):
    """How many rows a statement made and changed."""

    created: int
    updated: int


def write_payers(cursor: Any, values: dict[str, object]) -> Written:
    """The adults who pay. Any: psycopg's cursor behind Django's wrapper."""
    said = _PAYER | _FILLED
    chosen = _chosen(ADULTS, "payer_fiscal_code", _PAYER_ROWS, said, _differs(said))
    updated = changed(cursor, ADULTS, chosen=chosen, update=_update(ADULTS, said), values=values)
    created = made(cursor, ADULTS, _insert(ADULTS, "payer_fiscal_code", _PAYER_ROWS, _PAYER | _GAPS), values)
    cursor.execute("ANALYZE families_adult (id, fiscal_code)")
    return Written(created, updated)


def write_children(cursor: Any, values: dict[str, object]) -> Written:
    """The children with their households; the payers must be there."""
    cursor.execute("DROP TABLE IF EXISTS pg_temp.roster_household")
    cursor.execute(_CHOOSE_HOUSEHOLDS, values)
    made(cursor, HOUSEHOLDS, _FOUND_HOUSEHOLDS, values)
    cursor.execute("ANALYZE roster_household, families_household")
    cursor.execute(_NAME_HOUSEHOLDS)
    said = _CHILD | {"household_id": _CHILD_HOME}
    chosen = _chosen(CHILDREN, "child_fiscal_code", _CHILD_ROWS, said, _differs(said))
    updated = changed(cursor, CHILDREN, chosen=chosen, update=_update(CHILDREN, said), values=values)
    created = made(cursor, CHILDREN, _insert(CHILDREN, "child_fiscal_code", _CHILD_ROWS, _CHILD | _HOUSEHOLD), values)
    cursor.execute("ANALYZE families_child (id, fiscal_code, household_id)")
    return Written(created, updated)
