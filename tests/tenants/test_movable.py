"""Each schema can be moved to another node as it is: the rules of schema-based sharding."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models

from tests.architecture.source import modules, place, tree

BANNED_SQL = {
    "table inheritance": r"\binherits\s*\(",
    "partitions, which need a schema of their own": r"\bpartition\s+of\b",
    "foreign tables": r"\bforeign\s+table\b|\bcreate\s+server\b",
    "tables that change schema": r"\bset\s+schema\b",
    "typed tables": r"create\s+table\s+\S+\s+of\b",
    "schemas": r"\b(create|drop)\s+schema\b",
    "extensions, which live in their own schema": r"\bcreate\s+extension\b",
    "materialized views, which stay on the coordinator": r"\bmaterialized\s+view\b",
    "names of schemas": r"\b(public|modello_comune|centrale|c_[a-z]\d{3})\.",
}
BANNED_OPERATIONS = re.compile(r"(Create|BtreeGist|BtreeGin|Trigram|Unaccent|CITText|HStore|Crypto|Bloom)\w*Extension")


def faults(file: Path, root: ast.AST) -> Iterator[str]:
    """What a migration says that would tie its schema to this node."""
    for node in ast.walk(root):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = re.sub(r"--.*", "", node.value)
            for what, pattern in BANNED_SQL.items():
                if re.search(pattern, text, re.IGNORECASE):
                    yield f"{place(file, node)}: no {what}"
        if isinstance(node, ast.Attribute | ast.Name):
            name = node.attr if isinstance(node, ast.Attribute) else node.id
            if BANNED_OPERATIONS.fullmatch(name):
                yield f"{place(file, node)}: no {name}: tenants.migrating lays the extensions"


def test_the_migrations_keep_schemas_movable() -> None:
    found = [file for file in modules() if "migrations" in file.parts]
    assert len(found) > 10
    assert [fault for file in found for fault in faults(file, tree(file))] == []


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TABLE a (x int) INHERITS (b)",
        "CREATE TABLE a PARTITION OF b FOR VALUES IN (1)",
        "ALTER TABLE a SET SCHEMA other",
        "CREATE EXTENSION btree_gist",
        "SELECT * FROM public.tenants_domain",
        "CREATE MATERIALIZED VIEW v AS SELECT 1",
        "CREATE FOREIGN TABLE t (x int) SERVER s",
    ],
)
def test_each_rule_is_heard(sql: str) -> None:
    assert list(faults(modules()[0], ast.parse(f"RunSQL({sql!r})"))) != []


def test_no_model_inherits_its_table() -> None:
    heirs = [model._meta.label for model in apps.get_models() if model._meta.parents]
    assert heirs == []


def test_keys_between_rooms_stay_on_their_side() -> None:
    """From a Comune to `public` no key, and none from `public` to a Comune."""
    crossing = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and _is_shared(model) != _is_shared(field.related_model)
    ]
    assert crossing == []


def _is_shared(model: type[models.Model]) -> bool:
    return apps.get_app_config(model._meta.app_label).name in settings.SHARED_APPS


def test_every_table_has_a_primary_key(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'c_a662' AND c.relkind IN ('r', 'p') AND NOT EXISTS"
            " (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary)"
        )
        assert cursor.fetchall() == []


def test_extensions_live_apart(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace"
            " WHERE n.nspname <> 'extensions' AND extname <> 'plpgsql'"
        )
        assert cursor.fetchall() == []
