"""What was changed or used since a load was committed: undoing it would throw somebody's work away."""

# ruff: noqa: S608 -- only names of our own tables and columns are put into the statements

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from django.db import connection

from onboarding.commit.images import columns_of, mark_of, model_of
from onboarding.models import RosterLoad, WrittenRows

type Why = Literal["changed", "gone", "used", "structure"]

SHOWN: Final = 50
# Rows of the ledger build on one another through their account; a load's own entries are in its own list.
_KEPT: Final = """
SELECT unnest(row_ids) AS id, unnest(marks) AS mark FROM onboarding_writtenrows
WHERE load_id = %(load)s AND "table" = %(table)s
"""
_MADE: Final = """
SELECT unnest(row_ids) AS id FROM onboarding_writtenrows WHERE load_id = %(load)s AND "table" = %(table)s AND was_made
"""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A row that undo may not touch. `table` and `row_id` name the row of the load; `by` the table that uses it."""

    why: Why
    table: str
    row_id: int
    by: str = ""


def obstacles_to_undo(load: RosterLoad, *, most: int = SHOWN) -> tuple[int, list[Obstacle]]:
    """How many there are, and the first of them."""
    count = 0
    found: list[Obstacle] = []
    for obstacle in _all(load):
        count += 1
        if len(found) < most:
            found.append(obstacle)
    return count, found


def _all(load: RosterLoad) -> Iterator[Obstacle]:
    made: dict[str, bool] = {}
    pieces = WrittenRows.objects.filter(load=load).order_by("table").distinct("table")
    for table, columns in pieces.values_list("table", "columns"):
        if not set(columns) <= set(columns_of(table)):
            yield Obstacle("structure", table, 0)
            continue
        yield from _changed(load, table, columns)
        made[table] = True
    for table in made:
        yield from _used(load, table)


def _changed(load: RosterLoad, table: str, columns: list[str]) -> Iterator[Obstacle]:
    rows = _rows(
        f"SELECT kept.id, now.id IS NULL FROM ({_KEPT}) kept LEFT JOIN {table} now ON now.id = kept.id"
        f" WHERE now.id IS NULL OR {mark_of('now', columns)} <> kept.mark ORDER BY kept.id",
        {"load": load.pk, "table": table},
    )
    for row_id, gone in rows:
        yield Obstacle("gone" if gone else "changed", table, row_id)


def _used(load: RosterLoad, table: str) -> Iterator[Obstacle]:
    """Rows of others that point at what the load made; those that it changed itself will point elsewhere again."""
    for other, column in _pointing_at(table):
        rows = _rows(
            f"SELECT DISTINCT user_row.{column} FROM {other} user_row"
            f" JOIN ({_MADE}) made ON made.id = user_row.{column}"
            f" WHERE user_row.id NOT IN (SELECT unnest(row_ids) FROM onboarding_writtenrows"
            f'   WHERE load_id = %(load)s AND "table" = %(other)s) ORDER BY 1',
            {"load": load.pk, "table": table, "other": other},
        )
        for (row_id,) in rows:
            yield Obstacle("used", table, row_id, other)


def _pointing_at(table: str) -> Iterator[tuple[str, str]]:
    """Tables and columns whose foreign keys name rows of a table."""
    for relation in model_of(table)._meta.related_objects:
        field = relation.field
        if field.concrete and not relation.many_to_many:
            yield field.model._meta.db_table, field.column


def _rows(statement: str, values: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows: list[Any] = cursor.fetchall()
    return rows
