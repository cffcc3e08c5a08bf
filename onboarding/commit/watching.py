"""What a use case of a room makes and changes, noted for the undo without the use case knowing of it."""

# ruff: noqa: S608 -- only names of our own tables and columns are put into the statements

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

_GONE = "DROP TABLE IF EXISTS pg_temp.roster_watched"


@contextmanager
def watched(cursor: Any, table: str, *, column: str, keys: Collection[int]) -> Iterator[None]:
    """Rows of a table whose column is one of the keys: compared after with what they were, held until the end.

    Any: psycopg's cursor behind Django's wrapper.
    """
    values = {"keys": list(keys), "table": table}
    mine = f"{column} = ANY(%(keys)s)"
    cursor.execute(_GONE)
    cursor.execute("CREATE TEMPORARY TABLE roster_watched (id bigint, image jsonb) ON COMMIT DROP")
    cursor.execute(
        f"WITH held AS (SELECT * FROM {table} WHERE {mine} FOR UPDATE)"
        f" INSERT INTO roster_watched SELECT held.id, to_jsonb(held) FROM held",
        values,
    )
    yield
    cursor.execute(
        f"INSERT INTO roster_before (table_name, id, image)"
        f" SELECT %(table)s, before.id, before.image FROM roster_watched before"
        f" JOIN {table} held ON held.id = before.id WHERE to_jsonb(held) IS DISTINCT FROM before.image",
        values,
    )
    cursor.execute(
        f"INSERT INTO roster_touched (table_name, id, made)"
        f" SELECT %(table)s, held.id, before.id IS NULL FROM {table} held"
        f" LEFT JOIN roster_watched before ON before.id = held.id"
        f" WHERE held.{mine} AND (before.id IS NULL OR to_jsonb(held) IS DISTINCT FROM before.image)",
        values,
    )
