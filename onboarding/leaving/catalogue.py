"""What tables a schema has, as the database itself says: nothing that somebody adds tomorrow is forgotten."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from onboarding.leaving.withheld import COLUMNS, is_withheld

NUMERIC: Final = frozenset({"int2", "int4", "int8", "numeric", "float4", "float8", "bool"})
WORDS: Final = frozenset({"text", "varchar", "bpchar"})
_TABLES: Final = """
SELECT c.relname, a.attname, t.typname, a.attnotnull, a.attidentity,
       CASE WHEN a.atttypmod > 4 AND t.typname = 'varchar' THEN a.atttypmod - 4 END
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
JOIN pg_type t ON t.oid = a.atttypid
WHERE n.nspname = %s AND c.relkind IN ('r', 'p')
ORDER BY c.relname, a.attnum"""
_KEYS: Final = """
SELECT c.relname, k.contype, f.relname,
       (SELECT array_agg(a.attname::text ORDER BY u.place) FROM unnest(k.conkey) WITH ORDINALITY u(num, place)
        JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.num),
       (SELECT array_agg(a.attname::text ORDER BY u.place) FROM unnest(k.confkey) WITH ORDINALITY u(num, place)
        JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.num)
FROM pg_constraint k
JOIN pg_class c ON c.oid = k.conrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_class f ON f.oid = k.confrelid
WHERE n.nspname = %s AND k.contype IN ('p', 'f')
ORDER BY c.relname, k.conname"""
_SEQUENCES: Final = "SELECT sequencename FROM pg_sequences WHERE schemaname = %s ORDER BY sequencename"


@dataclass(frozen=True, slots=True)
class Column:
    """A stored column. `kind` is PostgreSQL's short name of its type."""

    name: str
    kind: str
    required: bool
    most_characters: int | None

    @property
    def is_text(self) -> bool:
        """Whether its values could begin like a formula."""
        return self.kind not in NUMERIC


@dataclass(frozen=True, slots=True)
class Reference:
    """A foreign key within the schema."""

    columns: tuple[str, ...]
    table: str
    target: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the schema, with its keys. One of `public` names its schema, and the keys of the rows that count."""

    name: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...]
    references: tuple[Reference, ...]
    schema: str = ""
    keys: tuple[int, ...] = ()

    @property
    def column_names(self) -> list[str]:
        return [column.name for column in self.columns]

    @property
    def texts(self) -> list[bool]:
        """Of each column, whether it is text."""
        return [column.is_text for column in self.columns]

    def select(self) -> str:
        """The rows as text in the order of the key: the same rows always give the same lines.

        Names come from the database's own catalogue.
        """
        values = ", ".join(_as_text(self.name, column) for column in self.columns)
        words = {column.name for column in self.columns if column.kind in WORDS}
        order = ", ".join(
            f'"{name}" COLLATE "C"' if name in words else f'"{name}"' for name in self.primary_key or self.column_names
        )
        where = " WHERE false" if is_withheld(self.name) else ""
        return f"SELECT {values} FROM {self.held()}{where} ORDER BY {order}"  # noqa: S608 names come from the catalogue

    def held(self) -> str:
        """What stands after FROM: the table; one of `public` with the rows that count."""
        if not self.schema:
            return f'"{self.name}"'
        (key,) = self.primary_key
        wanted = f'"{key}" IN ({", ".join(str(int(one)) for one in self.keys)})' if self.keys else "false"
        return f'"{self.schema}"."{self.name}" WHERE {wanted}'


def _as_text(table: str, column: Column) -> str:
    instead = COLUMNS.get((table, column.name))
    if instead is not None:
        return instead.sql
    if column.kind == "timestamptz":
        return f"""to_char("{column.name}", 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
    return f'"{column.name}"::text'


def tables_of(cursor: Any, schema: str) -> list[Table]:  # a connection of psycopg, or a cursor behind Django's
    """Every table of the schema, by name."""
    columns: dict[str, list[Column]] = {}
    for table, name, kind, required, _identity, most in _rows(cursor, _TABLES, schema):
        columns.setdefault(table, []).append(Column(name, kind, required, most))
    primary: dict[str, tuple[str, ...]] = {}
    references: dict[str, list[Reference]] = {}
    for table, kind, target, own, other in _rows(cursor, _KEYS, schema):
        if kind == "p":
            primary[table] = tuple(own)
        else:
            references.setdefault(table, []).append(Reference(tuple(own), target, tuple(other)))
    return [
        Table(name, tuple(held), primary.get(name, ()), tuple(references.get(name, ())))
        for name, held in columns.items()
    ]


def counters_of(cursor: Any, schema: str) -> dict[str, tuple[int, bool]]:  # as above
    """Of each sequence: its last value, and whether that was given out."""
    names = [name for (name,) in _rows(cursor, _SEQUENCES, schema)]
    found: dict[str, tuple[int, bool]] = {}
    for name in names:
        ((last, called),) = _rows(cursor, f'SELECT last_value, is_called FROM "{schema}"."{name}"', None)  # noqa: S608 names come from the catalogue
        found[name] = (int(last), bool(called))
    return found


def _rows(cursor: Any, statement: str, schema: str | None) -> Sequence[Any]:  # as above
    done = cursor.execute(statement, None if schema is None else [schema])
    rows: Sequence[Any] = (cursor if done is None else done).fetchall()
    return rows
