"""Everything PostgreSQL knows of a schema, as comparable lines: the name of the schema is written S.

PostgreSQL writes `x IN ('a', 'b')` back with other casts and brackets once it has read its own text; both mean the
same, so casts and brackets are left out of the comparison of expressions.
"""

import re
from typing import Final

from django.db import connection

IN_SCHEMA: Final = "JOIN pg_namespace n ON n.oid = {alias}.relnamespace AND n.nspname = %s"
QUERIES: Final = {
    "tables": f"SELECT c.relname, c.relkind, c.relpersistence FROM pg_class c {IN_SCHEMA.format(alias='c')}",
    "columns": (
        "SELECT c.relname, a.attname, row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum),"
        " format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,"
        " a.attgenerated, pg_get_expr(d.adbin, d.adrelid), a.attcollation::regcollation::text"
        f" FROM pg_class c {IN_SCHEMA.format(alias='c')} JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0"
        " AND NOT a.attisdropped LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum"
        " WHERE c.relkind IN ('r', 'v', 'm')"
    ),
    "indexes": (
        "SELECT c.relname, pg_get_indexdef(i.indexrelid), i.indisunique, i.indisprimary, i.indisvalid"
        f" FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid {IN_SCHEMA.format(alias='c')}"
    ),
    "constraints": (
        "SELECT c.relname, o.conname, o.contype, o.condeferrable, o.condeferred, o.convalidated,"
        " pg_get_constraintdef(o.oid) FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid"
        f" {IN_SCHEMA.format(alias='c')}"
    ),
    "triggers": (
        "SELECT c.relname, t.tgname, t.tgenabled, pg_get_triggerdef(t.oid) FROM pg_trigger t"
        f" JOIN pg_class c ON c.oid = t.tgrelid {IN_SCHEMA.format(alias='c')} WHERE NOT t.tgisinternal"
    ),
    "functions": (
        "SELECT p.proname, pg_get_functiondef(p.oid), p.proconfig::text FROM pg_proc p"
        " JOIN pg_namespace n ON n.oid = p.pronamespace AND n.nspname = %s"
    ),
    "sequences": (
        "SELECT c.relname, s.seqtypid::regtype::text, s.seqstart, s.seqincrement, s.seqcycle,"
        " d.refobjid::regclass::text, a.attname, d.deptype FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid"
        f" {IN_SCHEMA.format(alias='c')} LEFT JOIN pg_depend d ON d.objid = c.oid AND d.deptype IN ('a', 'i')"
        " AND d.refobjsubid > 0 LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid"
    ),
    "comments": (
        "SELECT c.relname, o.objsubid, o.description FROM pg_description o JOIN pg_class c ON c.oid = o.objoid"
        f" {IN_SCHEMA.format(alias='c')}"
    ),
}


def catalogue(schema: str) -> dict[str, list[str]]:
    """Kind of object -> its sorted lines."""
    return {kind: _lines(sql, schema) for kind, sql in QUERIES.items()}


def _lines(sql: str, schema: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL search_path = pg_catalog")
        cursor.execute(sql, [schema])
        rows = cursor.fetchall()
    connection.search_path_set_schemas = None
    return sorted(re.sub(rf"\b{schema}\b", "S", _without_casts(repr(row))) for row in rows)


def _without_casts(definition: str) -> str:
    if "ANY" not in definition:
        return definition
    return re.sub(r"::(character varying|text)(\[\])?|[()]", "", definition)
