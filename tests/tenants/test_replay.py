"""A schema made by replay equals one made by the migrations, object by object."""

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from tenants.blueprint import code_lines
from tenants.current import in_schema
from tenants.fingerprint import fingerprint_of_code, fingerprints
from tenants.migrating import migrate_schema
from tenants.provisioning import SchemaExists, create_schema
from tests.tenants.catalogue import catalogue

KINDS = ("tables", "columns", "indexes", "constraints", "triggers", "functions", "sequences", "comments")


def test_a_replayed_schema_equals_a_migrated_one(db: None) -> None:
    migrate_schema("c_migrated")
    create_schema(schema="c_replayed")
    migrated, replayed = catalogue("c_migrated"), catalogue("c_replayed")
    for kind in KINDS:
        assert replayed[kind] == migrated[kind], kind
    assert len(migrated["tables"]) > 100
    assert migrated["triggers"]
    assert migrated["functions"]


def test_a_replayed_schema_has_the_rows_of_the_template_and_counts_on_from_there(db: None) -> None:
    create_schema(schema="c_replayed")
    with in_schema(settings.TEMPLATE_SCHEMA):
        expected = _seed_rows()
    with in_schema("c_replayed"):
        assert _seed_rows() == expected
        newest = ContentType.objects.create(app_label="prova", model="prova")
        assert newest.pk == len(expected["content types"]) + 1
    assert fingerprints(["c_replayed"]) == {"c_replayed": fingerprint_of_code()}


def test_the_three_comuni_are_at_this_code(db: None) -> None:
    schemas = ["public", settings.TEMPLATE_SCHEMA, settings.CENTRAL_SCHEMA, "c_a662", "c_a893", "c_l109"]
    assert fingerprints(schemas) == dict.fromkeys(schemas, fingerprint_of_code())


@pytest.mark.parametrize("schema", ["c_a662", "public", "extensions", "modello_comune"])
def test_a_schema_that_is_there_is_not_made_again(db: None, schema: str) -> None:
    with pytest.raises(SchemaExists):
        create_schema(schema=schema)


def test_a_failed_replay_leaves_nothing(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tenants.blueprint.Blueprint.rows_for", lambda *_: "SELECT 1/0")
    with pytest.raises(Exception, match="division by zero"):
        create_schema(schema="c_halfway")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname = 'c_halfway'")
        assert cursor.fetchone() == (0,)


def test_the_text_keeps_functions_whole_and_drops_what_is_for_psql() -> None:
    dump = """\\restrict qwerty
-- a comment
SET statement_timeout = 0;
SELECT pg_catalog.set_config('search_path', '', false);
CREATE FUNCTION modello_comune.f() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'modello_comune'
    AS $body$
BEGIN
SET LOCAL work_mem = '1MB';
-- a comment inside, with an apostrophe: l'ora

\\not for psql
END $body$;
COMMENT ON TABLE modello_comune.t IS 'first line

SET is a word here';
\\unrestrict qwerty"""
    kept = list(code_lines(dump.splitlines()))
    assert kept[0].startswith("CREATE FUNCTION")
    assert "SET LOCAL work_mem = '1MB';" in kept
    assert "-- a comment inside, with an apostrophe: l'ora" in kept
    assert "SET is a word here';" in kept
    assert not any(line.startswith(("\\restrict", "\\unrestrict", "SET statement_timeout")) for line in kept)


def _seed_rows() -> dict[str, list[object]]:
    return {
        "migrations": list(MigrationRecorder.Migration.objects.order_by("id").values_list("app", "name")),
        "content types": list(ContentType.objects.order_by("id").values_list("id", "app_label", "model")),
        "permissions": list(Permission.objects.order_by("id").values_list("id", "codename", "content_type_id")),
    }
