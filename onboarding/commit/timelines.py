"""Facts that hold in a period, one at a time for each child: class, payer, diet.

The same fact stays as it is. Another fact takes its place from the effective day: the old period is closed there,
or, when it began that very day, corrected. A child without any gets it for the whole school year.
"""

# ruff: noqa: S608 -- only names of our own tables and columns are put into the statements

from dataclasses import dataclass
from typing import Any, Final

from onboarding.commit.images import changed, made
from onboarding.commit.scattering import scattered


@dataclass(frozen=True, slots=True)
class Timeline:
    """A table with child_id and valid_during. `columns` are its values, named alike in `roster_incoming`."""

    table: str
    columns: tuple[str, ...]
    open_ended: bool = False
    where: str = "true"


PLACEMENTS: Final = Timeline("families_pupil", ("section_id",), where="incoming.section_id IS NOT NULL")
PAYERS: Final = Timeline(
    "families_payerassignment", ("adult_id",), open_ended=True, where="incoming.adult_id IS NOT NULL"
)
DIETS: Final = Timeline("canteen_specialdiet", ("kind", "code"), where="incoming.code <> ''")


def write_timeline(cursor: Any, timeline: Timeline, values: dict[str, object]) -> tuple[int, int]:
    """(children who had none, children for whom it changed). Any: psycopg's cursor behind Django's wrapper."""
    corrected = _change(cursor, timeline, "=", _corrections(timeline), values)
    closed = _change(cursor, timeline, "<", "valid_during = daterange(lower(held.valid_during), %(effective)s)", values)
    added = made(cursor, timeline.table, _add(timeline), values)
    cursor.execute(f"ANALYZE {timeline.table}")
    return added - closed, closed + corrected


def _differs(timeline: Timeline) -> str:
    held = ", ".join(f"held.{column}" for column in timeline.columns)
    new = ", ".join(f"incoming.{column}" for column in timeline.columns)
    return (
        f"held.child_id = incoming.child_id AND held.valid_during @> %(effective)s::date"
        f" AND ROW({held}) IS DISTINCT FROM ROW({new}) AND {timeline.where}"
    )


def _corrections(timeline: Timeline) -> str:
    return ", ".join(f"{column} = differing.new_{column}" for column in timeline.columns)


def _change(cursor: Any, timeline: Timeline, began: str, changes: str, values: dict[str, object]) -> int:
    """Change what holds on the effective day and says another thing: `began` tells it from what began that very day."""
    new = ", ".join(f"incoming.{column} AS new_{column}" for column in timeline.columns)
    return changed(
        cursor,
        timeline.table,
        chosen=f"SELECT held.id, to_jsonb(held) AS image, {new} FROM {timeline.table} held, roster_incoming incoming"
        f" WHERE {_differs(timeline)} AND lower(held.valid_during) {began} %(effective)s FOR UPDATE OF held",
        update=f"UPDATE {timeline.table} held SET {changes} FROM differing WHERE held.id = differing.id",
        values=values,
    )


def _add(timeline: Timeline) -> str:
    end = "NULL" if timeline.open_ended else "%(end)s"
    names = ", ".join(timeline.columns)
    chosen = ", ".join(f"incoming.{column}" for column in timeline.columns)
    return f"""
    INSERT INTO {timeline.table} (child_id, {names}, valid_during)
    SELECT incoming.child_id, {chosen},
           daterange(CASE WHEN held.child_id IS NULL THEN %(first)s ELSE %(effective)s END::date, {end})
    FROM roster_incoming incoming
    LEFT JOIN (
        SELECT child_id, max(upper(valid_during)) AS until, bool_or(upper_inf(valid_during)) AS endless
        FROM {timeline.table} WHERE valid_during && daterange(%(first)s, {end}) GROUP BY child_id
    ) held ON held.child_id = incoming.child_id
    WHERE {timeline.where} AND (held.child_id IS NULL OR (NOT held.endless AND held.until <= %(effective)s))
    ORDER BY {scattered("incoming.child_id")}
    """
