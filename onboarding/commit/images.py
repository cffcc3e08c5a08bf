"""What a commit makes and changes, kept so that it can be undone: keys and marks of rows, images of those before.

A statement that writes says what it wrote, and how it left it, by RETURNING; nothing is guessed from ids or times, and
no row is read again but those of other rooms' use cases and those that a commit touches twice.
"""

# ruff: noqa: S608 -- only names of our own tables and columns are put into the statements

from typing import Any, Final

from django.apps import apps

PIECE: Final = 2_000
BEGIN: Final = (
    "DROP TABLE IF EXISTS pg_temp.roster_piece, pg_temp.roster_later, pg_temp.roster_before",
    "CREATE TEMPORARY TABLE roster_piece (table_name text, made boolean, row_ids bigint[], marks bigint[])"
    " ON COMMIT DROP",
    # Marks are noise: trying to compress them costs more than writing them.
    "ALTER TABLE roster_piece ALTER row_ids SET STORAGE EXTERNAL, ALTER marks SET STORAGE EXTERNAL",
    "CREATE TEMPORARY TABLE roster_later (table_name text, id bigint, made boolean) ON COMMIT DROP",
    "CREATE TEMPORARY TABLE roster_before (table_name text, id bigint, image jsonb) ON COMMIT DROP",
)
_KEEP_PIECES: Final = """
INSERT INTO onboarding_writtenrows (load_id, "table", was_made, columns, row_ids, marks)
SELECT %(load)s, piece.table_name, piece.made, %(columns)s::varchar[], piece.row_ids, piece.marks
FROM roster_piece piece WHERE piece.table_name = %(table)s
"""
_KEEP_IMAGES: Final = """
INSERT INTO onboarding_beforeimage (load_id, "table", row_id, image)
SELECT %(load)s, before.table_name, before.id, before.image FROM roster_before before
"""
# Rows of a table that the commit has touched already, by whichever way.
_KNOWN: Final = """
SELECT unnest(piece.row_ids) AS id, piece.made FROM roster_piece piece WHERE piece.table_name = '{table}'
UNION ALL SELECT later.id, later.made FROM roster_later later WHERE later.table_name = '{table}'
"""


def begin_images(cursor: Any) -> None:
    """Empty lists of what this transaction touches. Any: psycopg's cursor behind Django's wrapper."""
    for statement in BEGIN:
        cursor.execute(statement)


def made(cursor: Any, table: str, insert: str, values: dict[str, Any]) -> int:
    """Run an INSERT into a table and note its rows; returns how many.

    Whatever else the commit writes in them must go through `changed`.
    """
    mark = mark_of(table, columns_of(table))
    return _write(cursor, f"WITH written AS ({insert} RETURNING id, {mark} AS mark)", table, "true", values)


def changed(cursor: Any, table: str, *, chosen: str, update: str, values: dict[str, Any]) -> int:
    """Change rows of a table and note them with what they were; returns how many.

    `chosen` selects `held.id`, the row as `image`, and what `update` needs, as the relation `differing`; `update` is an
    UPDATE of `held` from it. Of a row touched before, the image is that of the first time, or none if it was made.
    """
    return _write(
        cursor,
        f"WITH differing AS ({chosen}), known AS ({_KNOWN.format(table=table)}),"
        f" kept AS (INSERT INTO roster_before (table_name, id, image)"
        f"   SELECT '{table}', differing.id, differing.image FROM differing"
        f"   WHERE NOT EXISTS (SELECT FROM known WHERE known.id = differing.id)),"
        f" changing AS ({update} RETURNING held.id, {mark_of('held', columns_of(table))} AS mark),"
        f" again AS (INSERT INTO roster_later (table_name, id, made)"
        f"   SELECT '{table}', known.id, known.made FROM known WHERE known.id IN (SELECT id FROM changing)),"
        f" written AS (SELECT * FROM changing WHERE NOT EXISTS (SELECT FROM known WHERE known.id = changing.id))",
        table,
        "false",
        values,
    )


def _write(cursor: Any, writing: str, table: str, is_new: str, values: dict[str, Any]) -> int:
    """Cut what `written` returned into pieces; ids come in the order of the statement."""
    cursor.execute(
        f"{writing}, noted AS ("
        f" INSERT INTO roster_piece (table_name, made, row_ids, marks)"
        f" SELECT '{table}', {is_new}, array_agg(id), array_agg(mark)"
        f" FROM (SELECT id, mark, (row_number() OVER () - 1) / {PIECE} AS piece FROM written) numbered GROUP BY piece"
        f" RETURNING cardinality(row_ids) AS rows) SELECT coalesce(sum(rows), 0) FROM noted",
        values,
    )
    return int(cursor.fetchone()[0])


def note_made(cursor: Any, table: str, select: str, values: dict[str, Any]) -> None:
    """Note rows of a table that another room's use case made, by a SELECT of their ids."""
    cursor.execute(
        f"INSERT INTO roster_later (table_name, id, made) SELECT '{table}', id, true FROM ({select}) found", values
    )


def keep_images(cursor: Any, load: int) -> None:
    """Write down for the load what was touched, each row with a mark of how it stands now."""
    cursor.execute("SELECT DISTINCT table_name FROM roster_later ORDER BY table_name")
    for (table,) in cursor.fetchall():
        cursor.execute(_marked_again(table))
    cursor.execute("SELECT DISTINCT table_name FROM roster_piece ORDER BY table_name")
    for (table,) in cursor.fetchall():
        cursor.execute(_KEEP_PIECES, {"load": load, "table": table, "columns": columns_of(table)})
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


def _marked_again(table: str) -> str:
    """Pieces of a table afresh, from its rows as they stand: some were noted by id, or touched after their mark."""
    return f"""
    WITH touched AS (
        SELECT unnest(piece.row_ids) AS id, piece.made FROM roster_piece piece WHERE piece.table_name = '{table}'
        UNION SELECT later.id, later.made FROM roster_later later WHERE later.table_name = '{table}'
    ), gone AS (DELETE FROM roster_piece piece WHERE piece.table_name = '{table}')
    INSERT INTO roster_piece (table_name, made, row_ids, marks)
    SELECT '{table}', made, array_agg(id), array_agg(mark)
    FROM (
        SELECT now.id, touched.made, {mark_of("now", columns_of(table))} AS mark,
               (row_number() OVER (PARTITION BY touched.made) - 1) / {PIECE} AS piece
        FROM touched JOIN {table} now ON now.id = touched.id
    ) marked
    GROUP BY made, piece
    """
