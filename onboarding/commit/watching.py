"""What a use case of a room makes and changes, noted for the undo without the use case knowing of it."""

# ruff: noqa: S608 -- only names of our own tables and columns are put into the statements

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from onboarding.commit.images import changed, note_made

_BEGIN = (
    "DROP TABLE IF EXISTS pg_temp.roster_watched",
    "CREATE TEMPORARY TABLE roster_watched (id bigint, image jsonb) ON COMMIT DROP",
)


@contextmanager
def watched(cursor: Any, table: str, *, column: str, keys: Collection[int]) -> Iterator[None]:
    """Rows of a table whose column is one of the keys: held until the end, compared after with what they were.

    Any: psycopg's cursor behind Django's wrapper.
    """
    values = {"keys": list(keys)}
    for statement in _BEGIN:
        cursor.execute(statement)
    cursor.execute(
        f"WITH held AS (SELECT * FROM {table} WHERE {column} = ANY(%(keys)s) FOR UPDATE)"
        f" INSERT INTO roster_watched SELECT held.id, to_jsonb(held) FROM held",
        values,
    )
    yield
    note_made(
        cursor,
        table,
        f"SELECT held.id FROM {table} held WHERE held.{column} = ANY(%(keys)s)"
        f" AND held.id NOT IN (SELECT id FROM roster_watched)",
        values,
    )
    # The use case has written already: this writes each row once more as it is, to note it with its image of before.
    changed(
        cursor,
        table,
        chosen=f"SELECT held.id, before.image FROM {table} held JOIN roster_watched before ON before.id = held.id"
        f" WHERE to_jsonb(held) IS DISTINCT FROM before.image",
        update=f"UPDATE {table} held SET {column} = held.{column} FROM differing WHERE held.id = differing.id",
        values=values,
    )
