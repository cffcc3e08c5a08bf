"""What a commit makes and changes, kept so that it can be undone: keys and marks of rows, images of those before.

A statement that writes says what it wrote by RETURNING; nothing is guessed from ids or times.
"""

# ruff: noqa: S608 -- only names of our own tables and columns are put into the statements

from typing import Any, Final

from django.apps import apps

PIECE: Final = 2_000
BEGIN: Final = (
    "DROP TABLE IF EXISTS pg_temp.roster_touched",
    "DROP TABLE IF EXISTS pg_temp.roster_before",
    "CREATE TEMPORARY TABLE roster_touched (table_name text, id bigint, made boolean) ON COMMIT DROP",
    "CREATE TEMPORARY TABLE roster_before (table_name text, id bigint, image jsonb) ON COMMIT DROP",
)
_KEEP_IMAGES: Final = """
INSERT INTO onboarding_beforeimage (load_id, "table", row_id, image)
SELECT %(load)s, before.table_name, before.id, before.image FROM roster_before before
"""


def begin_images(cursor: Any) -> None:
    """Empty lists of what this transaction touches. Any: psycopg's cursor behind Django's wrapper."""
    for statement in BEGIN:
        cursor.execute(statement)


def made(cursor: Any, table: str, insert: str, values: dict[str, Any]) -> int:
    """Run an INSERT into a table and note its rows; returns how many."""
    cursor.execute(
        f"WITH written AS ({insert} RETURNING id)"
        f" INSERT INTO roster_touched (table_name, id, made) SELECT '{table}', id, true FROM written",
        values,
    )
    return int(cursor.rowcount)


def changed(cursor: Any, table: str, *, chosen: str, update: str, values: dict[str, Any]) -> int:
    """Change rows of a table and note them with what they were; returns how many.

    `chosen` selects `held.id`, the row as `image`, and what `update` needs, as the relation `differing`; `update` is an
    UPDATE of `held` from it.
    """
    cursor.execute(
        f"WITH differing AS ({chosen}),"
        f" kept AS (INSERT INTO roster_before (table_name, id, image)"
        f"   SELECT '{table}', differing.id, differing.image FROM differing WHERE NOT EXISTS ("
        f"     SELECT FROM roster_touched known WHERE known.table_name = '{table}' AND known.id = differing.id)),"
        f" written AS ({update} RETURNING held.id)"
        f" INSERT INTO roster_touched (table_name, id, made) SELECT '{table}', written.id, false FROM written"
        f" WHERE NOT EXISTS (SELECT FROM roster_touched known"
        f"   WHERE known.table_name = '{table}' AND known.id = written.id)",
        values,
    )
    return int(cursor.rowcount)


def note_made(cursor: Any, table: str, select: str, values: dict[str, Any]) -> None:
    """Note rows of a table that another room's use case made, by a SELECT of their ids."""
    cursor.execute(
        f"INSERT INTO roster_touched (table_name, id, made) SELECT '{table}', id, true FROM ({select}) found", values
    )


def keep_images(cursor: Any, load: int) -> None:
    """Write down for the load what was touched, each row with a mark of how it stands now."""
    cursor.execute("SELECT table_name FROM roster_touched GROUP BY table_name ORDER BY table_name")
    for (table,) in cursor.fetchall():
        cursor.execute(_kept(table), {"load": load, "table": table, "columns": columns_of(table)})
    cursor.execute(_KEEP_IMAGES, {"load": load})


def columns_of(table: str) -> list[str]:
    """The columns of a table as the code knows them now, in order."""
    return [field.column for field in model_of(table)._meta.concrete_fields]


def model_of(table: str) -> Any:
    """The model of a table. Any: models have no common typed face."""
    return next(model for model in apps.get_models() if model._meta.db_table == table)


def mark_of(alias: str, columns: list[str]) -> str:
    """The expression whose value changes when the row does."""
    names = ", ".join(f'{alias}."{column}"' for column in columns)
    return f"hash_record_extended(ROW({names}), 0)"


def _kept(table: str) -> str:
    return f"""
    INSERT INTO onboarding_writtenrows (load_id, "table", was_made, columns, row_ids, marks)
    SELECT %(load)s, %(table)s, made, %(columns)s::varchar[], array_agg(id ORDER BY id), array_agg(mark ORDER BY id)
    FROM (
        SELECT touched.id, touched.made, {mark_of("now", columns_of(table))} AS mark,
               (row_number() OVER (PARTITION BY touched.made ORDER BY touched.id) - 1) / {PIECE} AS piece
        FROM roster_touched touched JOIN {table} now ON now.id = touched.id
        WHERE touched.table_name = %(table)s
    ) marked
    GROUP BY made, piece ORDER BY made, piece
    """
