"""Tables to which rows are only added: a trigger refuses UPDATE, DELETE and TRUNCATE.

For migrations of any room: `operations = [append_only("audit_event")]`.
"""

from django.db.migrations import RunSQL

CREATE = """
CREATE FUNCTION {table}_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Rows of {table} are never changed nor deleted.' USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse_change();
"""
DROP = """
DROP TRIGGER {table}_append_only ON {table};
DROP FUNCTION {table}_refuse_change();
"""


def append_only(table: str) -> RunSQL:
    """A reversible operation that guards the table from now on."""
    return RunSQL(CREATE.format(table=table), DROP.format(table=table))
